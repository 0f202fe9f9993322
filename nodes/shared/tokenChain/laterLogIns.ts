import { processState } from '../process/processState';
import { rememberLatest } from '../process/rememberLatest';
import type { Vault } from '../vault/vault';
import { isFromRecord } from './access';
import { presentationKey } from './fingerprints';
import { memoryKey } from './memory';
import type { Presentation } from './presentation';
import type { Authorization } from './types';

/** Of so many authorizations it is remembered. */
const MOST_REMEMBERED = 1_000;

/** By the key of an authorization, the generation of the record's pair after which another log-in has come. */
function overtaken(): Map<string, number> {
	return processState('laterLogIns1', () => new Map<string, number>());
}

/**
 * Remembers whether a log-in that came after the record's pair stands beside it, where the chain was read together
 * with the guard's word: from the second check on, within a minute.
 */
export function noteLaterLogIn(
	vault: Vault,
	presented: string,
	{ access, view }: Presentation,
): void {
	if (view === undefined) return;
	const key = memoryKey(vault, presented);
	const { record, rivals } = view;
	const isLater = rivals.some(
		({ state, addedAt }) => state === 'waiting' && addedAt > (record.receivedAt ?? Infinity),
	);
	if (isLater && isFromRecord(access)) {
		rememberLatest(overtaken(), key, record.generation, MOST_REMEMBERED);
	} else {
		overtaken().delete(key);
	}
}

/** Whether another log-in of the same user has perhaps ended this token of an authorization, as was read last. */
export function isPerhapsEnded(
	vault: Vault,
	authorization: Authorization,
	{ generation }: { generation: number },
): boolean {
	const key = memoryKey(vault, presentationKey(vault, authorization));
	return overtaken().get(key) === generation;
}
