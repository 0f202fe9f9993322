import { setTimeout as delay } from 'node:timers/promises';

import { passOn } from '../../../shared/errors';
import { released } from '../../../shared/process/singleFlight';
import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import { storeNow } from '../../../shared/vault/database/transaction';
import { itemLock, putItem, readItem } from '../../../shared/vault/rows/items';
import { itemScope } from '../../../shared/vault/rows/itemScopes';
import type { Vault } from '../../../shared/vault/vault';
import { isVaultTrouble } from '../../../shared/vault/vaultErrors';

/** Lists that a server allows in a minute (docs/facts/docuware.md 8.4). */
const LISTS_A_MINUTE = 60;

const MINUTE_MS = 60_000;

/** So long the store is waited for, in milliseconds. */
const PATIENCE_MS = 3_000;

/** An hour old, the counts say nothing. */
const SCOPE = itemScope('docuWareCabinetLists1', 3_600_000);

/** What comes of asking for a turn. */
export interface ListTurn {
	/** When lists were asked for in the last minute, this one among them where it is its turn; store clock, ms. */
	times: number[];
	/** 0: it is its turn; else when to ask again, in milliseconds. */
	waitMs: number;
}

/** Whether one more list may be asked for. */
export function listTurn(times: readonly number[], now: number): ListTurn {
	const recent = times.filter((time) => time > now - MINUTE_MS && time <= now);
	const oldest =
		recent.length < LISTS_A_MINUTE ? undefined : recent[recent.length - LISTS_A_MINUTE];
	if (oldest !== undefined) return { times: recent, waitMs: oldest + MINUTE_MS - now + 1 };
	return { times: [...recent, now], waitMs: 0 };
}

/**
 * Waits until a server may be asked for its list of file cabinets, counted over all processes that share the vault.
 * A vault in trouble, or silent, counts nothing: the server's own 429 is waited for as well.
 *
 * @throws the signal's reason
 */
export async function cabinetListTurn(
	vault: Vault,
	baseUrl: string,
	signal?: AbortSignal,
): Promise<void> {
	const name = baseUrl.toLowerCase();
	for (;;) {
		signal?.throwIfAborted();
		const waitMs = await released(answeredSoon(takeTurn(vault, name)), signal);
		if (waitMs === 0) return;
		await delay(waitMs, undefined, signal ? { signal } : {});
	}
}

/** Whoever has a session in memory is not held up by a store that is silent: then nothing is counted. */
async function answeredSoon(turn: Promise<number>): Promise<number> {
	const answered = new AbortController();
	const { signal } = answered;
	const goOn = delay(PATIENCE_MS, 0, { signal }).catch(() => 0);
	turn.catch(() => undefined);
	return await Promise.race([turn, goOn]).finally(() => answered.abort());
}

async function takeTurn(vault: Vault, name: string): Promise<number> {
	const take = function* (): SqlTransaction<number> {
		const item = yield* readItem(SCOPE, name);
		const { times, waitMs } = listTurn(parseTimes(item?.value), yield* storeNow());
		if (waitMs === 0) yield* putItem(SCOPE, name, JSON.stringify(times));
		return waitMs;
	};
	return await vault
		.write(take, { lock: itemLock(SCOPE, name) })
		.catch((error: unknown) => (isVaultTrouble(error) ? 0 : passOn(error)));
}

/** What is not understood counts as not known. */
function parseTimes(value: string | undefined): number[] {
	try {
		const times: unknown = JSON.parse(value ?? '[]');
		return Array.isArray(times)
			? times.filter((one): one is number => typeof one === 'number')
			: [];
	} catch {
		return [];
	}
}
