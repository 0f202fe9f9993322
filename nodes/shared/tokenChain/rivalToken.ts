import type { Pauses } from '../process/pauses';
import { isPaused, pauseFor } from '../process/pauses';
import { within } from '../process/presentMeanwhile';
import { processState } from '../process/processState';
import { singleFlight } from '../process/singleFlight';
import type { Rival } from '../vault/rows/rivals';
import type { RequestLength } from '../http';
import { isEntitled, isFromRecord, isIssuedFirst } from './access';
import { authorizationFingerprint, secretFingerprint } from './fingerprints';
import type { TimedToken } from './memory';
import { dropRefusedToken, memoryKey, rememberRival, usableToken } from './memory';
import type { Presentation } from './presentation';
import type { NamedUser } from './proving';
import { LONGEST_ASKED_MS, userOf } from './proving';
import { refusalOfSecret } from './refusedSecret';
import { wasRefused } from './tokenNotes';
import type { Authorization, ChainContext, TokenClient } from './types';
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
	if (!isFromRecord(access)) return undefined;
	const isProved = access.from === 'record' && access.proved;
	const { authorization } = request;
	const secret = secretFingerprint(chain.vault, authorization);
	const view = await readChain(chain, record.id);
	if (view === undefined || refusalOfSecret(chain, view, authorization)) return undefined;
	const fingerprint = authorizationFingerprint(chain.vault, authorization);
	if (!isProved && !mayHope(view, fingerprint)) return undefined;
	const asked = new Set<string>();
	const giveUpAt = performance.now() + LONGEST_ASKED_MS;
	for (const rival of view.rivals.filter(({ state }) => state === 'waiting').reverse()) {
		if (!isProved && rival.secretFingerprint !== secret) continue;
		const token = rememberRival(chain, view, rival);
		if (await mayBeUsed(chain, { view, rival, token, asked, giveUpAt }, request)) return token;
	}
	return undefined;
}

/**
 * Whether a log-in that the service has not accepted may go on with another one's token: as long as the
 * service has not refused what it brought itself, unless it called that one issued and replaced.
 */
function mayHope(view: ChainView, fingerprint: string): boolean {
	if (!isEntitled({ ...view, fingerprint })) return false;
	return view.record.state === 'active' || isIssuedFirst(view, fingerprint);
}

interface LiveRival {
	view: ChainView;
	rival: Rival;
	token: TimedToken;
	/** However many pairs came with one access token, the service is asked about it once. */
	asked: Set<string>;
	/** Until when the service is waited for, for all of them together (monotonic, ms). */
	giveUpAt: number;
}

async function mayBeUsed(
	chain: ChainContext,
	live: LiveRival,
	{ authorization, length, refused }: LiveRivalRequest,
): Promise<boolean> {
	const { rival, token, asked, giveUpAt } = live;
	const { vault } = chain;
	const key = memoryKey(vault, rival.id);
	if (wasRefused(key, rival.generation)) return false;
	if (refused === token.accessToken) {
		dropRefusedToken(vault, rival.id, rival.generation);
		return false;
	}
	if (usableToken(chain, rival.id, length) === undefined) return false;
	if (isPaused(namedRivals(), named(key, rival))) return true;
	if (isPaused(unnamedRivals(), key)) return false;
	if (asked.has(token.accessToken)) return false;
	asked.add(token.accessToken);
	const leftMs = giveUpAt - performance.now();
	return leftMs > 0 && (await within(askUser(chain, live, authorization), leftMs)) === 'same';
}

/**
 * Asks the service whose the token of a rival is, once for all that want to know it at that moment: what it
 * says counts for those that come later, also where nobody has waited for it.
 */
async function askUser(
	chain: ChainContext,
	{ view, rival, token }: LiveRival,
	client: TokenClient,
): Promise<NamedUser | 'unauthorized'> {
	const key = memoryKey(chain.vault, rival.id);
	const flight = [
		'userOfRival',
		named(key, rival),
		client.ignoreSslIssues,
		...(client.allowHttp === true ? ['http'] : []),
	].join('|');
	return await singleFlight(flight, async () => {
		const user = await userOf(chain, view.record, client, token.accessToken);
		if (user === 'unauthorized') dropRefusedToken(chain.vault, rival.id, rival.generation);
		if (user === 'same') {
			const holdsMs = rival.origin === 'claimed' ? WORD_HOLDS_MS : token.lifeMs;
			pauseFor(namedRivals(), named(key, rival), holdsMs, ASKED_KEPT);
		} else {
			pauseFor(unnamedRivals(), key, ASK_AGAIN_MS, ASKED_KEPT);
		}
		return user;
	});
}

/** The name of one generation of a pair. */
function named(key: string, { generation }: Rival): string {
	return `${key}|${generation}`;
}

/** How many answers of the service are remembered. */
const ASKED_KEPT = 1_000;

/**
 * How long the service's word on a token holds whose age is only claimed, in milliseconds: it says that the
 * token is good now, and nothing of when it ends.
 */
const WORD_HOLDS_MS = 30_000;

/** By the key of a pair in memory and its generation, how long the service's word that it is the user's holds. */
function namedRivals(): Pauses {
	return processState('namedRivals1', () => new Map<string, number>());
}

/** How long the service is not asked again about a pair of which it has not said that it is the user's. */
const ASK_AGAIN_MS = 60_000;

/** By the key of a pair in memory. */
function unnamedRivals(): Pauses {
	return processState('unnamedRivals1', () => new Map<string, number>());
}
