import { types } from 'node:util';

import type { Json } from './differences';
import type { Placeholders } from './placeholders';
import { NOT_TOLD_EVERYWHERE } from './storedFormat';

/** Where the package keeps what must exist once per process. */
export const PROCESS_STATE = Symbol.for('n8n-nodes-exactonline-docuware');

/** The state of this process by key, as every copy of the package finds it. */
export function processStates(): Record<string, unknown> {
	const holder = globalThis as { [PROCESS_STATE]?: Record<string, unknown> };
	return holder[PROCESS_STATE] ?? {};
}

/**
 * What of a vault object another copy of the package uses that finds it in the state: it runs its
 * transactions and leases on it.
 */
const USED_OF_A_VAULT = [
	'vaultId',
	'database',
	'sealer',
	'read',
	'write',
	'withLease',
	'sealSecret',
	'openSecret',
	'saveSecret',
	'replayUnsaved',
];

/** In the place of what a set or list held, where it was empty. */
const NOTHING_SEEN = 'nothing seen';

/** What it uses likewise of a server's connection, which may come with more. */
const USED_OF_A_CONNECTION = ['address', 'ignoreSslIssues', 'allowHttp'];

/** Collects the shapes that stand behind the keys, looked at again and again during a run. */
export class ProcessShapes {
	private shapes: Json = {};

	/** Adds what stands there now. */
	look(): void {
		this.shapes = merged(this.shapes, shapeOf({ ...processStates() }));
	}

	/** All that was seen, with names in the keys of maps. */
	in(names: Placeholders): Json {
		return named(this.shapes, names);
	}
}

/** The members and kinds of a value, without what they hold; the keys of a map stay. */
function shapeOf(value: unknown): Json {
	if (value === null) return 'null';
	if (typeof value !== 'object') return typeof value;
	if (value instanceof Map) {
		const entries = [...value] as Array<[unknown, unknown]>;
		return {
			Map: Object.fromEntries(entries.map(([key, entry]) => [String(key), shapeOf(entry)])),
		};
	}
	if (value instanceof Set) {
		return { Set: [...value].map(shapeOf).reduce(merged, NOTHING_SEEN) };
	}
	// The tests run in a realm of their own, whose promises are not this one's.
	if (types.isPromise(value)) return 'Promise';
	if (Array.isArray(value)) return { Array: value.map(shapeOf).reduce(merged, NOTHING_SEEN) };
	return objectShape(value);
}

function objectShape(value: object): Json {
	if ('vaultId' in value && 'withLease' in value) {
		return { Vault: shapesOf(value, USED_OF_A_VAULT) };
	}
	if ('address' in value && 'allowHttp' in value) return shapesOf(value, USED_OF_A_CONNECTION);
	const kind = (Object.getPrototypeOf(value) as object | null)?.constructor.name ?? 'Object';
	return kind === 'Object' ? shapesOf(value, Object.keys(value)) : kind;
}

/** Of these members; what another class hides behind them does not count. */
function shapesOf(value: object, names: readonly string[]): Json {
	const members = value as Record<string, unknown>;
	return Object.fromEntries(
		names
			.filter((name) => name in value)
			.map((name) => [
				name,
				NOT_TOLD_EVERYWHERE.includes(name) ? 'string or null' : shapeOf(members[name]),
			]),
	);
}

/** Two sights of one thing: all members of both, and every kind that a member had. */
function merged(one: Json, other: Json): Json {
	if (isMembers(one) && isMembers(other)) {
		const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
		return Object.fromEntries(
			names.map((name) => [
				name,
				name in one && name in other
					? merged(one[name]!, other[name]!)
					: (one[name] ?? other[name]!),
			]),
		);
	}
	// A member that is an object at one time and absent at another: its members count.
	if (isMembers(one)) return one;
	if (isMembers(other)) return other;
	const kinds = [one, other].flatMap((shape) => String(shape).split(' | '));
	const seen = [...new Set(kinds)].filter((kind) => kind !== NOTHING_SEEN).sort();
	return seen.length === 0 ? NOTHING_SEEN : seen.join(' | ');
}

function named(shape: Json, names: Placeholders): Json {
	if (!isMembers(shape)) return shape;
	const found: Record<string, Json> = {};
	for (const [key, member] of Object.entries(shape)) {
		const name = names.inText(key);
		const inner = named(member, names);
		found[name] = name in found ? merged(found[name]!, inner) : inner;
	}
	return found;
}

function isMembers(shape: Json): shape is { [name: string]: Json } {
	return typeof shape === 'object' && shape !== null && !Array.isArray(shape);
}
