import { isConnectorError, passOn } from '../errors';
import type { RequestLength } from '../http';
import { FORGOTTEN } from '../vault/rows/records';
import { isBoundToPair, isFromRecord } from './access';
import { authorizationFingerprint } from './fingerprints';
import { identityFacts } from './identityKey';
import type { TimedToken } from './memory';
import { dropRefusedToken, freshToken, hasEnded, rememberedToken, rememberStored } from './memory';
import { isUsable, marginFor } from './plan';
import { presentFacts } from './presentFacts';
import type { Presentation } from './presentation';
import { renew } from './renewal';
import type { RenewalRequest } from './renewalRequest';
import type { RivalResult } from './rivalRenewal';
import { renewRival } from './rivalRenewal';
import { liveRival } from './rivalToken';
import type { Authorization, ChainContext, RefusedToken } from './types';
import { readChain } from './view';

/** An authorization that the guard has welcomed, and what it wants. */
export interface Serving {
	presentation: Presentation;
	authorization: Authorization;
	length: RequestLength;
}

/**
 * A token for an authorization, from the pair that it may be served from (`access.ts`).
 * @returns `settled` where its pair is no rival any more: present it again.
 * @throws ConnectorError of the policy's errors or of the vault.
 */
export async function serve(chain: ChainContext, serving: Serving): Promise<RivalResult> {
	const { presentation, authorization: client, length } = serving;
	const { access, record, view } = presentation;
	switch (access.from) {
		case 'record':
			return await fromRecord(chain, serving, access.proved);
		case 'broughtPair':
			return await fromRecord(chain, serving, false);
		case 'present':
			return (
				(await presentToken(chain, serving)) ??
				(await renew(chain, record.id, byItself(chain, serving)))
			);
		case 'ownRefresh':
			return await renew(chain, record.id, { ...byItself(chain, serving), view });
		case 'rival':
			return await renewRival(chain, placeOf(presentation, access.rivalId), { client, length });
		default:
			throw refusedAccess(chain, presentation);
	}
}

/**
 * After a 401: another token, if there is one, or if the refused one has ended. Undefined where the
 * refused token is the present one and young, and no log-in beside it has killed it.
 * @throws ConnectorError of the policy's errors or of the vault.
 */
export async function replace(
	chain: ChainContext,
	serving: Serving,
	refused: RefusedToken,
): Promise<RivalResult | undefined> {
	const { presentation, authorization: client, length } = serving;
	const { access, record } = presentation;
	if (access.from === 'nothing' || access.from === 'refusedSecret') {
		throw refusedAccess(chain, presentation);
	}
	if (access.from === 'rival') {
		const place = placeOf(presentation, access.rivalId);
		const { generation: refusedGeneration } = refused;
		if (isYoung(chain, place.rivalId, refused)) return undefined;
		return await renewRival(chain, place, { client, length, refusedGeneration });
	}
	const mustRefresh = !isFromRecord(access);
	if (record.generation === refused.generation && isYoung(chain, record.id, refused)) {
		const other = await liveRival(chain, { ...serving, refused: refused.accessToken });
		if (other === undefined) return undefined;
		// The log-in that brought it has killed the record's own token.
		dropRefusedToken(chain.vault, record.id, record.generation);
		return other;
	}
	const isSame = record.generation === refused.generation;
	const refusedGeneration = isSame ? { refusedGeneration: refused.generation } : {};
	const only = ownPairOnly(chain, presentation, client);
	const request = { client, length, mustRefresh, ...refusedGeneration, ...only };
	try {
		return await renew(chain, record.id, request);
	} catch (error) {
		return await insteadOf(error, chain, serving, refused.accessToken);
	}
}

/** A renewal by which an authorization shows that the service accepts its client secret. */
function byItself(
	chain: ChainContext,
	{ presentation, authorization: client, length }: Serving,
): RenewalRequest {
	return { client, length, mustRefresh: true, ...ownPairOnly(chain, presentation, client) };
}

/** What a renewal is told where an authorization is served from the pair that it brought, and no other. */
export function ownPairOnly(
	{ vault }: ChainContext,
	{ access, record }: Presentation,
	authorization: Authorization,
): Pick<RenewalRequest, 'broughtBy'> {
	if (!isBoundToPair(access)) return {};
	const fingerprint = authorizationFingerprint(vault, authorization);
	return { broughtBy: { fingerprint, generation: record.generation } };
}

/** Where the pair that an authorization brought stands. */
export function placeOf({ record }: Presentation, rivalId: string) {
	return { recordId: record.id, rivalId };
}

/** Why an authorization is served from no pair. */
export function refusedAccess(
	{ policy }: ChainContext,
	{ access, record, rival }: Presentation,
): Error {
	const about = identityFacts(record.identity);
	if (access.from === 'refusedSecret') {
		return policy.errors.configuration(about, access.code, access.detail);
	}
	const code = access.from === 'nothing' ? access.code : '';
	if (code === FORGOTTEN) return policy.errors.forgotten(about, rival?.setAsideAt ?? null);
	return code === ''
		? policy.errors.overtaken(about)
		: policy.errors.chainLost(about, code, null, null);
}

async function fromRecord(
	chain: ChainContext,
	serving: Serving,
	leavesTime: boolean,
): Promise<TimedToken> {
	const { presentation, authorization: client, length } = serving;
	const { record, view } = presentation;
	const fresh = freshToken(chain, record.id, length);
	const only = ownPairOnly(chain, presentation, client);
	const isHis = only.broughtBy === undefined || fresh?.generation === record.generation;
	if (fresh !== undefined && isHis) return fresh;
	try {
		return await renew(chain, record.id, { client, length, leavesTime, view, ...only });
	} catch (error) {
		return await insteadOf(error, chain, serving);
	}
}

/** The live token of a log-in beside the record's own, where the own one is not to be had. */
async function insteadOf(
	error: unknown,
	chain: ChainContext,
	serving: Serving,
	refused?: string,
): Promise<TimedToken> {
	if (!isConnectorError(error)) passOn(error);
	const other = await liveRival(chain, { ...serving, refused }).catch(() => undefined);
	return other ?? passOn(error);
}

/** The record's present token, as long as it lives; no refresh is waited for. */
async function presentToken(
	chain: ChainContext,
	{ presentation, length }: Serving,
): Promise<TimedToken | undefined> {
	const view = await readChain(chain, presentation.record.id);
	if (view?.record.generation !== presentation.record.generation) return undefined;
	const facts = presentFacts(chain, view);
	const isLive = isUsable(facts, marginFor(length, view.lifeMs));
	return isLive ? rememberStored(chain.vault, view) : undefined;
}

/** Whether the refused token is remembered here, has not ended by any clock, and is not known to be dead. */
function isYoung(
	{ vault }: ChainContext,
	id: string,
	{ generation, isDead }: RefusedToken,
): boolean {
	const known = rememberedToken(vault, id);
	return isDead !== true && known?.generation === generation && !hasEnded(known);
}
