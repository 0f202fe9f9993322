import type { IDataObject } from 'n8n-workflow';

import { ConnectorError, isConnectorError } from '../../shared/errors';
import { released } from '../../shared/process/singleFlight';
import { identityFacts } from '../../shared/tokenChain/identityKey';
import { isoTime } from '../../shared/vault/attemptLines';
import type { EventOrigin } from '../../shared/vault/rows/events';
import { UNKNOWN_RUN } from '../../shared/vault/rows/events';
import type { RecordOwner } from '../../shared/vault/rows/records';
import { chainStatus, windowOpensAt } from './authorizationStatus';
import type { NodeAccessTokenSource } from './nodeAccessTokenSource';

/**
 * Keeps an idle chain alive: a refresh token lapses after 30 days without use
 * (docs/facts/exact-online.md 1.4). Refreshes where a refresh is due, so at most once per window
 * however often it runs.
 */
export async function keepAlive(
	source: NodeAccessTokenSource,
	signal?: AbortSignal,
): Promise<IDataObject> {
	const before = await source.afterReconnect(
		async (authorization) => await released(source.chain.status(authorization, 0), signal),
		signal,
	);
	const { generation } = await source.chain.renewWhereDue(source.authorization, signal);
	const { view } = await released(source.chain.status(source.authorization, 0), signal);
	return { refreshed: generation > before.view.record.generation, ...chainStatus(view, source) };
}

/**
 * Refreshes now.
 * @throws ConnectorError EXACT_TOO_EARLY with the time, before the window is open
 */
export async function refreshNow(
	source: NodeAccessTokenSource,
	signal?: AbortSignal,
): Promise<IDataObject> {
	await source
		.afterReconnect(
			async (authorization) => await source.chain.refreshNow(authorization, signal),
			signal,
		)
		.catch(async (error: unknown) => {
			throw (await tooEarly(source, error, signal)) ?? error;
		});
	const { view } = await released(source.chain.status(source.authorization, 0), signal);
	return { refreshed: true, ...chainStatus(view, source) };
}

/** The error of a refresh that failed because its window is not open; undefined for any other. */
async function tooEarly(
	source: NodeAccessTokenSource,
	error: unknown,
	signal: AbortSignal | undefined,
): Promise<ConnectorError | undefined> {
	if (!isConnectorError(error) || error.code !== 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE') return;
	const { view } = await released(source.chain.status(source.authorization, 0), signal);
	const opensAt = windowOpensAt(view);
	if (opensAt === null || view.storeNow >= opensAt) return;
	const retryAt = error.retryAt ?? opensAt;
	return new ConnectorError(
		'EXACT_TOO_EARLY',
		'Exact Online does not allow a refresh yet: the present access token is too young.',
		{
			repair: `Nothing is wrong, and nothing need be done. Run again after ${isoTime(retryAt)} if you like.`,
			retryable: true,
			retryAt,
		},
	);
}

/**
 * Gives up the registration of the credential's identity; the next credential that uses it gets it.
 * @param signal releases the caller at once; a registration that was not given up yet is kept.
 */
export async function releaseRegistration(
	source: NodeAccessTokenSource,
	signal?: AbortSignal,
	origin: EventOrigin = UNKNOWN_RUN,
): Promise<IDataObject> {
	const { record } = await source.chain.release(source.authorization, signal, origin);
	return {
		released: true,
		identifier: identityFacts(record.identity).identifier,
		formerOwner: ownerName(source, record.owner),
	};
}

/**
 * Registers this credential in place of the one registered first, which is refused from then on.
 * @param signal releases the caller at once; a registration that was not taken over yet stays.
 */
export async function takeOverRegistration(
	source: NodeAccessTokenSource,
	signal?: AbortSignal,
	origin: EventOrigin = UNKNOWN_RUN,
): Promise<IDataObject> {
	const { record, verdict } = await source.chain.takeOver(source.authorization, signal, origin);
	return {
		takenOver: verdict.welcome && verdict.pending === undefined,
		// Carried out as soon as the service has accepted the log-in of this credential.
		pending: verdict.pending !== undefined,
		identifier: identityFacts(record.identity).identifier,
		owner: ownerName(source, verdict.owner),
	};
}

/** Exact Online has no way for an app to end its own right (docs/facts/exact-online.md 1.1). */
const REMAINING_RIGHT =
	'The app keeps its right at Exact Online until the user takes it away there: My Exact Online > ' +
	'Security center > Revoke.';

/**
 * Ends the log-in of this credential for good: its tokens are overwritten, and nothing of it is sent again.
 * @param signal releases the caller before it has begun; nothing is forgotten then.
 * @throws ConnectorError EXACT_UNPROVED, EXACT_DUPLICATE_IDENTIFIER or a VAULT_* code.
 */
export async function forget(
	source: NodeAccessTokenSource,
	signal?: AbortSignal,
	origin: EventOrigin = UNKNOWN_RUN,
): Promise<IDataObject> {
	const { record, scope, at } = await source.chain.forget(source.authorization, { origin }, signal);
	return {
		forgotten: true,
		forgottenAt: isoTime(at),
		scope,
		identifier: identityFacts(record.identity).identifier,
		remainingRight: REMAINING_RIGHT,
	};
}

function ownerName(source: NodeAccessTokenSource, owner: RecordOwner | null): string | null {
	return source.chain.tellOwner(owner, source.authorization.presenter).credentialName;
}
