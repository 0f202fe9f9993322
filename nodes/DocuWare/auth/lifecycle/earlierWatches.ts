import { processState } from '../../../shared/process/processState';
import type { Vault } from '../../../shared/vault/vault';
import type { ServerConnection } from '../../platform/serverAddress';

/** What copies of the package that were loaded earlier keep of a session that they watch. */
export interface EarlierWatch {
	vault: Vault;
	connection: ServerConnection;
	recordId: string;
	timer: NodeJS.Timeout | undefined;
	dueAt: number;
}

interface EarlierState {
	watches: Map<string, EarlierWatch>;
	/** Whether such a copy acts at SIGTERM. */
	listens: boolean;
}

function earlierState(): EarlierState {
	return processState<EarlierState>('docuWareIdle1', () => ({
		watches: new Map(),
		listens: false,
	}));
}

/**
 * Keeps an earlier copy from ending the process: it does so at SIGTERM where it finds no listener
 * left, and those of n8n are gone by then. One that does nothing stays there. A copy that does not
 * listen yet is made to believe that it does.
 */
export function quietEarlierListener(): void {
	const earlier = earlierState();
	const n8nListens = process.listenerCount('SIGTERM') > 1;
	if (earlier.listens && n8nListens) process.on('SIGTERM', () => undefined);
	earlier.listens = true;
}

/** The sessions that earlier copies watch, which these then no longer do. */
export function takeEarlierWatches(): EarlierWatch[] {
	const { watches } = earlierState();
	const taken = [...watches.values()];
	watches.clear();
	for (const { timer } of taken) clearTimeout(timer);
	return taken;
}
