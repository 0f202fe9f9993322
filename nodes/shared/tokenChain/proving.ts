import { isConnectorError, passOn } from '../errors';
import { within } from '../process/presentMeanwhile';
import type { SqlTransaction } from '../vault/database/transaction';
import { storeNow, together } from '../vault/database/transaction';
import type { Attempt } from '../vault/rows/attempts';
import { attemptsAt, RIVAL_ATTEMPT } from '../vault/rows/attempts';
import type { Proof } from '../vault/rows/proofs';
import type { VaultRecord } from '../vault/rows/records';
import { markBroken, readRecordAsItIs, updateRecord } from '../vault/rows/records';
import type { Rival } from '../vault/rows/rivals';
import { insertRival, readRival, setRivalAside, takeRival } from '../vault/rows/rivals';
import { claimsIn } from '../vault/spending/claims';
import type { GrantedSecret } from '../vault/spending/spendSecret';
import { isProved } from './access';
import { forgetAuthorizations } from './authorizationMemory';
import { displacedPair, doubtfulSince } from './displacedPair';
import { identityFacts, identityKey } from './identityKey';
import { forgetToken } from './memory';
import type { ChainContext, TokenClient, TokenPair } from './types';
import { dropWishes, noteAccepted, prove } from './wishes';

/** What the service says of an access token: of the user of this record, of another one, or nothing. */
export type NamedUser = 'same' | 'other' | 'unknown';

/** Nobody waits longer for that, in milliseconds: a new token is saved by then, and good. */
export const LONGEST_ASKED_MS = 5_000;

/**
 * Asks the service whether an access token is that of a record's user.
 * @returns `unknown` where it does not say so.
 */
export async function userOf(
	{ policy }: ChainContext,
	{ identity }: Pick<VaultRecord, 'identity'>,
	client: TokenClient,
	accessToken: string,
): Promise<NamedUser | 'unauthorized'> {
	const named = await policy.whoAmI(client, accessToken).catch(unlessOurs);
	if (named === undefined) return 'unknown';
	if (named === 'unauthorized') return named;
	const { host, clientId } = client;
	const key = identityKey({ service: policy.service, host, clientId }, named);
	return key === identity ? 'same' : 'other';
}

/** Where the service does not say whose token it is, nobody gets it. */
function unlessOurs(error: unknown): undefined {
	if (!isConnectorError(error)) passOn(error);
}

/** A pair that has just been accepted and saved, and the record it belongs to as it was before. */
export interface AcceptedPair {
	record: VaultRecord;
	proofs: readonly Proof[];
	client: TokenClient;
	granted: GrantedSecret<TokenPair>;
}

/**
 * Proves the authorization that brought the record's own pair, once the service has accepted that pair
 * for the first time and says that the new one is of the record's user: a credential can hold the access
 * token of one user beside the refresh token of another (docs/architecture.md, rule 10). Where it is of
 * another user the record is broken. Where the service does not say, the next refresh asks again; where it
 * is slow, `unknown` is told, and its word counts when it comes.
 */
export async function proveOwnPair(
	chain: ChainContext,
	accepted: AcceptedPair,
): Promise<NamedUser> {
	const { record, proofs } = accepted;
	const { pairOf } = record.meta;
	if (record.provisional || typeof pairOf !== 'string' || isProved(proofs, pairOf)) return 'same';
	const proof = askAndProve(chain, accepted, pairOf);
	return (await within(proof, LONGEST_ASKED_MS)) ?? 'unknown';
}

async function askAndProve(
	chain: ChainContext,
	accepted: AcceptedPair,
	pairOf: string,
): Promise<NamedUser> {
	const { record, client, granted } = accepted;
	const user = await userOf(chain, record, client, granted.secret.accessToken);
	if (user !== 'same' && user !== 'other') return 'unknown';
	const { vault, policy } = chain;
	if (user === 'same') {
		const carriedOut = await vault.writeAt(
			record.id,
			(_present, noted?: readonly Proof[]) => prove(record.id, pairOf, noted),
			{ withLook: () => noteAccepted(record.id, pairOf) },
		);
		if (carriedOut) forgetAuthorizations();
		return user;
	}
	const { code } = policy.errors.mixedLogIn(identityFacts(record.identity));
	await vault.writeAt(record.id, (present) =>
		markBroken(record.id, generationOf(chain, accepted, present?.record), code),
	);
	forgetToken(vault, record.id);
	forgetAuthorizations();
	return user;
}

/** Where the new pair stands: later than it was asked for, where an earlier request for it had brought one too. */
function generationOf(
	{ vault }: ChainContext,
	{ record, granted }: AcceptedPair,
	present: VaultRecord | undefined,
): number {
	const usual = record.generation + 1;
	if (present?.state !== 'active') return usual;
	const { refreshToken } = vault.openSecret(present) as TokenPair;
	return refreshToken === granted.secret.refreshToken ? present.generation : usual;
}

