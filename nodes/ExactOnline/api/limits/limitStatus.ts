import type { IDataObject } from 'n8n-workflow';
import { callsKey, errorsKey, type LimitScope } from './callLimits';
import type { CallWindows, EndpointErrors, LimitWindow } from './clientState';
import { errorsOfHour, heldBackUntil } from './endpointErrors';
import type { LimitStore } from './limitStore';

/**
 * What the store knows of an app's calls and of a user's errors, for people: calls that are left of minute and day by
 * division, and errors of the last hour by endpoint.
 */
export async function readLimitStatus(store: LimitStore, scope: LimitScope): Promise<IDataObject> {
	const [ofApp, ofUser] = [callsKey(scope, undefined), errorsKey(scope, undefined)].map((key) =>
		key.slice(0, -'current'.length),
	);
	const { calls, now } = await store.kept(ofApp ?? '');
	const { errors } = await store.kept(ofUser ?? '');
	return {
		divisions: [...calls].map(([key, state]) => ({
			division: divisionOf(key),
			...tellWindows(state, now),
			batchesInHand: (state.grants ?? []).filter(({ until }) => until > now).length,
		})),
		errors: [...errors].flatMap(([key, endpoints]) =>
			Object.entries(endpoints).flatMap(([endpoint, known]) =>
				errorLine(divisionOf(key), endpoint, known, now),
			),
		),
	};
}

/** Windows that are not over yet, with ISO times. */
export function tellWindows({ minute, day }: CallWindows, now: number): IDataObject {
	return { minute: tellWindow(minute, now), day: tellWindow(day, now) };
}

function tellWindow(window: LimitWindow | undefined, now: number): IDataObject | null {
	if (!window || window.resetAt <= now) return null;
	const { remaining, limit = null, resetAt } = window;
	return { remaining: Math.max(remaining, 0), limit, resetAt: new Date(resetAt).toISOString() };
}

function errorLine(
	division: number | null,
	endpoint: string,
	known: EndpointErrors,
	now: number,
): IDataObject[] {
	const recent = errorsOfHour(known, now);
	const until = heldBackUntil(known, now);
	if (recent.length === 0 && until === undefined) return [];
	const last = recent.at(-1);
	return [
		{
			division,
			endpoint,
			errorsInHour: recent.length,
			lastAt: last ? new Date(last.at).toISOString() : null,
			last: last?.kind ?? null,
			heldBackUntil: until === undefined ? null : new Date(until).toISOString(),
		},
	];
}

function divisionOf(key: string): number | null {
	const text = key.slice(key.lastIndexOf('|') + 1);
	return text === 'current' ? null : Number(text);
}
