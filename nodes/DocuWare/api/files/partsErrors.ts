import { isConnectorError, type ConnectorError } from '../../../shared/errors';
import type { PartsProgress } from './partsProgress';
import type { FileToStore } from './storeOrder';
import { incomplete, withMore } from './uploadErrors';

/** Whether a part may have arrived, or not, after this error. */
export function isInDoubt({ code }: ConnectorError): boolean {
	return code === 'DOCUWARE_WRITE_UNCONFIRMED' || code === 'DOCUWARE_SERVER_ERROR';
}

/** Whether the server knows no such upload, or waits for another part of it. */
export function isForgotten({ sent }: PartsProgress, { httpStatus = 0 }: ConnectorError): boolean {
	return sent > 0 && FORGOTTEN.has(httpStatus);
}

const FORGOTTEN = new Set([404, 409, 410]);

/**
 * What is told of a part that failed for good.
 * @param isLast whether it was the one that completes the document
 */
export function partFailure(progress: PartsProgress, error: unknown, isLast: boolean): unknown {
	if (!isConnectorError(error)) return error;
	const { file, sent, isResent } = progress;
	const doubt = isInDoubt(error);
	// Nothing has reached DocuWare, or whether the whole has is what the error is about.
	if (sent === 0 && !isResent && !isLast && !doubt) return error;
	if (isLast && doubt) {
		const message = `It was the last part of "${file.fileName}", which completes the ${wholeThing(progress)}.`;
		return withMore(error, { message });
	}
	if (isLast && isRefusal(error) && !isForgotten(progress, error)) return error;
	const far = `Of "${file.fileName}" ${sent} of ${file.size} bytes were sent, in parts; without the rest DocuWare has no whole ${wholeThing(progress)}.`;
	const repair = lookFirst(progress);
	if (error.code === 'DOCUWARE_CANCELLED') return withMore(error, { message: far, repair });
	return incomplete(`${far} ${error.message}`, `${repair} ${error.repair}`, error);
}

/** The whole was looked at and not taken, for instance for its index data. */
function isRefusal({ httpStatus = 0 }: ConnectorError): boolean {
	return httpStatus >= 400 && httpStatus < 500;
}

/** n8n cannot give the rest of the file. */
export function unreadableRest(progress: PartsProgress, error: unknown): ConnectorError {
	const { file, sent } = progress;
	const reason = error instanceof Error ? error.message : String(error);
	return incomplete(
		`"${file.fileName}" could not be read on in n8n after ${sent} of ${file.size} bytes were sent: ${reason}`,
		lookFirst(progress),
		error,
	);
}

/** An answer from which nothing goes on. @param isLost whether parts are still to be sent, and nobody says where to */
export function unfinished(progress: PartsProgress, isLost: boolean): ConnectorError {
	const { file, sent } = progress;
	return incomplete(
		isLost
			? `DocuWare has taken ${sent} of ${file.size} bytes of "${file.fileName}" and does not say where the rest goes.`
			: `All ${file.size} bytes of "${file.fileName}" were sent, and DocuWare still waits for more.`,
		lookFirst(progress),
	);
}

/** The server counts other bytes than were sent. */
export function outOfStep(progress: PartsProgress, written: number | undefined): ConnectorError {
	const { file, sent } = progress;
	return incomplete(
		`DocuWare says that it has written ${written} bytes of "${file.fileName}" where ${sent} of ${file.size} were sent, so the file would not be whole. The rest was not sent.`,
		lookFirst(progress),
	);
}

/** What a person is to know of an upload that went well at its second beginning. */
export function begunTwice({ fileName }: FileToStore): string {
	return `The upload of "${fileName}" was begun twice and is whole. Look in DocuWare whether an unfinished document of that name was left behind by the first try.`;
}

/** What is whole once all parts are there. */
function wholeThing({ makes }: PartsProgress): 'document' | 'file' {
	return makes === 'section' ? 'file' : 'document';
}

function lookFirst({ makes }: PartsProgress): string {
	if (makes === 'section') {
		return 'Look in DocuWare at the files of the document before running this again.';
	}
	return 'Look in DocuWare whether an unfinished document of that name was left behind, and delete it, before running this again.';
}
