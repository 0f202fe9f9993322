import { setTimeout as delay } from 'node:timers/promises';
import { isConnectorError, passOn } from '../../../shared/errors';

/** Pauses before a document is asked for again that DocuWare tells of and does not find yet, in milliseconds. */
const PAUSES_MS = [1_000, 2_000, 4_000];

/**
 * Reads a document of which DocuWare has told. No source says that it can be read by then, so one that is not found is asked
 * for again.
 *
 * @param signal ends the pauses
 * @throws ConnectorError DOCUWARE_NOT_FOUND where it is not found in the end, and as `read`
 */
export async function whenFound<T>(
	read: () => Promise<T>,
	signal: AbortSignal | undefined,
	pausesMs: readonly number[] = PAUSES_MS,
): Promise<T> {
	for (const pauseMs of pausesMs) {
		try {
			return await read();
		} catch (error) {
			if (!isConnectorError(error) || error.code !== 'DOCUWARE_NOT_FOUND') passOn(error);
		}
		await delay(pauseMs, undefined, { signal });
	}
	return await read();
}
