import { processState } from '../../process/processState';
import { rememberLatest } from '../../process/rememberLatest';

/** Beginnings that are remembered. */
const MOST = 1_000;

/** When a node began to poll whose beginning is not noted yet. */
export interface BeginningMoment {
	/** ms since the epoch */
	readonly at: number;
	/** Once it is noted. */
	forget(): void;
}

/**
 * The moment of the first poll whose beginning could not be noted; the present where there is none. While the vault does not
 * answer, the process alone knows it.
 * @param node names the node and its settings: with other ones it begins anew
 */
export function beginningMoment(node: string): BeginningMoment {
	const moments = processState('pollBeginnings1', () => new Map<string, number>());
	const at = moments.get(node) ?? Date.now();
	if (!moments.has(node)) rememberLatest(moments, node, at, MOST);
	return { at, forget: () => void moments.delete(node) };
}
