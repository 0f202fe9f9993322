import { processState } from '../process/processState';
import { rememberLatest } from '../process/rememberLatest';
import type { Rival } from '../vault/rows/rivals';
import type { RequestLength } from '../http';
import { isEntitled } from './access';
import { authorizationFingerprint, secretFingerprint } from './fingerprints';
import type { TimedToken } from './memory';
import { dropRefusedToken, memoryKey, rememberRival, usableToken } from './memory';
import type { Presentation } from './presentation';
import { userOf } from './proving';
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
	if (chain.policy.sideBySide || record.provisional) return undefined;
	if (access.from !== 'record' && access.from !== 'broughtPair') return undefined;
	const isProved = access.from === 'record' && access.proved;
	const { authorization } = request;
	const secret = secretFingerprint(chain.vault, authorization);
	const view = await readChain(chain, record.id);
	if (view === undefined || refusalOfSecret(chain, view, authorization)) return undefined;
	const fingerprint = authorizationFingerprint(chain.vault, authorization);
	if (!isProved && !isEntitled({ ...view, fingerprint })) return undefined;
	const asked = new Set<string>();
	for (const rival of view.rivals.filter(({ state }) => state === 'waiting').reverse()) {
		if (!isProved && rival.secretFingerprint !== secret) continue;
		const token = rememberRival(chain, view, rival);
		// However many pairs came with one access token, the service is asked about it once.
		if (asked.has(token.accessToken)) continue;
		asked.add(token.accessToken);
		if (await mayBeUsed(chain, { view, rival, token }, request)) return token;
	}
	return undefined;
}

async function mayBeUsed(
	chain: ChainContext,
	{ view, rival, token }: { view: ChainView; rival: Rival; token: TimedToken },
	{ authorization, length, refused }: LiveRivalRequest,
): Promise<boolean> {
	const { vault } = chain;
	const key = memoryKey(vault, rival.id);
	if (wasRefused(key, rival.generation)) return false;
	if (refused === token.accessToken) {
		dropRefusedToken(vault, rival.id, rival.generation);
		return false;
	}
	if (usableToken(chain, rival.id, length) === undefined) return false;
	if (askedRivals().get(key) === rival.generation) return true;
	const user = await userOf(chain, view.record, authorization, token.accessToken);
	if (user === 'unauthorized') dropRefusedToken(vault, rival.id, rival.generation);
	if (user !== 'same') return false;
	rememberLatest(askedRivals(), key, rival.generation, ASKED_KEPT);
	return true;
}

/** How many answers of the service are remembered. */
const ASKED_KEPT = 1_000;

/** By the key of a pair in memory, the generation of which the service has said whose it is. */
function askedRivals(): Map<string, number> {
	return processState('askedRivals1', () => new Map<string, number>());
}
