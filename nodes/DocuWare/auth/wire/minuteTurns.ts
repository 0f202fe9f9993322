import { setTimeout as delay } from 'node:timers/promises';

import { passOn } from '../../../shared/errors';
import { parseJson } from '../../../shared/http';
import { released } from '../../../shared/process/singleFlight';
import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import { storeNow } from '../../../shared/vault/database/transaction';
import { itemLock, putItem, readItem } from '../../../shared/vault/rows/items';
import { itemScope } from '../../../shared/vault/rows/itemScopes';
import type { Vault } from '../../../shared/vault/vault';
import { isVaultTrouble } from '../../../shared/vault/vaultErrors';

/** What a server allows so often in a minute (docs/facts/docuware.md 8.4). */
const MOST_A_MINUTE = 60;

const MINUTE_MS = 60_000;

/** So long the store is waited for, in milliseconds. */
const PATIENCE_MS = 3_000;

/** An hour old, the counts say nothing. */
const KEPT_MS = 3_600_000;

/** What is limited: the list of file cabinets, and log-ons by `Account/…`. */
const SCOPES = {
	cabinetLists: itemScope('docuWareCabinetLists1', KEPT_MS),
	logOns: itemScope('docuWareLogOns1', KEPT_MS),
} as const;

export type MinuteLimit = keyof typeof SCOPES;

/** What comes of asking for a turn. */
export interface MinuteTurn {
	/** The requests of the last minute, this one among them where it is its turn; store clock, ms. */
	times: number[];
	/** 0: it is its turn; else when to ask again, in milliseconds. */
	waitMs: number;
}

/** Whether one more request may go out. */
export function minuteTurn(times: readonly number[], now: number): MinuteTurn {
	const recent = times.filter((time) => time > now - MINUTE_MS && time <= now);
	const oldest = recent.length < MOST_A_MINUTE ? undefined : recent[recent.length - MOST_A_MINUTE];
	if (oldest !== undefined) return { times: recent, waitMs: oldest + MINUTE_MS - now + 1 };
	return { times: [...recent, now], waitMs: 0 };
}

/**
 * Waits until a server may be asked, counted over all processes that share the vault. A vault in trouble, or silent,
 * counts nothing: the server's own 429 is waited for as well.
 *
 * @throws the signal's reason
 */
export async function waitForTurn(
	vault: Vault,
	limit: MinuteLimit,
	baseUrl: string,
	signal?: AbortSignal,
): Promise<void> {
	for (;;) {
		signal?.throwIfAborted();
		const waitMs = await released(takeTurn(vault, limit, baseUrl), signal);
		if (waitMs === 0) return;
		await delay(waitMs, undefined, signal ? { signal } : {});
	}
}

/**
 * Takes a turn if there is one, and counts it.
 * @returns 0 where it is taken; else in how many milliseconds to ask again
 */
export async function takeTurn(vault: Vault, limit: MinuteLimit, baseUrl: string): Promise<number> {
	const [scope, name] = [SCOPES[limit], baseUrl.toLowerCase()];
	const take = function* (): SqlTransaction<number> {
		const item = yield* readItem(scope, name);
		const { times, waitMs } = minuteTurn(parseTimes(item?.value), yield* storeNow());
		if (waitMs === 0) yield* putItem(scope, name, JSON.stringify(times));
		return waitMs;
	};
	return await answeredSoon(vault.write(take, { lock: itemLock(scope, name) }), 0);
}

/** So many turns of a minute are left to those who cannot do without. */
const SPARED = 20;

/** Whether there are turns to spare, for what somebody could do without. */
export async function hasTurnsToSpare(
	vault: Vault,
	limit: MinuteLimit,
	baseUrl: string,
): Promise<boolean> {
	const look = function* (): SqlTransaction<boolean> {
		const item = yield* readItem(SCOPES[limit], baseUrl.toLowerCase());
		const { times } = minuteTurn(parseTimes(item?.value), yield* storeNow());
		return times.length <= MOST_A_MINUTE - SPARED;
	};
	return await answeredSoon(vault.read(look), true);
}

/** Whoever has a session in memory is not held up by a store that is silent or in trouble. */
async function answeredSoon<T>(asked: Promise<T>, otherwise: T): Promise<T> {
	const answered = new AbortController();
	const { signal } = answered;
	const goOn = delay(PATIENCE_MS, otherwise, { signal }).catch(() => otherwise);
	const answer = asked.catch((error: unknown) =>
		isVaultTrouble(error) ? otherwise : passOn(error),
	);
	answer.catch(() => undefined);
	return await Promise.race([answer, goOn]).finally(() => answered.abort());
}

/** What is not understood counts as not known. */
function parseTimes(value: string | undefined): number[] {
	const times = parseJson(value ?? '[]');
	return Array.isArray(times) ? times.filter((one): one is number => typeof one === 'number') : [];
}
