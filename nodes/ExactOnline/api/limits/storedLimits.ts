import { isRecord } from '../../../shared/http';
import type {
	CallWindows,
	CountedError,
	EndpointErrors,
	LimitWindow,
	StuckRequest,
} from './clientState';

/** Windows as they were kept as JSON; what is not understood counts as not known. */
export function parseCallWindows(value: unknown): CallWindows {
	if (!isRecord(value)) return {};
	const minute = parseWindow(value.minute);
	const day = parseWindow(value.day);
	return { ...(minute && { minute }), ...(day && { day }) };
}

/** Errors as they were kept as JSON; what is not understood is left out. */
export function parseEndpointErrors(value: unknown): EndpointErrors {
	if (!isRecord(value)) return { recent: [] };
	const recent = Array.isArray(value.recent) ? value.recent.filter(isCountedError) : [];
	const { blockedUntil } = value;
	const stuck = Array.isArray(value.stuck) ? value.stuck.filter(isStuckRequest) : [];
	return {
		recent,
		...(stuck.length > 0 && { stuck }),
		...(typeof blockedUntil === 'number' && { blockedUntil }),
	};
}

function parseWindow(value: unknown): LimitWindow | undefined {
	if (!isRecord(value)) return undefined;
	const { remaining, resetAt } = value;
	if (typeof remaining !== 'number' || typeof resetAt !== 'number') return undefined;
	return { remaining, resetAt };
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
