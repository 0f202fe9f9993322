import type { ChainFacts, RivalFacts } from './chainFacts';
import { endOf, windowOf } from './chainFacts';
import { retryPause } from './ownTurn';
import { secretsRefusedUntil } from './requestLimits';

/** Which rival's refresh token may be sent next, and when. */
export interface RivalTurn {
	rival: string;
	at: number;
	/** It goes before the record's own pair. */
	first: boolean;
}

/**
 * The rival that is tried next: one that was never tried before one that was, a new log-in of the own
 * credential before all others, what this package received before what is claimed, one whose access token
 * came with no pair that was refused before one whose did, the latest first. At most one rival per token
 * life, and of a claim that was refused before one in two, so that forged pairs cost little.
 */
export function rivalTurn(facts: ChainFacts): RivalTurn | undefined {
	const [next] = facts.rivals.filter(({ setAside }) => !setAside).sort(likelierFirst);
	if (next === undefined) return undefined;
	const turn = turnAt(facts, next);
	const isReconnect = next.reconnect === true && next.triedAt === null && next.origin === 'claimed';
	return {
		rival: next.id,
		at: Math.max(opensAt(facts, next), turn, secretsRefusedUntil(facts, next)),
		// Its own window is waited for, but not that other rivals have had their turn.
		first: isReconnect && turn <= facts.now,
	};
}

function opensAt(facts: ChainFacts, { at, triedAt }: RivalFacts): number {
	const window = at === null ? -Infinity : Math.min(at, facts.now) + windowOf(facts);
	return triedAt === null ? window : Math.max(window, triedAt + retryPause(facts));
}

function turnAt({ recent, rivals, toldLifeMs }: ChainFacts, next: RivalFacts): number {
	if (next.wasFirst === true && next.triedAt === null) return -Infinity;
	// A refused client secret is the caller's: the next one need not wait for it, a few times an hour.
	const sent = recent
		.filter(
			({ rival, outcome }) => rival && !['notSent', 'configuration', 'saved'].includes(outcome),
		)
		.map(endOf);
	const wasRefused = (next.refusedBefore ?? 0) > 0;
	// What it was sent for as a rival is among the requests. What it was sent for as the record's own pair, before
	// it was displaced, has a pause of its own (`opensAt`).
	const tried = rivals
		.filter(({ id }) => wasRefused || id !== next.id)
		.map(({ triedAt }) => triedAt)
		.filter((at) => at !== null);
	return Math.max(-Infinity, ...sent, ...tried) + toldLifeMs * (wasRefused ? 2 : 1);
}

/** Orders rivals by how likely it is that the service takes them. */
export function likelierFirst(one: RivalFacts, other: RivalFacts): number {
	return (
		Number(one.triedAt !== null) - Number(other.triedAt !== null) ||
		Number(other.reconnect ?? false) - Number(one.reconnect ?? false) ||
		Number(one.origin === 'claimed') - Number(other.origin === 'claimed') ||
		(one.refusedBefore ?? 0) - (other.refusedBefore ?? 0) ||
		(other.at ?? -Infinity) - (one.at ?? -Infinity) ||
		0
	);
}
