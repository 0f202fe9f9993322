import type { ServerResponse } from 'node:http';

import type { HeldRequest, Hold } from '../../shared/holdPoints';

/** Waits until a request is held, the time is over, or the asking client has gone. */
export function waitForHeld(
	hold: Hold,
	timeoutMs: number,
	response: ServerResponse,
): Promise<HeldRequest | undefined> {
	const caught = hold.held[0];
	if (caught) return Promise.resolve(caught);
	return new Promise((resolve) => {
		const end = (held?: HeldRequest): void => {
			clearTimeout(timer);
			response.off('close', gone);
			resolve(held);
		};
		const gone = (): void => end();
		const timer = setTimeout(end, timeoutMs);
		response.once('close', gone);
		void hold.waiting().then(end);
	});
}
