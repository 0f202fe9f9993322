import type { RequestLength } from '../http';
import { rememberLatest } from '../process/rememberLatest';
import { flightState } from '../process/singleFlight';
import { wallTime } from '../process/wallTime';
import type { VaultRecord } from '../vault/rows/records';
import type { Rival } from '../vault/rows/rivals';
import type { Vault } from '../vault/vault';
import { marginFor } from './plan';
import { noteRefused } from './tokenNotes';
import type { AccessToken, ChainContext, TokenPair } from './types';
import type { ChainView } from './view';

/**
 * So many tokens, and so many authorizations, are remembered. One that was renewed longest ago goes first, and
 * is read from the vault again where it is needed.
 */
export const MOST_REMEMBERED = 5_000;

/** An access token of a record with its times, on this process's monotonic clock (ms). */
export interface TimedToken extends Omit<AccessToken, 'validUntil'> {
	recordId: string;
	lifeMs: number;
	/** Null where nobody knows the age. */
	requestedAt: number | null;
	receivedAt: number | null;
	/** True where the age is an upper bound: the token may end earlier than it says. */
	ageUncertain: boolean;
	/** End of life by the wall clock, which goes on while the machine sleeps; null as above. */
	validUntilWall: number | null;
}

/** That an authorization belongs to a record, and until when the guard's word on it holds (monotonic, ms). */
interface RememberedAuthorization {
	recordId: string;
	checkUntil: number;
}

interface ChainMemory {
	/** By vault and record. */
	tokens: Map<string, TimedToken>;
	/** By vault and `presentationKey`; the record's id may be that of the pair that it is served from. */
	authorizations: Map<string, RememberedAuthorization>;
}

/** Shared by all copies of the package in this process, so its shape stands. */
export function chainMemory(): ChainMemory {
	return flightState() as ChainMemory;
}

/** What is remembered under `id` (of a record, or a fingerprint) stands under this key. */
export function memoryKey({ vaultId }: Vault, id: string): string {
	return `${vaultId}|${id}`;
}

/** The token as a caller gets it. */
export function accessTokenOf(token: TimedToken): AccessToken {
	const { accessToken, generation, requestedAt, ageUncertain, lifeMs } = token;
	const isSure = requestedAt !== null && !ageUncertain;
	return { accessToken, generation, validUntil: isSure ? requestedAt + lifeMs : Infinity };
}

/** What this process remembers of a record's token, in whatever state it is. */
export function rememberedToken(vault: Vault, recordId: string): TimedToken | undefined {
	return chainMemory().tokens.get(memoryKey(vault, recordId));
}

/** The remembered token of a record if it may be handed out as it is: life left, and no refresh due. */
export function freshToken(
	{ vault, policy }: ChainContext,
	recordId: string,
	length: RequestLength,
): TimedToken | undefined {
	const token = usableToken({ vault }, recordId, length);
	if (token === undefined || token.receivedAt === null) return token;
	const isDue = performance.now() >= token.receivedAt + token.lifeMs * policy.refreshFrom;
	return isDue ? undefined : token;
}

/** The remembered token of a record if it has life enough left, also where a refresh is due. */
export function usableToken(
	{ vault }: Pick<ChainContext, 'vault'>,
	recordId: string,
	length: RequestLength,
): TimedToken | undefined {
	const token = rememberedToken(vault, recordId);
	if (token === undefined) return undefined;
	const { requestedAt, lifeMs } = token;
	if (requestedAt === null) return token;
	return performance.now() + marginFor(length, lifeMs) < requestedAt + lifeMs ? token : undefined;
}

/**
 * Whether a token that was refused has ended by one of the clocks, or may have because its age is
 * not known for certain.
 */
export function hasEnded(token: TimedToken): boolean {
	const { requestedAt, validUntilWall, ageUncertain, lifeMs } = token;
	if (requestedAt === null || validUntilWall === null || ageUncertain) return true;
	return performance.now() >= requestedAt + lifeMs || Date.now() >= validUntilWall;
}

/**
 * What this process remembers of the token that stands in the store, of a record or of a pair beside one.
 * In a store that fell back another token may come to stand under a generation that is remembered.
 */
export function rememberedOf(
	vault: Vault,
	stored: Pick<VaultRecord, 'id' | 'generation' | 'sealed'>,
): TimedToken | undefined {
	const known = rememberedToken(vault, stored.id);
	if (known?.generation !== stored.generation || stored.sealed === '') return undefined;
	return known.accessToken === accessTokenIn(vault, stored) ? known : undefined;
}

function accessTokenIn(
	vault: Vault,
	stored: Pick<VaultRecord, 'id' | 'generation' | 'sealed'>,
): string {
	return (vault.openSecret(stored) as TokenPair).accessToken;
}

/** Remembers the token that the store holds, for the hot path; what is known of it stays as it is. */
export function rememberStored(vault: Vault, view: ChainView): TimedToken {
	const { record, lifeMs } = view;
	const known = rememberedOf(vault, record);
	if (known !== undefined) return known;
	const { ageUncertain, pairOf } = record.meta;
	vault.rememberSecret(record, { lifeMs, ageUncertain, pairOf });
	const toMonotonic = (at: number | null) =>
		at === null ? null : at + view.monotonicNow - view.storeNow;
	return rememberToken(vault, {
		recordId: record.id,
		generation: record.generation,
		accessToken: accessTokenIn(vault, record),
		lifeMs,
		requestedAt: toMonotonic(record.requestedAt),
		receivedAt: toMonotonic(record.receivedAt),
		ageUncertain: record.meta.ageUncertain === true,
	});
}

/**
 * Remembers the token of a pair that stands beside a record's own, under that pair's id. Its age is the
 * one that is claimed for it, at most that of its entry.
 */
export function rememberRival(
	{ vault, policy }: ChainContext,
	view: ChainView,
	rival: Rival,
): TimedToken {
	const known = rememberedOf(vault, rival);
	if (known !== undefined) return known;
	const at = (rival.at ?? rival.addedAt) + view.monotonicNow - view.storeNow;
	return rememberToken(vault, {
		recordId: rival.id,
		generation: rival.generation,
		accessToken: accessTokenIn(vault, rival),
		lifeMs: rival.lifeMs ?? policy.defaultLifeMs,
		requestedAt: at,
		receivedAt: at,
		ageUncertain: rival.at === null,
	});
}

/** Remembers a token; its end by the wall clock is told from its age as it is now. */
export function rememberToken(vault: Vault, token: Omit<TimedToken, 'validUntilWall'>): TimedToken {
	const { requestedAt, lifeMs } = token;
	const validUntilWall = requestedAt === null ? null : wallTime(requestedAt) + lifeMs;
	const timed = { ...token, validUntilWall };
	rememberLatest(chainMemory().tokens, memoryKey(vault, token.recordId), timed, MOST_REMEMBERED);
	return timed;
}

/** Forgets the token of a record. */
export function forgetToken(vault: Vault, recordId: string): void {
	chainMemory().tokens.delete(memoryKey(vault, recordId));
}

/**
 * The service has refused the access token of a generation: whatever the clocks say, nobody in this
 * process gets it again.
 *
 * @param id of the record, or of the pair that stands beside it.
 */
export function dropRefusedToken(vault: Vault, id: string, generation: number): void {
	noteRefused(memoryKey(vault, id), generation);
	const known = rememberedToken(vault, id);
	if (known !== undefined && known.generation <= generation) forgetToken(vault, id);
}
