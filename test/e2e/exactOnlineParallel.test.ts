import { setTimeout as delay } from 'node:timers/promises';
import {
	notesTokenEnd,
	outputOf,
	runWorkflow,
	stopExecution,
	waitForExecution,
	type CredentialReference,
	type Execution,
} from '../support/n8n';
import { ExactHost } from './support/exactHost';
import {
	exactNode,
	httpRequestNode,
	itemNodes,
	manualWorkflow,
	meNode,
	meUrl,
	runOnce,
	startOnce,
	UNDER_TEST,
	webhookWorkflow,
} from './support/exactWorkflows';
import { genericCredential, genericHttpRequestNode } from './support/genericOAuth2';
import { statusOf } from './support/statusOf';
import { runTogether } from './support/together';

let exact: ExactHost;

beforeAll(async () => {
	exact = await ExactHost.start({ identities: 8 });
});

afterAll(async () => {
	await exact?.dispose();
});

beforeEach(() => {
	exact.simulator.configure({ apiDelayMs: 0, tokenDelayMs: 0 });
	exact.simulator.reset();
});

function statuses(executions: Execution[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { status } of executions) counts[status] = (counts[status] ?? 0) + 1;
	return counts;
}

describe('an access token that has ended', () => {
	it('before the first use of the credential: 20 executions at once make one token request', async () => {
		const identity = exact.newIdentity();
		exact.issueShortLives();
		const credential = await exact.connectedCredential(identity, 'First use');
		const workflow = await webhookWorkflow(exact, meNode(credential));
		await exact.letTokenEnd(identity);
		exact.simulator.reset();

		const executions = await runTogether(exact, identity, [workflow], 20);
		expect(statuses(executions)).toEqual({ success: 20 });
		expect(exact.simulator.counters).toMatchObject({
			tokenPosts: 1,
			refreshesGranted: 1,
			apiCallsWithExpiredToken: notesTokenEnd ? 0 : 1,
			unauthorized: notesTokenEnd ? 0 : 1,
		});
		expect(await statusOf(exact, credential)).toMatchObject({
			identifier: identity.identifier,
			generation: 2,
			attempts: [{ kind: 'refresh', outcome: 'saved', generation: 1 }],
		});
	});

	it('in use: 20 executions at once, our node and HTTP Request, make one token request', async () => {
		const identity = exact.newIdentity();
		const compared = exact.newIdentity();
		exact.issueShortLives();
		const credential = await exact.connectedCredential(identity, 'In use');
		expect((await runOnce(exact, meNode(credential))).status).toBe('success');
		const generic = await genericCredential(exact, compared);
		const ours = await webhookWorkflow(exact, meNode(credential));
		const http = await webhookWorkflow(exact, httpRequestNode(credential, meUrl(exact)));
		await exact.letTokenEnd(identity, compared);
		exact.simulator.reset();

		const executions = await runTogether(exact, identity, [ours, http], 10);
		expect(statuses(executions)).toEqual({ success: 20 });
		const { counters } = exact.simulator;
		expect(counters).toMatchObject({
			tokenPosts: 1,
			refreshesGranted: 1,
			apiCallsWithExpiredToken: 0,
			unauthorized: 0,
			oldTokenUses: 0,
			tooEarly: 0,
		});
		for (const execution of executions) {
			expect(JSON.stringify(outputOf(execution, UNDER_TEST))).toContain(identity.userId);
		}
		const shown = [row('this package', executions)];

		// The same with n8n's own OAuth2 credential and refresh, for comparison.
		exact.simulator.reset();
		const plain = await webhookWorkflow(exact, genericHttpRequestNode(generic, meUrl(exact)));
		shown.push(row("n8n's own OAuth2 credential", await runTogether(exact, compared, [plain], 20)));
		console.table(shown);
	});

	it('several times while 50 items are processed: one token request per life', async () => {
		const identity = exact.newIdentity();
		const lifeSeconds = 6;
		exact.simulator.configure({ accessTokenLifeSeconds: lifeSeconds, apiDelayMs: 400 });
		const credential = await exact.connectedCredential(identity, 'Several lives');
		if (!notesTokenEnd) {
			// n8n's own HTTP Request node needs a token whose age is known: that of a refresh.
			await delay(lifeSeconds * 1000 + 1000);
			await runOnce(exact, meNode(credential));
		}
		const first = exact.simulator.world.divisions[0];
		const items = itemNodes(Array.from({ length: 50 }, (_, index) => ({ code: 1000 + index })));
		const ours = exactNode(credential, {
			resource: 'account',
			operation: 'get',
			division: { __rl: true, mode: 'id', value: String(first) },
			record: { __rl: true, mode: 'byCode', value: '={{ $json.code }}' },
			output: 'selected',
			fieldsToReturn: ['ID', 'Code'],
		});
		const batching = { batch: { batchSize: 1, batchInterval: 350 } };
		const http = httpRequestNode(credential, meUrl(exact), { batching });
		const before = await statusOf(exact, credential);
		exact.simulator.reset();

		const executions = await Promise.all([
			runOnce(exact, ...items, ours),
			runOnce(exact, ...items, http),
		]);
		expect(statuses(executions)).toEqual({ success: 2 });
		for (const execution of executions) expect(outputOf(execution, UNDER_TEST)).toHaveLength(50);
		const { counters } = exact.simulator;
		expect(counters).toMatchObject({
			apiCallsWithExpiredToken: 0,
			unauthorized: 0,
			tooEarly: 0,
			oldTokenUses: 0,
		});
		expect(counters.tokenPosts).toBeGreaterThanOrEqual(3);
		expect(counters.refreshesGranted).toBe(counters.tokenPosts);
		const postsByGeneration = Object.values(counters.tokenPostsByGeneration[identity.identifier]!);
		expect(new Set(postsByGeneration)).toEqual(new Set([1]));
		exact.simulator.configure({ accessTokenLifeSeconds: 600 });
		const posts = counters.tokenPosts;
		const after = await statusOf(exact, credential);
		expect(after.generation - before.generation).toBe(posts);
	});
});

