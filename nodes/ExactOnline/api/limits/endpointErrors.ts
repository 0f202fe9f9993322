import { createHash } from 'node:crypto';
import type { ConnectorError } from '../../../shared/errors';
import { isRecord, parseJson } from '../../../shared/http';
import type { AskedFor } from '../../wire/answerError';
import { errorBudgetSpent } from '../clientErrors';
import type { CountedError, EndpointErrors, StuckRequest } from './clientState';

export const HOUR_MS = 3_600_000;

/** Equal errors after which requests of the same kind are held back. */
const EQUAL_ERRORS = 5;

/** Errors of any kind at one endpoint after which all requests to it are held back; Exact blocks after 10. */
const ALL_ERRORS = 9;

/** Errors after which a request that nobody waits for goes out only with values that have not failed yet. */
const AUTOMATIC_ERRORS = 6;

/** Few errors: so many processes that have not heard of the latest ones may each bring one more. */
const FEW_ERRORS = 3;

/** How long a request that fails over and over is remembered, and how many at one endpoint. */
const STUCK_MS = 24 * HOUR_MS;
const MOST_STUCK = 20;

/** Statuses that Exact counts (docs/facts/exact-online.md 1.7). */
const COUNTED = new Set([400, 401, 403, 404]);

/** A request as the count of errors sees it. */
export interface CountedRequest extends AskedFor {
	/** Kind of request, by `requestShape`. */
	shape: string;
	/** Of its values, by `requestDigest`: a corrected value gives another one. Missing where it cannot be told. */
	digest?: string;
	/** Digest of the access token that it is sent with. */
	token?: string;
	/** True where no person waits for it. */
	automatic?: boolean;
	/** Index of the input item that it is sent for. */
	item?: number;
}

/** An error answer, in the words of the client. */
export interface ErrorAnswer {
	status: number;
	code: string;
	text: string;
}

/**
 * The error of a request that is held back, so that a workflow that goes on sending what Exact
 * refuses stops before Exact blocks the app for everybody (docs/facts/exact-online.md 1.7: more than
 * ten errors per hour, app, user, division and endpoint). A request with corrected values goes out, and
 * one with another access token than the refused one; one that has failed five times is tried once an hour.
 *
 * @returns EXACT_ERROR_BUDGET with the time; undefined where the request may be sent
 */
export function heldBack(
	errors: EndpointErrors,
	now: number,
	request: CountedRequest,
): ConnectorError | undefined {
	if (errors.blockedUntil !== undefined && errors.blockedUntil > now) {
		const why = 'Exact Online has blocked the app at this endpoint for a while because of errors.';
		return errorBudgetSpent(request, why, errors.blockedUntil);
	}
	const recent = errorsOfHour(errors, now);
	const oldest = recent.at(-mostErrors(recent, request));
	if (oldest) {
		const why = `${recent.length} requests to ${request.endpoint} failed within an hour.`;
		return errorBudgetSpent(request, why + firstOf(recent), oldest.at + HOUR_MS);
	}
	const open = recent.filter((error) => !error.settled && !isOfOtherToken(error, request));
	return heldBackAlike(errors.stuck ?? [], open, now, request);
}

/** Errors in an hour after which such a request is held back. */
function mostErrors(recent: readonly CountedError[], request: CountedRequest): number {
	const hasFailed = recent.some(
		(error) => isSame(error, request) && !isOfOtherToken(error, request),
	);
	return request.automatic && hasFailed ? AUTOMATIC_ERRORS : ALL_ERRORS;
}

/** How many requests like this may be under way until the next error is one too many; 0 where it is held back. */
export function errorsLeft(errors: EndpointErrors, now: number, request: CountedRequest): number {
	const recent = errorsOfHour(errors, now);
	return Math.max(mostErrors(recent, request) - recent.length, 0);
}

/** Since when so few are left that each request counts beforehand; undefined where there are more. */
export function fewLeftSince(
	errors: EndpointErrors,
	now: number,
	request: CountedRequest,
): number | undefined {
	const recent = errorsOfHour(errors, now);
	return recent[mostErrors(recent, request) - FEW_ERRORS - 1]?.at;
}

/** Names the first of such errors, so that somebody can look at its item. */
function firstOf([first]: ReadonlyArray<Pick<CountedError, 'at' | 'kind' | 'item'>>): string {
	if (!first) return '';
	const item = first.item === undefined ? '' : `of item ${first.item} (the first item is 0), `;
	const kind = first.kind.replace(/\.$/, '');
	return ` The first was ${item}at ${new Date(first.at).toISOString()}: ${kind}.`;
}

/** Whether the request fails over and over; another value of it may be the corrected one. */
function heldBackAlike(
	stuck: readonly StuckRequest[],
	open: readonly CountedError[],
	now: number,
	request: CountedRequest,
): ConnectorError | undefined {
	const held = (equal: readonly CountedError[], times: number, until: number) => {
		const why = `The same kind of request failed ${times} times within an hour.`;
		return errorBudgetSpent(request, why + firstOf(equal), until);
	};
	const known = stuck.find((one) => one.until > now && isSame(one, request));
	if (known) {
		const first = { ...known, at: known.until - HOUR_MS, settled: false };
		return held([first], EQUAL_ERRORS, known.until);
	}
	const alike = open.filter((error) => isSame(error, request));
	for (const kind of new Set(alike.map((error) => error.kind))) {
		const equal = alike.filter((error) => error.kind === kind);
		const first = equal.at(-EQUAL_ERRORS);
		if (first) return held(equal, equal.length, first.at + HOUR_MS);
	}
	return undefined;
}

