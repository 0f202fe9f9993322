import { ConnectorError } from '../../shared/errors';
import type { HttpTransportError } from '../../shared/http';
import { LEASE_WAIT_MS } from '../../shared/vault/leaseHolding';
import { vaultError } from '../../shared/vault/vaultErrors';
import type { AskedFor } from '../wire/answerError';
import { isForeignBody, unexpectedBody } from '../wire/envelope';

const CHECK_WRITE =
	'Look in Exact Online whether the record exists or the change was made (for instance by its ' +
	'code or Your Ref) before running this again; a repeated POST makes a duplicate.';

const CHANGE_WAS_MADE =
	'Look in Exact Online before running this again, since the change was made; check that no proxy ' +
	'changes the answers.';

/** The user or n8n has cancelled the execution. */
export function cancelled(): ConnectorError {
	return new ConnectorError('EXACT_CANCELLED', 'The execution was cancelled.', {
		repair: 'Run it again if it is still wanted.',
	});
}

/** A 401 although the vault holds no other token (docs/facts/exact-online.md 1.10). */
export function unauthorized(serviceMessage: string): ConnectorError {
	return new ConnectorError(
		'EXACT_UNAUTHORIZED',
		'Exact Online no longer accepts this log-in, although it has not expired. A refresh cannot help, so none was tried.',
		{
			repair:
				'Check in Exact Online that the app is still allowed (My Exact Online, Security center) and ' +
				'that the base URL is that of the region; then connect the credential again.',
			listRepair: 'Open the credential and press Connect.',
			httpStatus: 401,
			serviceMessage: serviceMessage === '' ? undefined : serviceMessage,
		},
	);
}

/** The token of a write ended while the request ran; writes are never repeated by themselves. */
export function unauthorizedWrite(asked: AskedFor): ConnectorError {
	return new ConnectorError(
		'EXACT_UNAUTHORIZED',
		'The log-in was renewed while the request was under way, and Exact Online refused it: ' +
			`${asked.method} ${asked.endpoint} was answered 401. It was not repeated. There is a new token now.`,
		{ repair: CHECK_WRITE, retryable: true, httpStatus: 401 },
	);
}

/** A request that was refused undone and could be sent again, had its body not been spent. */
export function bodySpent(asked: AskedFor, httpStatus: 401 | 429): ConnectorError {
	return new ConnectorError(
		httpStatus === 401 ? 'EXACT_UNAUTHORIZED' : 'EXACT_RATE_LIMIT_MINUTE',
		'Exact Online has not carried out the request, and what it sends can be read only once, so it was not ' +
			`sent again: ${asked.method} ${asked.endpoint}, HTTP ${httpStatus}.`,
		{ repair: 'Run it again in a minute.', retryable: true, httpStatus },
	);
}

/** A write whose fate is unknown: it left, and no answer told what became of it. */
export function unconfirmedWrite(asked: AskedFor, cause: ConnectorError): ConnectorError {
	return new ConnectorError(
		'EXACT_WRITE_UNCONFIRMED',
		`It is not known whether the change took effect: ${asked.method} ${asked.endpoint}. ${cause.message}`,
		{ repair: CHECK_WRITE, httpStatus: cause.httpStatus, serviceMessage: cause.serviceMessage },
	);
}

/** The error of a request without an answer: told apart for reads and writes. */
export function transportError(asked: AskedFor, failure: HttpTransportError): ConnectorError {
	const { answered = 0, message } = failure;
	if (asked.method !== 'GET' && answered >= 200 && answered < 300) {
		return madeUnread(asked, answered, message);
	}
	if (asked.method !== 'GET' && failure.requestSent) return unconfirmedWrite(asked, failure);
	const isCancelled = failure.kind === 'aborted' && failure.code !== 'HTTP_HELD_BACK';
	return isCancelled ? cancelled() : failure;
}

/** A page links to one that was read: reading on would never end, and stopping would hide rows. */
export function endlessList(link: string): ConnectorError {
	return new ConnectorError(
		'EXACT_UNEXPECTED_ANSWER',
		`A page links to one that was read already, so the list would never end: ${pathOf(link)}.`,
		{ repair: 'Try again; if it stays, narrow the filter so that the list fits on fewer pages.' },
	);
}

