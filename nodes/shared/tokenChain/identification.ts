import { isConnectorError, passOn } from '../errors';
import { singleFlight } from '../process/singleFlight';
import { LEASE_WAIT_MS } from '../vault/leaseHolding';
import { recordLease } from '../vault/rows/leases';
import type { Vault } from '../vault/vault';
import { merge, mergeTarget } from './merging';
import { secretFingerprint } from './fingerprints';
import { identityKey } from './identityKey';
import { noteIdentityRefused, notAskedUntil } from './identityRefusals';
import type { TimedToken } from './memory';
import { forgetToken, hasEnded } from './memory';
import type { Presentation } from './presentation';
import { questionOf } from './presentation';
import { renew } from './renewal';
import { withinCall } from './renewalFlight';
import type { TakenIn } from './takingIn';
import { takeIn } from './takingIn';
import type { Authorization, ChainContext, Identity } from './types';
import { whileUnderWay } from './underWay';

/** Merging is tried again this often while other processes change the records. */
const MERGE_TRIES = 10;

/**
 * Finds out whose authorization it is and brings it into the record of that identity
 * (docs/architecture.md, "The state of a token chain").
 * @throws ConnectorError of the policy's errors or of the vault
 */
export async function identify(
	chain: ChainContext,
	authorization: Authorization,
	fingerprint: string,
): Promise<Presentation> {
	// Two credentials may present one authorization; each is judged by itself, and a wrong client
	// secret must not fail the one that holds the right one.
	const key = [
		'identify',
		chain.vault.vaultId,
		fingerprint,
		JSON.stringify(authorization.presenter),
		secretFingerprint(chain.vault, authorization),
		authorization.ignoreSslIssues,
		...(authorization.allowHttp === true ? ['http'] : []),
	].join('|');
	const flight = singleFlight(key, async () => {
		const noted = noting(chain, key);
		const takenIn = await takeIn(noted, authorization, fingerprint);
		return await mergeUnderLeases(noted, authorization, fingerprint, takenIn);
	});
	return await withinCall(chain, authorization, { flight, name: key });
}

/** The same chain, whose questions to the service are known to be under way by that name. */
function noting({ vault, policy }: ChainContext, name: string): ChainContext {
	const whoAmI: typeof policy.whoAmI = async (client, accessToken) =>
		await whileUnderWay(name, async () => await policy.whoAmI(client, accessToken));
	return { vault, policy: { ...policy, whoAmI } };
}

/** Whose the pair of a provisional record is, and of which generation of it the service was asked. */
async function askIdentity(
	chain: ChainContext,
	authorization: Authorization,
	{ recordId, isNew }: TakenIn,
): Promise<{ identity: string; generation: number; userName: string | null }> {
	const { vault, policy } = chain;
	const request = { client: authorization, length: 'normal' } as const;
	let token = await renew(chain, recordId, request);
	if (!isNew) await throwWhileRefused(chain, authorization, token);
	let identity = await whoHolds(chain, authorization, token);
	if (identity === 'unauthorized' && hasEnded(token)) {
		const refusedGeneration = token.generation;
		token = await renew(chain, recordId, { ...request, refusedGeneration });
		identity = await whoHolds(chain, authorization, token);
	}
	if (identity === 'unauthorized') {
		await noteIdentityRefused(vault, token.recordId);
		throw policy.errors.refusedToken(unidentified(authorization));
	}
	const key = identityKey({ ...authorization, service: policy.service }, identity);
	return { identity: key, generation: token.generation, userName: identity.userName };
}

/** Answers that say no to whoever asks, and that the service counts as errors; a 401 is told as such. */
const COUNTED_NO = [400, 403, 404];

async function whoHolds(
	{ vault, policy }: ChainContext,
	authorization: Authorization,
	{ recordId, accessToken }: TimedToken,
): Promise<Identity | 'unauthorized'> {
	try {
		return await policy.whoAmI(authorization, accessToken);
	} catch (error) {
		if (isConnectorError(error) && COUNTED_NO.includes(error.httpStatus ?? 0)) {
			await noteIdentityRefused(vault, recordId);
		}
		passOn(error);
	}
}

/** @throws the policy's `unavailable` where the service has refused this token too often to be asked again */
async function throwWhileRefused(
	{ vault, policy }: ChainContext,
	authorization: Authorization,
	{ recordId }: TimedToken,
): Promise<void> {
	const until = await notAskedUntil(vault, recordId);
	if (until === undefined) return;
	const detail =
		'the service keeps refusing the access token by which it is asked whose this log-in is';
	throw policy.errors.unavailable(unidentified(authorization), detail, until);
}

async function mergeUnderLeases(
	chain: ChainContext,
	authorization: Authorization,
	fingerprint: string,
	takenIn: TakenIn,
): Promise<Presentation> {
	const { recordId: provisionalId } = takenIn;
	const { vault, policy } = chain;
	const question = questionOf(chain, authorization, fingerprint);
	let asked = await askIdentity(chain, authorization, takenIn);
	for (let tries = 0; tries < MERGE_TRIES; tries += 1) {
		const { userName, ...owner } = asked;
		const input = { provisionalId, ...owner, meta: { userName }, question };
		const targetId = await mergeTarget(vault, input.identity);
		const ids = [...new Set([provisionalId, targetId ?? provisionalId])].sort();
		const result = await underLeases(vault, ids, async () => await merge(vault, input, targetId));
		if (result === 'askAgain') asked = await askIdentity(chain, authorization, takenIn);
		if (typeof result === 'string') continue;
		// What was remembered of the provisional record lacks the age that the merge has given it.
		forgetToken(vault, provisionalId);
		return result.merged;
	}
	throw policy.errors.unavailable(
		unidentified(authorization),
		'other processes kept changing this connection while it was being registered',
		Date.now(),
	);
}

/** Leases are always taken in the order of their names, so that two merges cannot block each other. */
async function underLeases<T>(
	vault: Vault,
	recordIds: string[],
	work: () => Promise<T>,
): Promise<T> {
	const [first, ...rest] = recordIds;
	if (first === undefined) return await work();
	return await vault.withLease(
		recordLease(first),
		{ waitMs: LEASE_WAIT_MS },
		async () => await underLeases(vault, rest, work),
	);
}

function unidentified({ host, clientId }: Authorization) {
	return { host, identifier: clientId };
}
