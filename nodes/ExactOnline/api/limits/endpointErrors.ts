import type { ConnectorError } from '../../../shared/errors';
import { isRecord, parseJson } from '../../../shared/http';
import type { AskedFor } from '../../wire/answerError';
import { errorBudgetSpent } from '../clientErrors';
import type { CountedError, EndpointErrors } from './clientState';

export const HOUR_MS = 3_600_000;

/** Equal errors after which requests of the same kind are held back. */
const EQUAL_ERRORS = 5;

/** Errors of any kind at one endpoint after which all requests to it are held back; Exact blocks after 10. */
const ALL_ERRORS = 9;

/** Statuses that Exact counts (docs/facts/exact-online.md 1.7). */
const COUNTED = new Set([400, 401, 403, 404]);

/** An error answer, in the words of the client. */
export interface ErrorAnswer {
	status: number;
	code: string;
	text: string;
}

/**
 * The error of a request that is held back, so that a workflow that goes on sending what Exact
 * refuses stops before Exact blocks the app for everybody (docs/facts/exact-online.md 1.7: more than
 * ten errors per hour, app, user, division and endpoint).
 *
 * @param shape kind of request: two with the same shape are expected to fail alike
 * @returns EXACT_ERROR_BUDGET with the time; undefined where the request may be sent
 */
export function heldBack(
	errors: EndpointErrors,
	now: number,
	asked: AskedFor,
	shape: string,
): ConnectorError | undefined {
	if (errors.blockedUntil !== undefined && errors.blockedUntil > now) {
		const why = 'Exact Online has blocked the app at this endpoint for a while because of errors.';
		return errorBudgetSpent(asked, why, errors.blockedUntil);
	}
	const recent = ofLastHour(errors, now);
	const oldest = recent.at(-ALL_ERRORS);
	if (oldest) {
		const why = `${recent.length} requests to ${asked.endpoint} failed within an hour.`;
		return errorBudgetSpent(asked, why, oldest.at + HOUR_MS);
	}
	const alike = recent.filter((error) => error.shape === shape && !error.settled);
	for (const kind of new Set(alike.map((error) => error.kind))) {
		const equal = alike.filter((error) => error.kind === kind);
		const first = equal.at(-EQUAL_ERRORS);
		if (first) {
			const why = `The same kind of request failed ${equal.length} times within an hour (${kind}).`;
			return errorBudgetSpent(asked, why, first.at + HOUR_MS);
		}
	}
	return undefined;
}

/** The errors with this answer counted; the same object where Exact does not count it. */
export function withError(
	errors: EndpointErrors,
	now: number,
	shape: string,
	{ status, code, text }: ErrorAnswer,
): EndpointErrors {
	if (!COUNTED.has(status)) return errors;
	const kind = [`${status} ${code}`, text.slice(0, 120)].filter((part) => part !== '').join(': ');
	const recent = [...ofLastHour(errors, now), { at: now, shape, kind, settled: false }];
	return { ...errors, recent };
}

/**
 * The errors after a request of this shape went well: earlier failures say nothing about the next
 * one. The same object where there is none to settle.
 */
export function withSuccess(errors: EndpointErrors, shape: string): EndpointErrors {
	if (!errors.recent.some((error) => error.shape === shape && !error.settled)) return errors;
	const recent = errors.recent.map((error) =>
		error.shape === shape ? { ...error, settled: true } : error,
	);
	return { ...errors, recent };
}

/** The service said that it blocks the app: for an hour, as docs/facts/exact-online.md 1.7 has it. */
export function withBlock(errors: EndpointErrors, now: number): EndpointErrors {
	return { ...errors, blockedUntil: now + HOUR_MS };
}

function ofLastHour({ recent }: EndpointErrors, now: number): CountedError[] {
	return recent.filter(({ at }) => at > now - HOUR_MS);
}

/**
 * The kind of a request: method, key, the query without its values, and the names of the fields in
 * the body. A request for another record, with another filter or other fields is another kind.
 */
export function requestShape(method: string, url: string, body?: string): string {
	const { pathname, searchParams } = new URL(url);
	const options = [...searchParams]
		.filter(([name]) => name !== '$skiptoken')
		.map(([name, value]) => `${name}=${name === '$filter' ? withoutLiterals(value) : value}`)
		.sort();
	const content = body === undefined ? undefined : parseJson(body);
	const fields = isRecord(content) ? Object.keys(content).sort() : [];
	return [method, pathname, options.join('&'), fields.join(',')].join(' ');
}

function withoutLiterals(filter: string): string {
	return filter.replace(/'(?:[^']|'')*'/g, "''").replace(/\b\d+(?:\.\d+)?L?\b/g, '0');
}
