/** What a JSON file can hold. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** What became of one place of a recording. */
export type Change = 'added' | 'removed' | 'changed' | 'reordered';

/** One place in which what is differs from what was recorded. */
export interface Difference {
	/** Names of the members that lead there, joined by {@link SEPARATOR}. */
	path: string;
	change: Change;
	/** What was recorded; absent for `added`. */
	was?: Json;
	/** What is; absent for `removed`. */
	is?: Json;
}

/** Between the members of a path; no name in a recording contains it. */
export const SEPARATOR = ' > ';

/** A value as a JSON file gives it back. */
export function asJson(value: unknown): Json {
	return JSON.parse(JSON.stringify(value)) as Json;
}

/**
 * Where two values differ, each place once: a member that is new or gone counts as one difference,
 * whatever it holds. The order of an object's members means nothing, the order of a list does.
 * Elements of a list are recognized again by their `name`, or by their text, so that an element
 * more or less is one difference and not one for each that follows.
 */
export function differencesBetween(was: Json, is: Json, path = ''): Difference[] {
	const [before, after] = [membersOf(was), membersOf(is)];
	if (before === undefined || after === undefined || Array.isArray(was) !== Array.isArray(is)) {
		return was === is ? [] : [{ path, change: 'changed', was, is }];
	}
	const found = [...new Set([...before.keys(), ...after.keys()])].flatMap((name) =>
		memberDifferences(path === '' ? name : `${path}${SEPARATOR}${name}`, name, before, after),
	);
	return Array.isArray(was) ? [...found, ...orderDifference(path, before, after)] : found;
}

/**
 * Whether a pattern names a path: `*` stands for one member, `**` for any number of them, none
 * included.
 */
export function namesPath(pattern: string, path: string): boolean {
	return matches(pattern.split(SEPARATOR), path.split(SEPARATOR));
}

function matches([first, ...pattern]: string[], path: string[]): boolean {
	if (first === undefined) return path.length === 0;
	if (first === '**') {
		return (
			matches(pattern, path) || (path.length > 0 && matches(['**', ...pattern], path.slice(1)))
		);
	}
	if (path.length === 0 || (first !== '*' && first !== path[0])) return false;
	return matches(pattern, path.slice(1));
}

type Members = Map<string, Json>;

function memberDifferences(
	path: string,
	name: string,
	before: Members,
	after: Members,
): Difference[] {
	const [was, is] = [before.get(name), after.get(name)];
	if (was === undefined) return is === undefined ? [] : [{ path, change: 'added', is }];
	if (is === undefined) return [{ path, change: 'removed', was }];
	return differencesBetween(was, is, path);
}

/** Only what both lists hold can have another order. */
function orderDifference(path: string, before: Members, after: Members): Difference[] {
	const was = [...before.keys()].filter((name) => after.has(name));
	const is = [...after.keys()].filter((name) => before.has(name));
	return was.join('\n') === is.join('\n') ? [] : [{ path, change: 'reordered', was, is }];
}

function membersOf(value: Json): Members | undefined {
	if (typeof value !== 'object' || value === null) return undefined;
	if (!Array.isArray(value)) return new Map(Object.entries(value));
	const members: Members = new Map();
	const seen = new Map<string, number>();
	for (const [index, element] of value.entries()) {
		const name = nameOf(element) ?? String(index);
		const times = (seen.get(name) ?? 0) + 1;
		seen.set(name, times);
		members.set(times === 1 ? name : `${name} (${times})`, element);
	}
	return members;
}

function nameOf(element: Json): string | undefined {
	if (typeof element !== 'object' || element === null) return String(element);
	if (Array.isArray(element)) return undefined;
	return typeof element.name === 'string' ? element.name : undefined;
}