/** Pages that hold nothing and go on all the same. */
export function emptyPages(link: string, count: number): ConnectorError {
	return new ConnectorError(
		'EXACT_UNEXPECTED_ANSWER',
		`${count} pages in a row were empty and linked to a further one: ${pathOf(link)}.`,
		{ repair: 'Try again; if it stays, narrow the filter so that the list fits on fewer pages.' },
	);
}

function pathOf(link: string): string {
	return URL.canParse(link) ? new URL(link).pathname : 'the list';
}

/**
 * A write with a success for an answer whose body tells nothing of it. What is torn says that it was carried out; a page or an
 * error does not say so, whatever the status is.
 */
export function unreadWrite(asked: AskedFor, status: number, body: string): ConnectorError {
	const failure = unexpectedBody(body);
	return isForeignBody(body)
		? unconfirmedWrite(asked, failure)
		: madeUnread(asked, status, failure.message);
}

/** A write that was carried out, whose answer cannot be read. */
export function madeUnread(asked: AskedFor, status: number, why: string): ConnectorError {
	return new ConnectorError(
		'EXACT_UNEXPECTED_ANSWER',
		'Exact Online made the change, but its answer cannot be read: that of ' +
			`${asked.method} ${asked.endpoint} (status ${status}): ${why}`,
		{ repair: CHANGE_WAS_MADE },
	);
}

/** 60 calls per minute are used up, and waiting did not help. */
export function minuteLimit(asked: AskedFor, retryAt: number): ConnectorError {
	return new ConnectorError(
		'EXACT_RATE_LIMIT_MINUTE',
		'The calls per minute that Exact Online allows this app in division ' +
			`${asked.division ?? '(none)'} are used up, also after waiting.`,
		{
			repair:
				`Try again after ${new Date(retryAt).toISOString()}. Other workflows or programs with the ` +
				'same app use the same limit.',
			retryable: true,
			httpStatus: 429,
			retryAt,
		},
	);
}

/** The calls per day are used up (docs/facts/exact-online.md 3); waiting so long makes no sense. */
export function dayLimit(asked: AskedFor, retryAt: number): ConnectorError {
	return new ConnectorError(
		'EXACT_RATE_LIMIT_DAY',
		'The calls per day that Exact Online allows this app in division ' +
			`${asked.division ?? '(none)'} are used up until ${new Date(retryAt).toISOString()}.`,
		{
			repair:
				'Run the workflow after that time, less often, or with larger steps; other workflows or ' +
				'programs with the same app use the same limit.',
			listRepair: 'Try again after that time.',
			retryable: true,
			httpStatus: 429,
			retryAt,
		},
	);
}

/** Another process kept the turn of a division for longer than is waited for it. */
export function turnTimeout(asked: AskedFor, cause: unknown): ConnectorError {
	return vaultError(
		'VAULT_LEASE_TIMEOUT',
		`Another process has had the turn in division ${asked.division ?? '(none)'} for more than ` +
			`${LEASE_WAIT_MS / 1000} s, and Parallel Requests per Division is 1.`,
		'Run again in a minute. If this repeats, look whether a worker or its host is overloaded, or raise ' +
			'Parallel Requests per Division (under Call Limits) where the order does not matter.',
		{ retryable: true, cause },
	);
}

/** Held back, or blocked by Exact, because of too many errors (docs/facts/exact-online.md 1.7). */
export function errorBudgetSpent(
	asked: AskedFor,
	why: string,
	retryAt: number,
	httpStatus?: number,
): ConnectorError {
	return new ConnectorError(
		'EXACT_ERROR_BUDGET',
		`${why} Exact Online blocks an app that causes more than 10 errors an hour at one place, so requests to it ` +
			`are held back until ${new Date(retryAt).toISOString()}: ${asked.method} ${asked.endpoint}.`,
		{
			repair:
				'Correct the request: one that looks different is sent at once where the limit allows it. ' +
				'Otherwise run it after that time.',
			listRepair: `Try again after ${new Date(retryAt).toISOString()}.`,
			retryable: true,
			httpStatus,
			retryAt,
		},
	);
}