describe('a token request of twelve seconds', () => {
	const REQUEST_MS = 12_000;

	it('outlives the execution that was stopped or timed out, and its token serves the next', async () => {
		const stopped = exact.newIdentity();
		const timedOut = exact.newIdentity();
		const stoppedHttp = exact.newIdentity();
		const identities = [stopped, timedOut, stoppedHttp];
		exact.issueShortLives();
		const credentials: CredentialReference[] = [];
		for (const identity of identities) {
			const credential = await exact.connectedCredential(identity, `Slow ${identity.userId}`);
			credentials.push(credential);
			expect((await runOnce(exact, meNode(credential))).status).toBe('success');
		}
		const [first, second, third] = credentials as [
			CredentialReference,
			CredentialReference,
			CredentialReference,
		];
		await exact.letTokenEnd(...identities);
		exact.simulator.reset();
		const { client, simulator } = exact;
		// Until all executions have ended, on a busy machine too.
		const hold = simulator.hold('tokenReceived', { times: identities.length });
		const asked = identities.map(({ clientId }) =>
			simulator.log.next('received', { tags: { clientId, grantType: 'refresh_token' } }),
		);
		const answered = identities.map(({ clientId }) =>
			simulator.log.next('answered', { tags: { clientId, grantType: 'refresh_token' } }),
		);
		const http = httpRequestNode(third, meUrl(exact));
		const executions = [
			await startOnce(exact, [meNode(first)]),
			await startOnce(exact, [meNode(second)], { executionTimeout: 10 }),
			await startOnce(exact, [http]),
		];
		await Promise.all(asked);
		const begun = performance.now();
		await stopExecution(client, executions[0]!);
		await stopExecution(client, executions[2]!);
		const ended = await Promise.all(executions.map((id) => waitForExecution(client, id)));
		expect(ended.map(({ status }) => status)).toEqual(['canceled', 'canceled', 'canceled']);
		// They ended before the answer came.
		expect(simulator.counters).toMatchObject({ tokenPosts: 3, refreshesGranted: 0 });

		await delay(Math.max(0, begun + REQUEST_MS - performance.now()));
		hold.release();
		await Promise.all(answered);
		expect(simulator.counters.refreshesGranted).toBe(3);
		const next = [
			await runOnce(exact, meNode(first)),
			await runOnce(exact, meNode(second)),
			await runOnce(exact, http),
		];
		expect(statuses(next)).toEqual({ success: 3 });
		expect(identities.map((identity) => exact.tokenPosts(identity))).toEqual([1, 1, 1]);
		expect(simulator.counters).toMatchObject({
			tokenPosts: 3,
			unauthorized: 0,
			apiCallsWithExpiredToken: 0,
			oldTokenUses: 0,
		});
	});

	it('is waited for by an execution that nobody stops', async () => {
		const identity = exact.newIdentity();
		exact.issueShortLives();
		const credential = await exact.connectedCredential(identity, 'Patient');
		const { id } = await manualWorkflow(exact, [meNode(credential)]);
		await exact.letTokenEnd(identity);
		exact.simulator.reset();
		exact.simulator.configure({ tokenDelayMs: REQUEST_MS });
		const executions = await Promise.all([
			runWorkflow(exact.client, id),
			runOnce(exact, httpRequestNode(credential, meUrl(exact))),
		]);
		expect(statuses(executions)).toEqual({ success: 2 });
		expect(exact.simulator.counters).toMatchObject({
			tokenPosts: 1,
			unauthorized: notesTokenEnd ? 0 : 1,
		});
	});
});

/** What became of a burst of executions, for the printed table. */
function row(name: string, executions: Execution[]): Record<string, unknown> {
	const { counters } = exact.simulator;
	return {
		way: name,
		executions: executions.length,
		failed: executions.filter(({ status }) => status !== 'success').length,
		'token POSTs': counters.tokenPosts,
		'too early': counters.tooEarly,
		'old token used': counters.oldTokenUses,
		'calls with an expired token': counters.apiCallsWithExpiredToken,
		'401 answers': counters.unauthorized,
	};
}
