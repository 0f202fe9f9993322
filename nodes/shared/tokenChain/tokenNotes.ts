import { processState } from '../process/processState';
import { rememberLatest } from '../process/rememberLatest';

/** Of how many records a refused access token is remembered. */
const REFUSED_KEPT = 1_000;

/** What this process has found out about tokens by itself; its shape stands. */
interface TokenNotes {
	/** Tokens that arrived here, so that their age was measured. */
	measured: WeakSet<object>;
	/** By the key of a record in memory, the generation whose access token the service has refused. */
	refused: Map<string, number>;
}

function tokenNotes(): TokenNotes {
	return processState<TokenNotes>('tokenNotes1', () => ({
		measured: new WeakSet(),
		refused: new Map(),
	}));
}

/** Notes that this process saw the token arrive. */
export function noteMeasured(token: object): void {
	tokenNotes().measured.add(token);
}

/** Whether the age of a token was measured here, and not worked out from the store's clock. */
export function isMeasured(token: object | undefined): boolean {
	return token !== undefined && tokenNotes().measured.has(token);
}

/**
 * Notes that the service has refused the access token of a generation although it may look good:
 * nobody in this process sends it again.
 */
export function noteRefused(key: string, generation: number): void {
	const { refused } = tokenNotes();
	const latest = Math.max(generation, refused.get(key) ?? generation);
	rememberLatest(refused, key, latest, REFUSED_KEPT);
}

/** Whether the present access token of a record has been refused here; forgets older ones. */
export function wasRefused(key: string, generation: number): boolean {
	const refused = tokenNotes().refused.get(key);
	if (refused !== undefined && refused < generation) tokenNotes().refused.delete(key);
	return refused === generation;
}
