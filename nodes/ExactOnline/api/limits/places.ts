import type { SharedCalls, Waiter } from './clientState';

/**
 * A place is given up that its process does not state again within this time, in milliseconds: a process on a busy machine
 * may be silent for seconds. One that died holds the others up for so long, and where it held the division's lease those on
 * other hosts until that ends.
 */
export const PLACE_MS = 10_000;

/** A place that lasts at least so long is not written anew, in milliseconds. */
const FRESH_MS = 7_500;

/**
 * The state with the places of one process's requests as they stand now, in the order in which the requests came: those
 * that are kept stay where they are, new ones go to the end, and others of the process go. What is not stated lapses.
 *
 * @param owner names the process
 * @param ids of its requests that wait or are under way
 * @param stated those of them that are stated (again) now
 * @returns the state itself where nothing has to be written
 */
export function withPlaces(
	state: SharedCalls,
	now: number,
	owner: string,
	ids: readonly string[],
	stated: readonly string[] = ids,
): SharedCalls {
	const { waiting = [], grants = [] } = state;
	const wanted = new Set(ids);
	const fresh = new Set(stated);
	const stays = ({ id, until, owner: whose }: Waiter) =>
		(until > now && (whose !== owner || wanted.has(id))) || fresh.has(id);
	const kept = waiting.filter(stays);
	const known = new Set([...kept, ...grants].map(({ id }) => id));
	const added = stated
		.filter((id) => !known.has(id))
		.map((id) => ({ id, owner, until: now + PLACE_MS }));
	const isOld = ({ id, until }: { id: string; until: number }) =>
		fresh.has(id) && until - now < FRESH_MS;
	const isSame = added.length === 0 && waiting.every((one) => one.owner !== owner || stays(one));
	if (isSame && ![...kept, ...grants].some(isOld)) return state;
	const renewed = <One extends { id: string; until: number }>(one: One): One =>
		isOld(one) ? { ...one, until: now + PLACE_MS } : one;
	return {
		...state,
		waiting: [...kept.map(renewed), ...added],
		grants: grants.map(renewed),
	};
}
