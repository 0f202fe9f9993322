import { setTimeout as delay } from 'node:timers/promises';
import { docuWareNode } from '../../e2e/support/docuWareHost';
import { meNode, runOnce, webhookWorkflow } from '../../e2e/support/exactWorkflows';
import { printTable } from '../../support/chain/printTable';
import { until } from '../../support/until';
import type { Fleet } from './fleet';
import { SIZE_NAME } from './size';
import { StartedCalls } from './startedCalls';

/** Long enough for a refresh on a busy machine, in s. */
const LIFE = 6;

/** Within this time a token that has ended has a successor, whatever else the machine does, in ms. */
const RENEWED_WITHIN_MS = 150_000;

/** Executions that are started at once when a token has ended, and in pairs over its successor's life. */
const [AT_ONCE, PAIRS] = [6, 2];

/** What came of a run over several token lives. */
export interface OverTokenLives {
	executions: number;
	endings: Record<string, number>;
	/** Calls by worker. */
	workers: Record<string, number>;
	/** Exact Online: lives that were spent, requests, and what must not be. */
	lives: number;
	tokenPosts: number;
	refreshesGranted: number;
	mostPostsOfOneGeneration: number;
	oldTokenUses: number;
	tooEarly: number;
	startedWithEndedToken: string[];
}

/**
 * Executions over all workers, each with a call of Exact Online and one of DocuWare, while tokens of Exact Online end
 * again and again; the counters are printed.
 *
 * @param name of the scenario
 * @param goOn whether another life is to begin, asked with the number of those there were
 */
export async function overTokenLives(
	fleet: Fleet,
	name: string,
	goOn: (lives: number) => boolean,
): Promise<OverTokenLives> {
	const { exact } = fleet;
	const { simulator } = exact;
	const identity = exact.newIdentity();
	simulator.configure({ accessTokenLifeSeconds: LIFE });
	const credential = await exact.connectedCredential(identity, name);
	// Used before its token ends: until then its age is what n8n's main process has noted, by its own clock.
	const first = await runOnce(exact, meNode(credential));
	expect(first.status).toBe('success');
	const docuWareApi = await fleet.docuWareCredential(name);
	const read = { resource: 'organization', operation: 'getCurrent' };
	const { workflow, start } = await webhookWorkflow(exact, meNode(credential), {
		...docuWareNode({ docuWareApi }, read),
		name: 'DocuWare',
	});
	simulator.reset();
	const calls = new StartedCalls(simulator);

	const chain = () => {
		const found = simulator.chains()[identity.identifier];
		if (found === undefined) throw new Error(`${identity.identifier} has no chain.`);
		return found;
	};
	let executions = 0;
	const startAtOnce = async (count: number) => {
		executions += count;
		await Promise.all(Array.from({ length: count }, start));
	};
	for (let lives = 0; goOn(lives); lives += 1) {
		const { issuedAt, generation } = chain();
		await delay(Math.max(0, issuedAt + LIFE * 1000 - Date.now()));
		await startAtOnce(AT_ONCE);
		for (let pair = 0; pair < PAIRS; pair += 1) {
			await delay((LIFE * 1000) / (PAIRS + 1));
			await startAtOnce(2);
		}
		// Else the next round could come while the request of this one is under way, and both have that one.
		const isRenewed = () => chain().generation > generation;
		await until(isRenewed, { pollMs: 50, limitMs: RENEWED_WITHIN_MS });
	}
	const endings = await fleet.endings(workflow, executions);
	calls.stop();
	simulator.configure({ accessTokenLifeSeconds: 600 });

	const { tokenPosts, refreshesGranted, oldTokenUses, tooEarly } = simulator.counters;
	const posts = Object.values(simulator.counters.tokenPostsByGeneration[identity.identifier] ?? {});
	const outcome: OverTokenLives = {
		...{ executions, endings, workers: { ...calls.byWorker }, lives: posts.length },
		...{ tokenPosts, refreshesGranted, oldTokenUses, tooEarly },
		mostPostsOfOneGeneration: Math.max(...posts),
		startedWithEndedToken: [...calls.withEndedToken],
	};
	printTable(
		`${name} (${SIZE_NAME})`,
		Object.entries(outcome).map(([what, value]) => ({ what, value: JSON.stringify(value) })),
	);
	return outcome;
}

/** One token request in each life, no execution that failed, and no call that began with a token that had ended. */
export function expectOnePostPerLife(outcome: OverTokenLives, atLeast: number): void {
	expect(outcome).toMatchObject({
		endings: { success: outcome.executions },
		...{ mostPostsOfOneGeneration: 1, oldTokenUses: 0, tooEarly: 0, startedWithEndedToken: [] },
	});
	expect(Object.keys(outcome.endings)).toEqual(['success']);
	expect(outcome.refreshesGranted).toBe(outcome.tokenPosts);
	expect(outcome.lives).toBeGreaterThanOrEqual(atLeast);
}
