import type { ChainFacts } from './chainFacts';
import { memoryKey, rememberedOf } from './memory';
import { wasRefused } from './tokenNotes';
import type { ChainContext } from './types';
import type { ChainView } from './view';
import { factsOf } from './view';

/**
 * The facts about a record's own token, with what this process knows of it by itself.
 * @param leavesTime the caller leaves the first half of the window to whoever has something to prove.
 */
export function presentFacts(
	{ vault, policy }: ChainContext,
	view: ChainView,
	leavesTime = false,
): ChainFacts {
	const { record } = view;
	const isRefused = wasRefused(memoryKey(vault, record.id), record.generation);
	const facts = factsOf(view, policy, rememberedOf(vault, record), isRefused, leavesTime);
	// "Too early" was said of a later pair, which this process knows and the store has lost.
	return vault.isFallenBack(record) ? { ...facts, ageIsMeasured: true } : facts;
}
