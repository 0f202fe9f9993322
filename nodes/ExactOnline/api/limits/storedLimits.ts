import { isRecord } from '../../../shared/http';
import type {
	CallGrant,
	CountedError,
	DivisionErrors,
	EndpointErrors,
	LimitWindow,
	PendingRequest,
	SharedCalls,
	StuckRequest,
} from './clientState';

/** Calls as they were kept as JSON; what is not understood counts as not known. */
export function parseSharedCalls(value: unknown): SharedCalls {
	if (!isRecord(value)) return {};
	const minute = parseWindow(value.minute);
	const day = parseWindow(value.day);
	return {
		...(minute && { minute }),
		...(day && { day }),
		...(value.isUnlimited === true && { isUnlimited: true }),
		...listOf('grants', value.grants, isGrant),
		...listOf('waiting', value.waiting, isPending),
	};
}

/** Errors of a division as they were kept as JSON; what is not understood is left out. */
export function parseDivisionErrors(value: unknown): DivisionErrors {
	if (!isRecord(value)) return {};
	return Object.fromEntries(
		Object.entries(value).map(([endpoint, errors]) => [endpoint, parseEndpointErrors(errors)]),
	);
}

function parseEndpointErrors(value: unknown): EndpointErrors {
	if (!isRecord(value)) return { recent: [] };
	const recent = Array.isArray(value.recent) ? value.recent.filter(isCountedError) : [];
	const { blockedUntil } = value;
	return {
		recent,
		...listOf('stuck', value.stuck, isStuckRequest),
		...listOf('pending', value.pending, isPending),
		...(typeof blockedUntil === 'number' && { blockedUntil }),
	};
}

/** A member that is a list, without what is not understood in it; none where nothing is left. */
function listOf<Name extends string, One>(
	name: Name,
	value: unknown,
	isOne: (one: unknown) => one is One,
): Partial<Record<Name, One[]>> {
	const list = Array.isArray(value) ? value.filter(isOne) : [];
	return (list.length > 0 ? { [name]: list } : {}) as Partial<Record<Name, One[]>>;
}

function parseWindow(value: unknown): LimitWindow | undefined {
	if (!isRecord(value)) return undefined;
	const { remaining, resetAt, limit, openedAt, isAssumed } = value;
	if (typeof remaining !== 'number' || typeof resetAt !== 'number') return undefined;
	return {
		remaining,
		resetAt,
		...(typeof limit === 'number' && { limit }),
		...(typeof openedAt === 'number' && { openedAt }),
		...(isAssumed === true && { isAssumed }),
	};
}

function isGrant(value: unknown): value is CallGrant {
	return (
		isRecord(value) &&
		isPending(value) &&
		['at', 'calls', 'parallel'].every((name) => typeof value[name] === 'number')
	);
}

function isPending(value: unknown): value is PendingRequest {
	return isRecord(value) && typeof value.id === 'string' && typeof value.until === 'number';
}

function isStuckRequest(value: unknown): value is StuckRequest {
	return (
		isRecord(value) &&
		typeof value.shape === 'string' &&
		typeof value.kind === 'string' &&
		typeof value.until === 'number'
	);
}

function isCountedError(value: unknown): value is CountedError {
	return (
		isRecord(value) &&
		typeof value.at === 'number' &&
		typeof value.shape === 'string' &&
		typeof value.kind === 'string' &&
		typeof value.settled === 'boolean'
	);
}
