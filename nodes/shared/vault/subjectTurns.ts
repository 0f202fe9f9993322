import type { SqlTransaction } from './database/transaction';
import { lastly, together } from './database/transaction';
import { LEASE_WAIT_MS, type Taken } from './leaseHolding';
import { itemVersions, putItem } from './rows/items';
import { itemScope } from './rows/itemScopes';
import { heldLeases, type HeldLease } from './rows/leases';
import { subjectLease, type LeaseSubject } from './subjectLease';
import type { Vault } from './vault';

/** How long it is remembered that a subject was worked on, in milliseconds; what was seen before that counts for nothing. */
const REMEMBERED_MS = 3_600_000;

const SCOPE = itemScope('subjectTurns1', REMEMBERED_MS);

/**
 * The how-manieth turn at each of these subjects was the last one, 0 where none is remembered; undefined where a turn is
 * under way. Whoever looks at a subject after this, and whose own turn then is the next one, knows that nobody
 * has worked on it since.
 */
export async function lastTurns(
	vault: Vault,
	subjects: ReadonlyArray<Pick<LeaseSubject, 'kind' | 'parts'>>,
): Promise<Array<number | undefined>> {
	const names = subjects.map(subjectLease);
	// In this order: a turn that begins between the two is held, and one that has ended by then has counted on.
	const [turns, held] = await vault.read(() =>
		together(itemVersions(SCOPE, names), heldLeases(names)),
	);
	return names.map((name) => (held.has(name) ? undefined : (turns.get(name) ?? 0)));
}

/**
 * As `underSubjectLease`; the turns at the subject are counted, over all workers, in the transaction that takes its lease.
 * @param work is given the number of its turn
 * @throws ConnectorError VAULT_LEASE_TIMEOUT
 */
export async function inSubjectTurn<T>(
	vault: Vault,
	{ kind, parts, waitMs = LEASE_WAIT_MS }: LeaseSubject,
	signal: AbortSignal | undefined,
	work: (turn: number | undefined) => Promise<T>,
): Promise<T> {
	const name = subjectLease({ kind, parts });
	function* begin(
		taking: SqlTransaction<HeldLease | undefined>,
	): SqlTransaction<Taken<number | undefined>> {
		const [held, turns] = yield* together(taking, itemVersions(SCOPE, [name]));
		if (held !== undefined) return { held };
		yield* lastly(putItem(SCOPE, name, ''));
		return { begun: (turns.get(name) ?? 0) + 1 };
	}
	return await vault.withLease<T, number | undefined>(
		name,
		{ waitMs, signal, begin },
		async (_holding, turn) => await work(turn),
	);
}
