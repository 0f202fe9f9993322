import { processState } from '../../process/processState';
import { rememberLatest } from '../../process/rememberLatest';

/** Beginnings that are remembered. */
const MOST = 1_000;

interface Moment {
	settings: string;
	at: number;
}

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
 * @param node names the node
 * @param settings of the node; with other ones it begins anew
 */
export function beginningMoment(node: string, settings: string): BeginningMoment {
	const moments = processState('pollBeginnings2', () => new Map<string, Moment>());
	const known = moments.get(node);
	const { at } = known?.settings === settings ? known : { at: Date.now() };
	rememberLatest(moments, node, { settings, at }, MOST);
	return { at, forget: () => void moments.delete(node) };
}
