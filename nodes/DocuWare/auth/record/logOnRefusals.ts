import { parseObject } from '../../../shared/http';
import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import { storeNow, together } from '../../../shared/vault/database/transaction';
import { deleteItem, itemLock, putItem, readItem } from '../../../shared/vault/rows/items';
import { itemScope } from '../../../shared/vault/rows/itemScopes';
import type { RefusalCause } from '../wire/refusalCause';

/** Named by the digest of the log-in data that were refused; see `RefusedLogIn`. */
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

/** So many records are told apart whose log-on with the same log-in data was refused. */
const RECORDS_KNOWN = 20;

/** Log-in data, and for which of the records they were sent that they may belong to. */
export interface RefusedLogIn {
	/** Digest of server, user and secret: the same for every spelling of *Organization*. */
	logIn: string;
	/** Digest of the secret, bound to the record of this spelling. */
	proof: string;
	/** The credential checks no certificate: whoever stands in between may have answered. */
	unchecked?: boolean;
}

/** Who asks whether a log-on may be sent. */
export interface LogOnQuestion extends RefusedLogIn {
	/** A credential test, or *Force*. */
	byPerson: boolean;
	/** The secret has begun the last session of this record: what other spellings were refused says nothing of it. */
	isProved: boolean;
}

/** What a service said when it refused to begin a session. */
export interface LogOnRefusal {
	code: string;
	/** The service's words. */
	detail: string | null;
	cause: RefusalCause;
	/** Of an answer that is none of the known ones. */
	status?: number;
	/** Names of the organizations, where the server told them. */
	organizations?: string[];
	/** The Identity Service, where something at its address said so that may be something else. */
	identityUrl?: string;
}

/** A refusal that is remembered; times of the store's clock, in milliseconds. */
export interface KnownRefusal extends LogOnRefusal {
	/** When it was said last. */
	at: number;
	/** How often it was said when no person had asked. */
	times: number;
	/** When a person last had it tried; null where none did. */
	personAt: number | null;
	/** The proofs of the records for which it was said, the latest last. */
	of: string[];
	/** It was said over a certificate that nobody had checked. */
	unchecked?: boolean;
}

/**
 * When a log-on with this secret is next sent by itself for the record of this proof; null: not before the
 * secret changes. What was said of another spelling may be about that spelling, and what was said over an
 * unchecked certificate may be somebody else's word: it stops nobody for good who checks it.
 */
export function nextTryAt(
	{ cause, at, times, of, unchecked: isDoubtful = false }: KnownRefusal,
	{ proof, unchecked = false }: RefusedLogIn,
): number | null {
	const isOwn = of.includes(proof) && (unchecked || !isDoubtful);
	if (cause === 'logInData' && isOwn) return null;
	const pauses = PAUSES_MS[cause === 'logInData' ? 'noReason' : cause];
	return at + (pauses[Math.min(Math.max(times, 1), pauses.length) - 1] ?? 0);
}

/** As earlier builds have stored it, too. */
type StoredRefusal = Omit<KnownRefusal, 'of'> & Partial<Pick<KnownRefusal, 'of'>>;

/** What is remembered under a name; undefined where nothing was refused, or it was taken since. */
function* refusalNamed(name: string): SqlTransaction<StoredRefusal | undefined> {
	const item = yield* readItem(SCOPE, name);
	return item && (parseObject(item.value) as StoredRefusal | undefined);
}

/** What is remembered of this spelling alone, else of these log-in data. */
export function* knownRefusal({
	logIn,
	proof,
}: RefusedLogIn): SqlTransaction<KnownRefusal | undefined> {
	const [own, all] = yield* together(refusalNamed(proof), refusalNamed(logIn));
	const known = own ?? all;
	// What earlier builds have noted was about its own proof, and does not say so.
	return known && { ...known, of: known.of ?? [proof] };
}

/** The refusal that forbids a log-on now, whoever asks for it; undefined where one may be sent. */
export function* standingRefusal(
	question: LogOnQuestion,
): SqlTransaction<KnownRefusal | undefined> {
	const { byPerson, proof, isProved } = question;
	const known = yield* knownRefusal(question);
	if (known === undefined || (isProved && !known.of.includes(proof))) return undefined;
	const now = yield* storeNow();
	const { personAt } = known;
	const from = byPerson ? (personAt ?? -Infinity) + PERSON_PAUSE_MS : nextTryAt(known, question);
	return from === null || now < from ? known : undefined;
}

/** Names what is remembered of log-in data; see `WriteOptions`. */
export function refusalLocks({ logIn, proof }: RefusedLogIn): string[] {
	return [logIn, proof].map((name) => itemLock(SCOPE, name));
}

/** Remembers a refusal. @returns it as it is remembered */
export function* noteRefusal(
	refused: RefusedLogIn,
	refusal: LogOnRefusal,
	byPerson: boolean,
): SqlTransaction<KnownRefusal> {
	const { logIn, proof, unchecked = false } = refused;
	// The organization is a matter of this spelling: the secret itself has proved to be right.
	const name = refusal.code === 'DOCUWARE_ORGANIZATION_UNKNOWN' ? proof : logIn;
	const before = yield* refusalNamed(name);
	const at = yield* storeNow();
	const others = (before?.of ?? []).filter((one) => one !== proof);
	const known: KnownRefusal = {
		...refusal,
		at,
		times: Math.max(1, (before?.times ?? 0) + (byPerson ? 0 : 1)),
		personAt: byPerson ? at : (before?.personAt ?? null),
		of: [...others, proof].slice(-RECORDS_KNOWN),
		unchecked,
	};
	yield* putItem(SCOPE, name, JSON.stringify(known));
	return known;
}

/** Forgets what was refused: the service has taken it after all. */
export function* forgetRefusals({ logIn, proof }: RefusedLogIn): SqlTransaction<void> {
	yield* together(deleteItem(SCOPE, logIn), deleteItem(SCOPE, proof));
}
