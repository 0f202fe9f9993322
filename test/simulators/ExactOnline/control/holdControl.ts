import type { ServerResponse } from 'node:http';

import type { HeldRequest, Hold } from '../../shared/holdPoints';

/** Waits until a request is held, `timeoutMs` is over, or the asking client has gone. */
export async function waitForHeld(
	hold: Hold,
	timeoutMs: number,
	response: ServerResponse,
): Promise<HeldRequest | undefined> {
	const oldest = hold.held[0];
	if (oldest) return oldest;
	const giveUp = new AbortController();
	const abort = (): void => giveUp.abort();
	const timer = setTimeout(abort, timeoutMs);
	response.once('close', abort);
	try {
		return await hold.waiting(giveUp.signal);
	} catch (error) {
		if (giveUp.signal.aborted) return undefined;
		throw error;
	} finally {
		clearTimeout(timer);
		response.off('close', abort);
	}
}
