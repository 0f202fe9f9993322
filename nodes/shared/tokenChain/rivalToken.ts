import { processState } from '../process/processState';
import { rememberLatest } from '../process/rememberLatest';
import type { Rival } from '../vault/rows/rivals';
import { isConnectorError } from '../errors';
import type { RequestLength } from '../http';
import { secretFingerprint } from './fingerprints';
import { identityKey } from './identityKey';
import type { TimedToken } from './memory';
import { dropRefusedToken, memoryKey, rememberRival, usableToken } from './memory';
import type { Presentation } from './presentation';
import { refusalOfSecret } from './refusedSecret';
import { wasRefused } from './tokenNotes';
import type { Authorization, ChainContext } from './types';
import type { ChainView } from './view';
import { readChain } from './view';

/** Who asks for a live token of a rival, and for what. */
export interface LiveRivalRequest {
	presentation: Presentation;
	authorization: Authorization;
	length: RequestLength;
	/** An access token that the service has just refused. */
	refused?: string;
}

/**
 * The live access token of a pair that stands beside the record's own one, for the record's own
 * credentials, where their own has ended, was refused or was killed by that log-in. Only where a new
 * log-in ends the earlier ones, so that this token is the one that lives; and only after the service
 * has said to this package itself whose it is (docs/architecture.md, rule 10).
 * @returns undefined where there is none
 */
export async function liveRival(
	chain: ChainContext,
	request: LiveRivalRequest,
): Promise<TimedToken | undefined> {
	const { access, record } = request.presentation;
	if (chain.policy.sideBySide || access.from !== 'record' || record.provisional) return undefined;
	const { authorization } = request;
	const secret = secretFingerprint(chain.vault, authorization);
	const view = await readChain(chain, record.id);
	if (view === undefined || refusalOfSecret(chain, view, authorization)) return undefined;
	for (const rival of view.rivals.filter(({ state }) => state === 'waiting').reverse()) {
		if (!access.proved && rival.secretFingerprint !== secret) continue;
		const token = await tokenOf(chain, { view, rival }, request);
		if (token !== undefined) return token;
	}
	return undefined;
}

async function tokenOf(
	chain: ChainContext,
	{ view, rival }: { view: ChainView; rival: Rival },
	{ authorization, length, refused }: LiveRivalRequest,
): Promise<TimedToken | undefined> {
	const { vault, policy } = chain;
	const key = memoryKey(vault, rival.id);
	if (wasRefused(key, rival.generation)) return undefined;
	const token = rememberRival(chain, view, rival);
	if (refused === token.accessToken) {
		dropRefusedToken(vault, rival.id, rival.generation);
		return undefined;
	}
	if (usableToken(chain, rival.id, length) === undefined) return undefined;
	if (askedRivals().get(key) === rival.generation) return token;
	const identity = await policy.whoAmI(authorization, token.accessToken).catch(unlessOurs);
	if (identity === 'unauthorized') dropRefusedToken(vault, rival.id, rival.generation);
	if (identity === undefined || identity === 'unauthorized') return undefined;
	const app = { ...authorization, service: policy.service };
	if (identityKey(app, identity) !== view.record.identity) return undefined;
	rememberLatest(askedRivals(), key, rival.generation, ASKED_KEPT);
	return token;
}

/** Where the service does not say whose token it is, nobody gets it. */
function unlessOurs(error: unknown): undefined {
	if (!isConnectorError(error)) throw error;
}

/** How many answers of the service are remembered. */
const ASKED_KEPT = 1_000;

/** By the key of a pair in memory, the generation of which the service has said whose it is. */
function askedRivals(): Map<string, number> {
	return processState('askedRivals1', () => new Map<string, number>());
}