/**
 * Where an accepted rival stands then: as the `record`'s pair; `beside` it, where log-ins live side by
 * side or the service does not say whose it is; or set `aside`, because it is of another user.
 */
export type RivalPlace = { at: 'record'; generation: number } | { at: 'beside' } | { at: 'aside' };

/**
 * Proves the authorization that brought a rival, once its new pair is saved beside the record's own and
 * the service says that it is of the record's user. What the authorization has asked for, and that its
 * pair becomes the record's where log-ins end each other, is carried out in the same transaction. A service
 * that is slow to say so is not waited for: until its word comes the new pair stands beside.
 */
export async function proveRival(
	chain: ChainContext,
	accepted: AcceptedPair,
	rival: Rival,
	staysBeside: boolean,
): Promise<RivalPlace> {
	const proof = askAndPlace(chain, accepted, rival, staysBeside);
	return (await within(proof, LONGEST_ASKED_MS)) ?? { at: 'beside' };
}

async function askAndPlace(
	chain: ChainContext,
	{ record, proofs, client, granted }: AcceptedPair,
	rival: Rival,
	staysBeside: boolean,
): Promise<RivalPlace> {
	const { vault, policy } = chain;
	const user = await userOf(chain, record, client, granted.secret.accessToken);
	if (user === 'other') {
		const { code } = policy.errors.mixedLogIn(identityFacts(record.identity));
		await vault.writeAt(record.id, function* (): SqlTransaction<void> {
			yield* setRivalAside(rival.id, code);
			if (rival.authorization !== null) yield* dropWishes(record.id, rival.authorization);
		});
		return { at: 'aside' };
	}
	if (user !== 'same') return { at: 'beside' };
	const taking = {
		id: rival.id,
		generation: rival.generation + 1,
		sealed: vault.sealSecret(record.id, record.generation + 1, granted.secret),
		meta: { ...granted.meta, pairOf: rival.authorization },
		ages: agesOf(granted),
	};
	const next = await vault.writeAt(record.id, function* (): SqlTransaction<
		VaultRecord | undefined
	> {
		const taken = staysBeside ? undefined : yield* takePlace(record, taking);
		const displaced = taken && displacedPair(vault, record, proofs, yield* doubtfulSince(record));
		if (displaced !== undefined) yield* insertRival(displaced, claimsIn(vault.sealer));
		if (rival.authorization !== null) yield* prove(record.id, rival.authorization);
		return taken;
	});
	forgetAuthorizations();
	if (next === undefined) return { at: 'beside' };
	// It was saved under the rival's name; a store that falls back has to get it back as the record's.
	vault.rememberSecret(next, taking.meta);
	return { at: 'record', generation: next.generation };
}

/** An accepted pair that stands beside a record, as that record's own one. */
interface Taking {
	/** Of the pair beside. */
	id: string;
	generation: number;
	/** For the record's next generation. */
	sealed: string;
	meta: Record<string, unknown>;
	ages: ReturnType<typeof agesOf>;
}

/** As the record's next generation, unless that has moved on meanwhile or may be about to. */
function* takePlace(
	seen: VaultRecord,
	{ id, generation, sealed, meta, ages }: Taking,
): SqlTransaction<VaultRecord | undefined> {
	const [record, rival, attempts, now] = yield* together(
		readRecordAsItIs(seen.id),
		readRival(id),
		attemptsAt(seen.id, seen.generation),
		storeNow(),
	);
	if (record?.generation !== seen.generation || record.state === 'merged') return undefined;
	if (rival?.generation !== generation || isOwnUnderWay(attempts)) return undefined;
	const next: VaultRecord = {
		...record,
		generation: seen.generation + 1,
		state: 'active',
		brokenCode: null,
		sealed,
		meta: { ...record.meta, ...meta, firstKept: true },
		requestedAt: now - ages.requestedAgoMs,
		receivedAt: now - ages.receivedAgoMs,
	};
	yield* updateRecord(next);
	yield* takeRival(id);
	return next;
}

/**
 * Whether the record's own pair may be on its way to the service: the lease went back while the word on the
 * rival's user was waited for. What stands open before a later attempt has lost the lease to that.
 */
function isOwnUnderWay(attempts: readonly Attempt[]): boolean {
	const last = attempts.at(-1);
	return last?.outcome === 'open' && last.kind !== RIVAL_ATTEMPT;
}

function agesOf({ requestedAt, receivedAt }: GrantedSecret) {
	const now = performance.now();
	return {
		requestedAgoMs: Math.round(now - requestedAt),
		receivedAgoMs: Math.round(now - receivedAt),
	};
}
