import { setTimeout as delay } from 'node:timers/promises';
import { isRecord, parseJson } from '../http';
import { together, type SqlTransaction } from '../vault/database/transaction';
import {
	compareAndSetItem,
	deleteItem,
	deleteItemsBelow,
	itemLock,
	itemsBelow,
	putItem,
	readItem,
	type VaultItem,
} from '../vault/rows/items';
import { itemScope } from '../vault/rows/itemScopes';
import type { Vault } from '../vault/vault';
import { vaultError } from '../vault/vaultErrors';

const DAY_MS = 86_400_000;

/**
 * How far nodes have come in reading what a service changes, as items of the vault. A cursor that is gone means that
 * all comes again, so it is kept long; a pending one belongs to one execution, which may wait for weeks.
 */
const SCOPE = {
	kept: itemScope('cursors1', 400 * DAY_MS),
	pending: itemScope('pendingCursors1', 100 * DAY_MS),
	/** What was confirmed already, so that another Confirm of the same execution finds it. */
	done: itemScope('confirmedCursors1', 7 * DAY_MS),
	/** That there was a cursor once, so that one that is gone is told from none. */
	begun: itemScope('begunCursors1', 4_000 * DAY_MS),
	/** What cursors that workflows keep themselves do not hold; without it a few rows come again. */
	told: itemScope('toldOfCursors1', 14 * DAY_MS),
} as const;

/** A cursor that stays the same is written again after so long, since one that nobody writes is removed. */
const RENEWED_AFTER_MS = 30 * DAY_MS;

/** Tries of one step; each is lost only to somebody whose change was kept. */
const MAX_TRIES = 25;

const LONGEST_PAUSE_MS = 20;

/** Whose cursor it is: instance, workflow, node, and what the node reads. */
export type CursorPlace = readonly string[];

/** Where the next run of a node begins. */
export interface KeptCursor {
	/** Counts beginnings anew: what was read before one says nothing about what is to be read after it. */
	epoch: number;
	/** The node's settings that decide where the first run begins. */
	start: string;
	cursor: unknown;
}

/** Where a run has come, if all that it has read is worked off. */
export interface PendingCursor {
	place: CursorPlace;
	/** Name of the node. */
	node: string;
	/** What is read, for people. */
	about: string;
	/** Which time the node runs in its execution. */
	round: number;
	epoch: number;
	cursor: unknown;
}

/**
 * One execution of a workflow. Its number alone is no proof: it is given again where n8n's database is restored and the
 * vault is not.
 */
export interface CursorRun {
	instance: string;
	workflow: string;
	execution: string;
}

/** A change of what is kept that may be taken back. */
export interface KeptChange {
	place: CursorPlace;
	/** What it goes back to; undefined where there was nothing. */
	before: KeptCursor | undefined;
	/** What the change has left. */
	left: KeptCursor;
}

/** What became of a pending cursor: `outdated` where the node has begun anew since it was read from. */
export type CommitOutcome = 'confirmed' | 'outdated';

/** The parts of a vault that cursors need. */
export type CursorVault = Pick<Vault, 'read' | 'write'>;

/** Decides over what is kept; `undefined` keeps it. */
export type CursorStep = (present: KeptCursor | undefined) => KeptCursor | undefined;

/**
 * The cursors that a vault keeps for all processes that share it. A run reads from the kept cursor and never from a
 * pending one, so the rows of a run that failed come again; whatever is confirmed has begun there or earlier, so
 * what two runs have read may be joined, in whatever order they are confirmed.
 */
export class CursorStore {
	constructor(private readonly vault: CursorVault) {}

	/** The kept cursor. */
	async read(place: CursorPlace): Promise<KeptCursor | undefined> {
		return parseKept(await this.vault.read(() => readItem(SCOPE.kept, nameOf(place))));
	}

	/** Whether there was a cursor, which may be gone by now. */
	async hasBegun(place: CursorPlace): Promise<boolean> {
		const item = await this.vault.read(() => readItem(SCOPE.begun, nameOf(place)));
		return item !== undefined;
	}

	/** Remembers beyond the life of a cursor that there is one. */
	async markBegun(place: CursorPlace): Promise<void> {
		await this.put(SCOPE.begun, nameOf(place), '');
	}

	/** What was kept under a name; undefined where it is gone, or stands in another vault. */
	async told(name: string): Promise<string | undefined> {
		return (await this.vault.read(() => readItem(SCOPE.told, name)))?.value;
	}

	/** Keeps what a cursor does not hold that a workflow keeps itself. */
	async keepTold(name: string, text: string): Promise<void> {
		await this.put(SCOPE.told, name, text);
	}

	private async put(scope: string, name: string, value: string): Promise<void> {
		await this.vault.write(() => putItem(scope, name, value), { lock: itemLock(scope, name) });
	}

