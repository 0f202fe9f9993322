import { parseObject } from '../../../shared/http';
import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import { storeNow } from '../../../shared/vault/database/transaction';
import { deleteItem, putItem, readItem } from '../../../shared/vault/rows/items';
import { itemScope } from '../../../shared/vault/rows/itemScopes';
import type { RefusalCause } from '../wire/refusalCause';

/** Named by the digest of the secret that was refused, which is bound to its record. */
const SCOPE = itemScope('docuware refused log-on', 400 * 86_400_000);

const MINUTE_MS = 60_000;

/** Pauses before the next log-on, by how often it was refused; the last one holds on. */
const PAUSES_MS: Record<Exclude<RefusalCause, 'logInData'>, readonly number[]> = {
	// What a wrong password is answered with. Sent again and again it locks the account.
	noReason: [5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS],
	other: [1 * MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS],
};

/** A person who asks (credential test, *Force*) is not made to wait, but for as long after the last one. */
const PERSON_PAUSE_MS = MINUTE_MS;

/** What a service said when it refused to begin a session. */
export interface LogOnRefusal {
	code: string;
	/** The service's words. */
	detail: string | null;
	cause: RefusalCause;
}

/** A refusal that is remembered; times of the store's clock, in milliseconds. */
export interface KnownRefusal extends LogOnRefusal {
	/** When it was said last. */
	at: number;
	/** How often it was said when no person had asked. */
	times: number;
	/** When a person last had it tried; null where none did. */
	personAt: number | null;
}

/** When a log-on with this secret is next sent by itself; null: not before the secret changes. */
export function nextTryAt({ cause, at, times }: KnownRefusal): number | null {
	if (cause === 'logInData') return null;
	const pauses = PAUSES_MS[cause];
	return at + (pauses[Math.min(Math.max(times, 1), pauses.length) - 1] ?? 0);
}

/** What is remembered of a secret; undefined where it was not refused, or was taken since. */
export function* knownRefusal(proof: string): SqlTransaction<KnownRefusal | undefined> {
	const item = yield* readItem(SCOPE, proof);
	return item && (parseObject(item.value) as KnownRefusal | undefined);
}

/** The refusal that forbids a log-on now, whoever asks for it; undefined where one may be sent. */
export function* standingRefusal(
	proof: string,
	byPerson: boolean,
): SqlTransaction<KnownRefusal | undefined> {
	const known = yield* knownRefusal(proof);
	if (known === undefined) return undefined;
	const now = yield* storeNow();
	const { personAt } = known;
	const from = byPerson ? (personAt ?? -Infinity) + PERSON_PAUSE_MS : nextTryAt(known);
	return from === null || now < from ? known : undefined;
}

/** Remembers a refusal. @returns it as it is remembered */
export function* noteRefusal(
	proof: string,
	refusal: LogOnRefusal,
	byPerson: boolean,
): SqlTransaction<KnownRefusal> {
	const before = yield* knownRefusal(proof);
	const at = yield* storeNow();
	const known: KnownRefusal = {
		...refusal,
		at,
		times: Math.max(1, (before?.times ?? 0) + (byPerson ? 0 : 1)),
		personAt: byPerson ? at : (before?.personAt ?? null),
	};
	yield* putItem(SCOPE, proof, JSON.stringify(known));
	return known;
}

/** Forgets what was refused: the service has taken it after all. */
export function* forgetRefusal(proof: string): SqlTransaction<void> {
	yield* deleteItem(SCOPE, proof);
}
