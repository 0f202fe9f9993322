import { setTimeout as delay } from 'node:timers/promises';

import { singleFlight } from '../../../shared/process/singleFlight';
import { isAhead } from '../../../shared/tokenChain/pastTimes';
import type { TokenChain } from '../../../shared/tokenChain/tokenChain';
import type { AccessToken, Authorization } from '../../../shared/tokenChain/types';
import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import { storeNow } from '../../../shared/vault/database/transaction';
import { compareAndSetItem, itemLock, readItem } from '../../../shared/vault/rows/items';
import { itemScope } from '../../../shared/vault/rows/itemScopes';
import type { Vault } from '../../../shared/vault/vault';

const SCOPE = itemScope('docuWareEarlyRefresh', 30 * 86_400_000);

/** A pair that is younger is not at fault: a refresh would give one that is refused as well. */
const LEAST_AGE_MS = 60_000;

/** At most one such refresh per pair in this time. */
const PAUSE_MS = 5 * 60_000;

/** How long a process waits for the refresh that another one has begun, in milliseconds. */
const OTHERS_WAIT_MS = 10_000;

const LOOK_MS = 200;

/** A token that the server has refused before its end, and whose it is. */
export interface DeadToken extends Pick<AccessToken, 'accessToken' | 'generation'> {
	authorization: Authorization;
}

/**
 * Another token in place of one that the server refuses although it has not ended. The Identity Service
 * allows a refresh at any time (docs/facts/docuware.md 5.3), so a token that was revoked is no reason
 * for a person to log in again; but a refusal may be about the request, and a refresh that helps nobody
 * must not repeat itself. So: only where `isDead` says so, never for a pair that has just come, one
 * refresh for that generation, and one per pair in five minutes, counted over all processes.
 *
 * @returns undefined where the refusal is to be reported.
 * @throws ConnectorError of the chain's refresh, or VAULT_*.
 */
export async function refreshDeadToken(
	chain: TokenChain,
	dead: DeadToken,
	isDead: () => Promise<boolean>,
): Promise<AccessToken | undefined> {
	const { authorization, generation } = dead;
	const pair = await servedPair(chain, authorization);
	if (pair.generation !== generation) return await newest(chain, dead);
	if (pair.ageMs < LEAST_AGE_MS) return undefined;
	return await singleFlight(flightKey(chain.vault, pair.id, dead), async () => {
		if (!(await isDead())) return undefined;
		const claim = await claimRefresh(chain.vault, pair.id, generation);
		switch (claim) {
			case 'mine':
				return await chain.replaceRefused(authorization, { ...dead, isDead: true }, 'normal');
			case 'underWay':
				return await awaitOthers(chain, dead, pair.id);
			case 'no':
				return undefined;
		}
	});
}

/** The pair that an authorization is served from: the record's own, or the one it brought, which stands beside it. */
interface ServedPair {
	id: string;
	generation: number;
	/** Since it arrived or is claimed to have; Infinity where nobody knows. In milliseconds. */
	ageMs: number;
}

async function servedPair(chain: TokenChain, authorization: Authorization): Promise<ServedPair> {
	const { access } = await chain.resolve(authorization);
	const { view } = await chain.status(authorization, 0);
	const { record, rivals, storeNow: now } = view;
	const isBeside = ({ id }: { id: string }) => access.from === 'rival' && id === access.rivalId;
	const rival = rivals.find(isBeside);
	const { id, generation } = rival ?? record;
	const since = rival === undefined ? record.receivedAt : (rival.at ?? rival.addedAt);
	return { id, generation, ageMs: since === null ? Infinity : now - since };
}

/** Who presents another client secret, or reaches the server otherwise, must not share the fate. */
function flightKey({ vaultId, sealer }: Vault, pairId: string, dead: DeadToken): string {
	const { clientSecret, pair, ignoreSslIssues, allowHttp } = dead.authorization;
	const who = sealer.fingerprint('early refresh', clientSecret, pair.refreshToken);
	const how = `${ignoreSslIssues}|${allowHttp === true}`;
	return ['earlyRefresh', vaultId, pairId, dead.generation, who, how].join('|');
}

async function newest(chain: TokenChain, dead: DeadToken): Promise<AccessToken | undefined> {
	return await chain.replaceRefused(dead.authorization, dead, 'normal');
}

/** `underWay`: another process has begun the refresh of this very generation just now. */
type Claim = 'mine' | 'underWay' | 'no';

async function claimRefresh(vault: Vault, pairId: string, generation: number): Promise<Claim> {
	const lock = itemLock(SCOPE, pairId);
	return await vault.write(() => claimRows(pairId, generation), { lock });
}

function* claimRows(pairId: string, generation: number): SqlTransaction<Claim> {
	const before = yield* readItem(SCOPE, pairId);
	const now = yield* storeNow();
	const isKnown = before !== undefined && !isAhead(before.updatedAt, now);
	const age = isKnown ? now - before.updatedAt : Infinity;
	if (before?.value === String(generation)) return age < OTHERS_WAIT_MS ? 'underWay' : 'no';
	if (age < PAUSE_MS) return 'no';
	const version = before?.version ?? 0;
	const isMine = yield* compareAndSetItem(SCOPE, pairId, String(generation), version);
	return isMine ? 'mine' : 'underWay';
}

async function awaitOthers(
	chain: TokenChain,
	dead: DeadToken,
	pairId: string,
): Promise<AccessToken | undefined> {
	const until = performance.now() + OTHERS_WAIT_MS;
	while (performance.now() < until) {
		const { id, generation } = await servedPair(chain, dead.authorization);
		if (id !== pairId || generation !== dead.generation) return await newest(chain, dead);
		await delay(LOOK_MS);
	}
	return undefined;
}