	/**
	 * Changes the kept cursor.
	 * @param dropped what stands below these places goes in the same step; asked once the change is made
	 * @returns what is kept then
	 * @throws ConnectorError VAULT_LOCKED (retryable) after many lost tries, and those of the vault
	 */
	async change(
		place: CursorPlace,
		step: CursorStep,
		dropped: () => readonly CursorPlace[] = () => [],
	): Promise<KeptCursor | undefined> {
		const name = nameOf(place);
		for (let tries = 0; tries < MAX_TRIES; tries += 1) {
			if (tries > 0) await delay(1 + Math.random() * LONGEST_PAUSE_MS);
			const item = await this.vault.read(() => readItem(SCOPE.kept, name));
			const present = parseKept(item);
			const next = step(present);
			if (next === undefined) return present;
			const value = JSON.stringify(next);
			const isFresh = Date.now() - (item?.updatedAt ?? 0) < RENEWED_AFTER_MS;
			if (isFresh && value === item?.value) return present;
			const gone = dropped();
			const write = function* (): SqlTransaction<boolean> {
				const isKept = yield* compareAndSetItem(SCOPE.kept, name, value, item?.version ?? 0);
				if (isKept) for (const one of gone) yield* deleteItemsBelow(SCOPE.kept, belowOf(one));
				return isKept;
			};
			const alone = gone.length > 0 ? {} : { lock: itemLock(SCOPE.kept, name) };
			if (await this.vault.write(write, alone)) return next;
		}
		throw vaultError(
			'VAULT_LOCKED',
			`The cursor of a node could not be changed: other processes changed it ${MAX_TRIES} times meanwhile.`,
			'Run again. What was read comes again.',
			{ retryable: true },
		);
	}

	/**
	 * Takes changes back, in one step, each of them only where what it has left still stands.
	 * @param decisive where this one cannot be taken back the others stay too
	 * @throws ConnectorError VAULT_*; then all stay
	 */
	async takeBack(changes: readonly KeptChange[], decisive?: KeptChange): Promise<void> {
		await this.vault.write(function* (): SqlTransaction<void> {
			if (decisive && !(yield* putBack(decisive))) return;
			for (const change of changes) yield* putBack(change);
		});
	}

	/** Makes what a run has read the beginning of the next one, as far as nobody has come further. */
	async commit(
		{ place, epoch, cursor }: PendingCursor,
		furthest: (kept: unknown, pending: unknown) => unknown,
	): Promise<CommitOutcome> {
		const kept = await this.change(place, (present) =>
			present?.epoch === epoch
				? { ...present, cursor: furthest(present.cursor, cursor) }
				: undefined,
		);
		return kept?.epoch === epoch ? 'confirmed' : 'outdated';
	}

	/**
	 * Remembers how far a run has read, until its execution confirms it. Nobody else ever looks at it.
	 * @param isDone it is confirmed already: what is kept holds all of it, so the note may be short
	 */
	async note(run: CursorRun, pending: PendingCursor, isDone: boolean): Promise<void> {
		const name = prefixOf(run) + nameOf(pending.place);
		const value = JSON.stringify(pending);
		const [scope, other] = isDone ? [SCOPE.done, SCOPE.pending] : [SCOPE.pending, SCOPE.done];
		const write = function* (): SqlTransaction<void> {
			yield* putItem(scope, name, value);
			yield* deleteItem(other, name);
		};
		await this.vault.write(write, { lock: [itemLock(scope, name), itemLock(other, name)] });
	}

	/**
	 * Drops what an earlier try of the same round of a node has read: n8n throws its rows away (Retry On Fail).
	 * @param node the third part of the places
	 */
	async forgetEarlierTry(run: CursorRun, node: string, round: number): Promise<void> {
		const found = await this.vault.read(() => itemsBelow(SCOPE.pending, prefixOf(run)));
		for (const [name, value] of found) {
			const pending = parsePending(value);
			if (pending?.place[2] !== node || pending.round !== round) continue;
			const lock = itemLock(SCOPE.pending, name);
			await this.vault.write(() => deleteItem(SCOPE.pending, name), { lock });
		}
	}

	/** What an execution has read, whether it was confirmed or not. */
	async pendingOf(run: CursorRun): Promise<PendingCursor[]> {
		const prefix = prefixOf(run);
		const found = await this.vault.read(() =>
			together(itemsBelow(SCOPE.pending, prefix), itemsBelow(SCOPE.done, prefix)),
		);
		return found.flat().flatMap(([, value]) => parsePending(value) ?? []);
	}
}

function* putBack({ place, before, left }: KeptChange): SqlTransaction<boolean> {
	const name = nameOf(place);
	const item = yield* readItem(SCOPE.kept, name);
	if (item?.value !== JSON.stringify(left)) return false;
	if (before === undefined) {
		yield* deleteItem(SCOPE.kept, name);
		return true;
	}
	return yield* compareAndSetItem(SCOPE.kept, name, JSON.stringify(before), item.version);
}

function nameOf(place: CursorPlace): string {
	return JSON.stringify(place);
}

/** How the names of all places begin that have more parts than this one. */
function belowOf(place: CursorPlace): string {
	return `${nameOf(place).slice(0, -1)},`;
}

function prefixOf({ instance, workflow, execution }: CursorRun): string {
	return `${JSON.stringify([instance, workflow, execution])} `;
}

function parseKept(item: VaultItem | undefined): KeptCursor | undefined {
	const value = item && parseJson(item.value);
	if (!isRecord(value)) return undefined;
	const { epoch, start, cursor } = value;
	return typeof epoch === 'number' ? { epoch, start: String(start), cursor } : undefined;
}

function parsePending(text: string): PendingCursor | undefined {
	const value = parseJson(text);
	if (!isRecord(value) || !Array.isArray(value.place) || typeof value.epoch !== 'number') {
		return undefined;
	}
	const { place, node, about, round, epoch, cursor } = value;
	const told = { node: String(node), about: String(about), round: Number(round) || 0 };
	return { place: place.map(String), ...told, epoch, cursor };
}
