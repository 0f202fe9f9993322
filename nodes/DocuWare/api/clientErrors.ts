import { ConnectorError } from '../../shared/errors';
import { isHttpTransportError, type HttpTransportError } from '../../shared/http';
import { changesNothing } from '../platform/answerError';
import { CHANGE_WAS_MADE, unconfirmedChange } from '../platform/strangeAnswers';
import { inBrackets, inWords, type AskedFor } from '../platform/askedFor';

/** The user or n8n has ended the execution. */
export function cancelled(): ConnectorError {
	return new ConnectorError('DOCUWARE_CANCELLED', 'The execution was cancelled.', {
		repair: 'Run it again if it is still wanted.',
	});
}

/** A field of the node that cannot be used as it is. */
export function invalidParameter(problem: string, repair: string): ConnectorError {
	return new ConnectorError('DOCUWARE_INVALID_PARAMETER', problem, { repair });
}

/** Pages that lead back to one that was read already: reading on would never end. */
export function endlessList(asked: AskedFor): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_UNEXPECTED_ANSWER',
		`A page of the answer to ${inWords(asked)} links to one that was read already, so the list would never end${inBrackets(asked)}.`,
		{ repair: 'Try again; if it stays, narrow the query so that the result fits on fewer pages.' },
	);
}

/** A write whose answer began with a success and could not be read. */
function madeUnread(asked: AskedFor, { message, answered }: HttpTransportError): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_UNEXPECTED_ANSWER',
		`DocuWare made the change of ${inWords(asked)}, but its answer cannot be read: status ${answered}: ${message}${inBrackets(asked)}`,
		{ repair: CHANGE_WAS_MADE },
	);
}

/** The error of a request without a complete answer: told apart for reads and writes. */
export function withoutAnswer(asked: AskedFor, failure: unknown): unknown {
	if (!isHttpTransportError(failure)) return failure;
	const { answered = 0 } = failure;
	if (!changesNothing(asked) && answered >= 200 && answered < 300)
		return madeUnread(asked, failure);
	if (!changesNothing(asked) && failure.requestSent) return unconfirmedChange(asked, failure);
	return failure.kind === 'aborted' ? cancelled() : failure;
}