/** Whether a request is the one that failed; values that cannot be told count as the same. */
function isSame(
	failed: Pick<CountedError, 'shape' | 'digest'>,
	{ shape, digest }: Pick<CountedRequest, 'shape' | 'digest'>,
): boolean {
	if (failed.shape !== shape) return false;
	return failed.digest === undefined || digest === undefined || failed.digest === digest;
}

function isOfOtherToken(failed: CountedError, { token }: CountedRequest): boolean {
	return failed.token !== undefined && token !== undefined && failed.token !== token;
}

/** The errors with this answer counted; the same object where Exact does not count it. */
export function withError(
	errors: EndpointErrors,
	now: number,
	request: CountedRequest,
	{ status, code, text }: ErrorAnswer,
): EndpointErrors {
	if (!COUNTED.has(status)) return errors;
	const { shape, digest, token, item } = request;
	const kind = [`${status} ${code}`, text.slice(0, 120)].filter((part) => part !== '').join(': ');
	const counted: CountedError = {
		at: now,
		shape,
		kind,
		settled: false,
		...(digest !== undefined && { digest }),
		...(status === 401 && token !== undefined && { token }),
		...(item !== undefined && { item }),
	};
	const recent = [...errorsOfHour(errors, now), counted];
	return { ...errors, recent, stuck: withStuck({ ...errors, recent }, now, counted) };
}

/** A 401 says nothing of the request, so it is never stuck by one. */
function withStuck(
	{ recent, stuck = [] }: EndpointErrors,
	now: number,
	counted: CountedError,
): StuckRequest[] {
	const { shape, kind, digest, token, item } = counted;
	const others = stuck.filter(
		(one) => now - one.until < STUCK_MS && !(one.kind === kind && isSame(one, counted)),
	);
	const wasStuck = stuck.some((one) => one.kind === kind && isSame(one, counted));
	const equal = recent.filter((one) => !one.settled && one.kind === kind && isSame(one, counted));
	if (token !== undefined || !(wasStuck || equal.length >= EQUAL_ERRORS)) return others;
	const next = {
		shape,
		kind,
		until: now + HOUR_MS,
		...(digest !== undefined && { digest }),
		...(item !== undefined && { item }),
	};
	return [...others, next].slice(-MOST_STUCK);
}

/**
 * The errors after a request went well: its own earlier failures are settled, and it is not stuck. Those of its
 * shape with other values stay. The same object where nothing changes.
 */
export function withSuccess(errors: EndpointErrors, request: CountedRequest): EndpointErrors {
	const { recent, stuck = [] } = errors;
	const after = recent.map((error) =>
		!error.settled && isSame(error, request) ? { ...error, settled: true } : error,
	);
	const isStuck = stuck.some((one) => isSame(one, request));
	if (!isStuck && after.every((error, index) => error === recent[index])) return errors;
	return { ...errors, recent: after, stuck: stuck.filter((one) => !isSame(one, request)) };
}

/** The service said that it blocks the app: for an hour, as docs/facts/exact-online.md 1.7 has it. */
export function withBlock(errors: EndpointErrors, now: number): EndpointErrors {
	return { ...errors, blockedUntil: now + HOUR_MS };
}

export function errorsOfHour({ recent }: EndpointErrors, now: number): CountedError[] {
	return recent.filter(({ at }) => at > now - HOUR_MS);
}

/** Tells two requests of one shape apart by their values; undefined for a body that is read while it is sent. */
export function requestDigest(method: string, url: string, body: unknown): string | undefined {
	if (body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body)) return undefined;
	return digestOf(method, url, body ?? '');
}

/** A text that tells secrets apart and tells nothing of them. */
export function digestOf(...parts: Array<string | Buffer>): string {
	const hash = createHash('sha256');
	for (const part of parts) hash.update(part).update('\0');
	return hash.digest('base64url').slice(0, 22);
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
	return filter.replace(/'[^']*(?:''[^']*)*'/g, "''").replace(/\b\d+(?:\.\d+)?L?\b/g, '0');
}

/** Until when everything at the endpoint is held back, whatever its values; undefined where it is not. */
export function heldBackUntil(errors: EndpointErrors, now: number): number | undefined {
	const { blockedUntil } = errors;
	if (blockedUntil !== undefined && blockedUntil > now) return blockedUntil;
	const oldest = errorsOfHour(errors, now).at(-ALL_ERRORS);
	return oldest && oldest.at + HOUR_MS;
}

/** Whether the errors of an endpoint can still hold something back. */
export function hasMeaning(errors: EndpointErrors, now: number): boolean {
	const { stuck = [], pending = [], blockedUntil = 0 } = errors;
	return (
		errorsOfHour(errors, now).length > 0 ||
		stuck.some(({ until }) => now - until < STUCK_MS) ||
		pending.some(({ until }) => until > now) ||
		blockedUntil > now
	);
}
