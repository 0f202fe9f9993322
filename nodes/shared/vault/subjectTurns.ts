import type { SqlTransaction } from './database/transaction';
import { lastly, storeNow, together } from './database/transaction';
import { LEASE_WAIT_MS, type LeaseHolding, type Taken } from './leaseHolding';
import { itemsNamed, putItem } from './rows/items';
import { itemScope } from './rows/itemScopes';
import { heldLeases, type HeldLease } from './rows/leases';
import { subjectLease, type LeaseSubject } from './subjectLease';
import type { Vault } from './vault';

/**
 * How long it is remembered that a subject was worked on, in milliseconds: longer than a machine sleeps between a look and
 * what is done for it. What was seen before that counts for nothing.
 */
const REMEMBERED_MS = 86_400_000;

/** How long something that was sent, and of which no word came, may take to have an effect, in milliseconds. */
const IN_DOUBT_MS = 600_000;

/** Each item's value tells until when a turn is in doubt (store clock, ms); empty where none is. */
const SCOPE = itemScope('subjectTurns1', REMEMBERED_MS);

/** A turn at a subject. */
export interface SubjectTurn {
	/** The how-manieth; undefined where turns are not counted. */
	number: number | undefined;
	/**
	 * Notes that what the turn has sent may take effect after it, for ten minutes. Where the store does not take the note, the
	 * lease stays: whoever takes it over notes the same. Never throws.
	 */
	leaveInDoubt(): Promise<void>;
}

/**
 * The how-manieth turn at each of these subjects was the last one, 0 where none is remembered; undefined where a turn is
 * under way, or what one has sent may still take effect. Whoever looks at a subject after this, and whose own turn then
 * is the next one, knows that nobody has worked on it since.
 */
export async function lastTurns(
	vault: Vault,
	subjects: ReadonlyArray<Pick<LeaseSubject, 'kind' | 'parts'>>,
): Promise<Array<number | undefined>> {
	const names = subjects.map(subjectLease);
	// In this order: a turn that begins between the two is held, and one that has ended, or was left in doubt, by then
	// has counted on.
	const [items, held, now] = await vault.read(() =>
		together(itemsNamed(SCOPE, names), heldLeases(names), storeNow()),
	);
	return names.map((name) => {
		const { value = '', version = 0 } = items.get(name) ?? {};
		return held.has(name) || isInDoubt(value, now) ? undefined : version;
	});
}

/**
 * As `underSubjectLease`; the turns at the subject are counted, over all workers, in the transaction that takes its lease. One
 * whose holder has died is in doubt.
 * @throws ConnectorError VAULT_LEASE_TIMEOUT
 */
export async function inSubjectTurn<T>(
	vault: Vault,
	{ kind, parts, waitMs = LEASE_WAIT_MS }: LeaseSubject,
	signal: AbortSignal | undefined,
	work: (turn: SubjectTurn) => Promise<T>,
): Promise<T> {
	const name = subjectLease({ kind, parts });
	function* begin(
		taking: SqlTransaction<HeldLease | undefined>,
		isTakeOver: boolean,
	): SqlTransaction<Taken<number | undefined>> {
		const [held, items, now] = yield* together(taking, itemsNamed(SCOPE, [name]), storeNow());
		if (held !== undefined) return { held };
		const { value = '', version = 0 } = items.get(name) ?? {};
		const still = isInDoubt(value, now) ? value : '';
		yield* lastly(putItem(SCOPE, name, isTakeOver ? doubtFrom(now) : still));
		return { begun: version + 1 };
	}
	return await vault.withLease<T, number | undefined>(
		name,
		{ waitMs, signal, begin },
		async (holding, number) =>
			await work({ number, leaveInDoubt: async () => await noteDoubt(vault, holding) }),
	);
}

async function noteDoubt(vault: Vault, holding: LeaseHolding): Promise<void> {
	const { name } = holding;
	function* note(): SqlTransaction<void> {
		const now = yield* storeNow();
		yield* putItem(SCOPE, name, doubtFrom(now));
	}
	try {
		await vault.write(note, { lock: name });
	} catch {
		holding.isLeft = true;
	}
}

function doubtFrom(now: number): string {
	return String(now + IN_DOUBT_MS);
}

function isInDoubt(until: string, now: number): boolean {
	return Number(until) > now;
}
