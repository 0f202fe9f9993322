import type { Arrow } from './imports';

/**
 * The floors of the house, lowest first; a file may use those of its own floor and of lower ones
 * (docs/architecture.md, "Parts and dependency direction"). A path that ends in a slash stands for
 * all below it, unless a longer one names a part of it.
 */
const SHARED_FLOORS = [
	['nodes/shared/'],
	['nodes/shared/values/'],
	['nodes/shared/process/'],
	['nodes/shared/http/'],
	[
		'nodes/shared/vault/vaultErrors.ts',
		'nodes/shared/vault/encryptionKey.ts',
		'nodes/shared/vault/sealing.ts',
	],
	['nodes/shared/vault/database/'],
	['nodes/shared/vault/rows/'],
	['nodes/shared/vault/leaseHeartbeats.ts'],
	['nodes/shared/vault/leaseHolding.ts', 'nodes/shared/vault/inForceDatabase.ts'],
	// Saves belong to the vault, and what spends a secret is given one.
	['nodes/shared/vault/', 'nodes/shared/vault/spending/'],
	['nodes/shared/vault/place/'],
	['nodes/shared/tokenChain/'],
	['nodes/shared/node/'],
];

const EXACT_FLOORS = [
	['odata/'],
	['wire/'],
	['catalogue/'],
	['lines/'],
	['auth/'],
	['api/'],
	['resources/'],
	['methods/'],
	['trigger/'],
	[''],
];

const DOCUWARE_FLOORS = [
	['fields/'],
	['search/'],
	['platform/'],
	['upload/'],
	['auth/account/'],
	['auth/wire/'],
	['auth/record/'],
	['auth/lifecycle/'],
	['auth/tokenChain/'],
	['auth/session/'],
	['auth/'],
	['api/'],
	['resources/'],
	['methods/'],
	['trigger/'],
	[''],
];

const HOUSES = [
	[...SHARED_FLOORS, ...below('nodes/ExactOnline/', EXACT_FLOORS)],
	[...SHARED_FLOORS, ...below('nodes/DocuWare/', DOCUWARE_FLOORS)],
];

function below(folder: string, floors: readonly string[][]): string[][] {
	return floors.map((rooms) => rooms.map((room) => folder + room));
}

/** The arrows that no house allows: upward, into the other service, or from a room without a floor. */
export function wrongArrows(arrows: readonly Arrow[]): string[] {
	return arrows
		.filter(({ from, to }) => !HOUSES.some((floors) => goesDown(floors, from, to)))
		.map(({ from, to }) => `${from} -> ${to}`);
}

/** The files that stand on no floor. */
export function homeless(files: readonly string[]): string[] {
	return files.filter((file) => HOUSES.every((floors) => floorOf(floors, file) < 0));
}

function goesDown(floors: readonly string[][], from: string, to: string): boolean {
	const lower = floorOf(floors, to);
	return lower >= 0 && floorOf(floors, from) >= lower;
}

/** The floor whose room names the file most exactly; -1 for none. */
function floorOf(floors: readonly string[][], file: string): number {
	const rooms = floors.flat().filter((room) => isIn(room, file));
	const [room] = rooms.sort((one, other) => other.length - one.length);
	return room === undefined ? -1 : floors.findIndex((names) => names.includes(room));
}

/** A folder in `nodes/` stands for its own files alone: each folder in it needs a floor of its own. */
function isIn(room: string, file: string): boolean {
	if (!room.endsWith('/')) return file === room;
	const isTop = /^nodes\/\w+\/$/.test(room);
	return file.startsWith(room) && !(isTop && file.slice(room.length).includes('/'));
}
