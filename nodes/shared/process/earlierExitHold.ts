import { processState } from './processState';

/** The first shape of the exit hold, which copies of the package that were loaded earlier use. */
interface EarlierHold {
	running: Set<Promise<unknown>>;
	/** What that copy's own `process.exit` stands in for. */
	exit?: typeof process.exit;
	asked: boolean;
}

/** What `quietEarlierHold` has changed. */
export interface QuietedHold {
	ownExit: boolean;
}

function earlierHold(): EarlierHold {
	return processState<EarlierHold>('exitHold1', () => ({ running: new Set(), asked: false }));
}

/** Work of earlier copies that must be over before the process may end. */
export function earlierWork(): ReadonlySet<Promise<unknown>> {
	return earlierHold().running;
}

/**
 * Keeps an earlier copy from standing in for `process.exit`, and from putting back what it stood in
 * for, which it does whoever stands there: it does neither once the process has been asked to end.
 * Its stand-in, where there is one, then lets every call pass.
 */
export function quietEarlierHold(exit: typeof process.exit): QuietedHold {
	const hold = earlierHold();
	const ownExit = hold.exit !== undefined;
	hold.exit ??= exit;
	hold.asked = true;
	return { ownExit };
}

/** Lets the earlier copy act again. */
export function wakeEarlierHold({ ownExit }: QuietedHold): void {
	const hold = earlierHold();
	if (!ownExit) hold.exit = undefined;
	hold.asked = false;
}
