import { setTimeout as delay } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';

import { ConnectorError } from '../../shared/errors';
import { released } from '../../shared/process/singleFlight';
import { identityFacts } from '../../shared/tokenChain/identityKey';
import type { AccessToken } from '../../shared/tokenChain/types';
import { isoTime } from '../../shared/vault/attemptLines';
import { noteEvent, type EventOrigin } from '../../shared/vault/rows/events';
import { windowOpensAt } from './authorizationStatus';
import type { NodeAccessTokenSource } from './nodeAccessTokenSource';

/** No token can promise more of its life than this part: a refresh is not allowed before it has nearly ended. */
const MOST_OF_LIFE = 0.9;

/** One wait for the window and one for a refresh that somebody else has under way are enough. */
const MOST_WAITS = 3;

/** What is asked of a token that leaves n8n. */
export interface TokenOrder {
	/** Life that it has at least, in milliseconds; never more than nine tenths of a whole life are waited for. */
	minimumLifeMs: number;
	origin: EventOrigin;
	/** Waits so many milliseconds; a test passes its own. */
	sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<unknown>;
}

/**
 * The present access token for a program outside n8n, so that it uses the one chain that Exact Online allows
 * instead of a log-in of its own (docs/facts/exact-online.md 1.5). A token that ends too soon is replaced as soon
 * as Exact Online allows it, which is waited for. That it was handed out is noted in the attempt log.
 *
 * @param signal releases the caller at once, also from a wait; rejects with what the wait throws then.
 * @throws ConnectorError EXACT_TOKEN_AGE_UNKNOWN, EXACT_TOO_EARLY where no token with so much life came, and as
 *   `NodeAccessTokenSource.getAccessToken`
 */
export async function sharedAccessToken(
	source: NodeAccessTokenSource,
	{ minimumLifeMs, origin, sleep = sleepUntilAborted }: TokenOrder,
	signal?: AbortSignal,
): Promise<IDataObject> {
	for (let waits = 0; ; waits += 1) {
		const token = await source.getAccessToken('normal', signal);
		const { view } = await released(source.chain.status(source.authorization, 0), signal);
		const left = token.validUntil - performance.now();
		if (left === Infinity) throw ageUnknown();
		if (left >= Math.min(minimumLifeMs, view.lifeMs * MOST_OF_LIFE)) {
			const { record } = view;
			await source.vault.writeAt(record.id, () => noteEvent(record.id, 'includeSecret', origin));
			return output(source, token, identityFacts(record.identity).identifier);
		}
		if (waits === MOST_WAITS) throw endsTooSoon(left);
		await sleep(Math.max(0, (windowOpensAt(view) ?? 0) - view.storeNow), signal);
		await source.chain.renewWhereDue(source.authorization, signal);
	}
}

async function sleepUntilAborted(ms: number, signal: AbortSignal | undefined): Promise<void> {
	await delay(ms, undefined, signal ? { signal } : {});
}

function output(
	{ baseUrl }: NodeAccessTokenSource,
	{ accessToken, validUntil }: AccessToken,
	identifier: string,
): IDataObject {
	const left = validUntil - performance.now();
	return {
		accessToken,
		tokenType: 'Bearer',
		expiresAt: isoTime(Math.floor(Date.now() + left)),
		secondsLeft: Math.floor(left / 1000),
		baseUrl,
		identifier,
	};
}

function ageUnknown(): ConnectorError {
	return new ConnectorError(
		'EXACT_TOKEN_AGE_UNKNOWN',
		'It is not known when the present access token ends, because n8n has not noted it at the log-in.',
		{
			repair: 'Run again in ten minutes, after the first refresh; from then on it is known.',
			retryable: true,
		},
	);
}

function endsTooSoon(leftMs: number): ConnectorError {
	return new ConnectorError(
		'EXACT_TOO_EARLY',
		`The present access token ends in ${Math.round(leftMs / 1000)} seconds, and no newer one could be had yet.`,
		{ repair: 'Run again in a minute, or lower Minimum Remaining Life.', retryable: true },
	);
}
