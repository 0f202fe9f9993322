import type { IDataObject } from 'n8n-workflow';

import { isSwitchedOn } from '../../shared/process/environment';
import { released } from '../../shared/process/singleFlight';
import { attemptLine, isoTime } from '../../shared/vault/attemptLines';
import type { RecordOwner } from '../../shared/vault/rows/records';
import type { Vault } from '../../shared/vault/vault';
import { identityFacts } from '../../shared/tokenChain/identityKey';
import type { ChainView } from '../../shared/tokenChain/view';
import { IDLE_EXPIRY_MS } from './chainPolicy';
import type { NodeAccessTokenSource } from './nodeAccessTokenSource';

const ATTEMPTS_SHOWN = 10;

const SHOW_REGISTRATIONS_VARIABLE = 'N8N_EXACTONLINE_DOCUWARE_SHOW_REGISTRATIONS';

/**
 * What *Authorization > Get Status* shows: the identity, its generation, how old the token is, when
 * it is next refreshed, when an idle chain would end, and the last attempts. No secret.
 * @param signal releases the caller at once.
 */
export async function getAuthorizationStatus(
	source: NodeAccessTokenSource,
	signal?: AbortSignal,
): Promise<IDataObject> {
	const { chain } = source;
	const { view, attempts, vault } = await source.afterReconnect(
		async (authorization) => await released(chain.status(authorization, ATTEMPTS_SHOWN), signal),
		signal,
	);
	const shown = showsRegistrations(process.env)
		? await registrations(source, vault, signal)
		: { vault: { engine: vault.database.engine } };
	return {
		...chainStatus(view, source),
		...shown,
		attempts: attempts.map((attempt) => ({
			...attemptLine(attempt),
			generation: attempt.generation,
		})),
	};
}

/**
 * Whether everybody who runs *Get Status* may see which identities this n8n has registered, for which
 * credentials, and where the vault is: an administrator's decision, because each member of an n8n could
 * read there about the connections of all others.
 */
function showsRegistrations(env: NodeJS.ProcessEnv): boolean {
	return isSwitchedOn(env[SHOW_REGISTRATIONS_VARIABLE]);
}

async function registrations(
	source: NodeAccessTokenSource,
	{ database }: Vault,
	signal: AbortSignal | undefined,
): Promise<IDataObject> {
	const { chain, authorization } = source;
	const registered = await released(chain.registered(authorization.presenter.instanceId), signal);
	return {
		vault: { engine: database.engine, location: database.location },
		registeredIdentities: registered.map((one) => registeredStatus(one, source)),
	};
}

/** The line of one registered identity among those of this n8n. */
function registeredStatus(view: ChainView, source: NodeAccessTokenSource): IDataObject {
	const { identifier, userName, state, idleDeadline, daysUntilIdleDeadline, owner } = chainStatus(
		view,
		source,
	);
	const { credentialName = null } = (owner ?? {}) as IDataObject;
	return { identifier, userName, state, idleDeadline, daysUntilIdleDeadline, credentialName };
}

/** The part of the status that describes one chain; times are ISO texts, durations seconds. */
export function chainStatus(view: ChainView, source: NodeAccessTokenSource): IDataObject {
	const { record, storeNow, lifeMs } = view;
	const { owner, receivedAt, requestedAt } = record;
	const { host, identifier } = identityFacts(record.identity);
	return {
		identifier,
		userName: typeof record.meta.userName === 'string' ? record.meta.userName : null,
		baseUrl: host,
		state: record.state,
		brokenCode: record.brokenCode,
		generation: record.generation,
		tokenAgeSeconds: receivedAt === null ? null : Math.round((storeNow - receivedAt) / 1000),
		accessTokenExpiresAt: isoTime(requestedAt === null ? null : requestedAt + lifeMs),
		nextRefreshFrom: isoTime(windowOpensAt(view)),
		idleDeadline: isoTime(receivedAt === null ? null : receivedAt + IDLE_EXPIRY_MS),
		daysUntilIdleDeadline:
			receivedAt === null
				? null
				: Math.floor((receivedAt + IDLE_EXPIRY_MS - storeNow) / (24 * 60 * 60 * 1000)),
		owner: owner === null ? null : ownerStatus(owner, source),
	};
}

/** When Exact Online allows the next refresh, on the store's clock in ms (docs/facts/exact-online.md 1.4). */
export function windowOpensAt({ record: { receivedAt }, lifeMs }: ChainView): number | null {
	return receivedAt === null ? null : receivedAt + lifeMs * 0.95;
}

/** The owner as far as it may be told (docs/architecture.md, "The state of a token chain"). */
function ownerStatus(owner: RecordOwner, source: NodeAccessTokenSource): IDataObject {
	const { credentialId, credentialName, elsewhere } = source.chain.tellOwner(
		owner,
		source.authorization.presenter,
	);
	return { credentialId, credentialName, otherInstance: elsewhere, since: isoTime(owner.since) };
}
