import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectorError } from '../../shared/errors';
import { processState } from '../../shared/process/processState';
import type { TokenClient } from '../../shared/tokenChain/types';

/** A pause before Exact Online is asked again whose a log-in is. */
export interface IdentityPause {
	/** How long it is from now on, in milliseconds. */
	ms: number;
	/** What would be told if it were not asked again. */
	error: ConnectorError;
}

interface Pausing {
	/** Monotonic clock, ms. */
	until: number;
	error: ConnectorError;
}

/** Of one app. */
interface Watched {
	pausing: Set<Pausing>;
	watchers: Set<(pause: IdentityPause) => void>;
}

/** By app; it goes with the pauses and with those who watch them. */
function pauses(): Map<string, Watched> {
	return processState('exactIdentityPauses1', () => new Map<string, Watched>());
}

function appOf({ host, clientId }: Pick<TokenClient, 'host' | 'clientId'>): string {
	return JSON.stringify([host, clientId]);
}

function watchedOf(app: string): Watched {
	const known = pauses().get(app) ?? { pausing: new Set(), watchers: new Set() };
	pauses().set(app, known);
	return known;
}

function forgetIfEmpty(app: string, { pausing, watchers }: Watched): void {
	if (pausing.size === 0 && watchers.size === 0) pauses().delete(app);
}

/** Pauses before the question is asked again, and lets those know who do not wait. */
export async function pauseBeforeAsking(
	client: TokenClient,
	{ ms, error }: IdentityPause,
): Promise<void> {
	const app = appOf(client);
	const watched = watchedOf(app);
	const mine = { until: performance.now() + ms, error };
	watched.pausing.add(mine);
	for (const tell of watched.watchers) tell({ ms, error });
	try {
		await delay(ms);
	} finally {
		watched.pausing.delete(mine);
		forgetIfEmpty(app, watched);
	}
}

/**
 * What `work` brings, unless the question whose a log-in of this app is makes a pause meanwhile for which somebody does not wait:
 * the question itself goes on all the same.
 * @param refusal the error with which the work ends there; undefined for a pause that is waited for
 */
export async function unlessIdentityPauses<T>(
	client: Pick<TokenClient, 'host' | 'clientId'>,
	work: Promise<T>,
	refusal: (pause: IdentityPause) => Error | undefined,
): Promise<T> {
	const app = appOf(client);
	const watched = watchedOf(app);
	let watch: ((pause: IdentityPause) => void) | undefined;
	const refused = new Promise<never>((_resolve, reject) => {
		watch = (pause) => {
			const error = refusal(pause);
			if (error) reject(error);
		};
		watched.watchers.add(watch);
		const now = performance.now();
		for (const { until, error } of watched.pausing) watch({ ms: until - now, error });
	});
	try {
		return await Promise.race([work, refused]);
	} finally {
		if (watch) watched.watchers.delete(watch);
		forgetIfEmpty(app, watched);
	}
}
