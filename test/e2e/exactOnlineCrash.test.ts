import { setTimeout as delay } from 'node:timers/promises';
import {
	stopExecution,
	waitForExecution,
	type CredentialReference,
	type WorkflowNode,
} from '../support/n8n';
import { ExactHost, type ExactIdentity } from './support/exactHost';
import { httpRequestNode, meNode, meUrl, runOnce, startOnce } from './support/exactWorkflows';
import { errorText, statusOf } from './support/statusOf';

/** How long n8n without anything to wait for would be gone many times over, in ms. */
const LONG_ENOUGH_TO_END_MS = 5_000;

let exact: ExactHost;

beforeAll(async () => {
	exact = await ExactHost.start({ identities: 8 });
});

afterAll(async () => {
	await exact?.dispose();
});

beforeEach(() => {
	exact.simulator.configure({ accessTokenLifeSeconds: 600, grace: 'none' });
	exact.simulator.reset();
});

interface Connected {
	identity: ExactIdentity;
	credential: CredentialReference;
}

/** So many identities, each with a credential whose token has been used and has ended. */
async function endedInUse(names: string[]): Promise<Connected[]> {
	exact.issueShortLives();
	const connected: Connected[] = [];
	for (const name of names) {
		const identity = exact.newIdentity();
		const credential = await exact.connectedCredential(identity, name);
		connected.push({ identity, credential });
		await succeeds(meNode(credential));
	}
	await exact.letTokenEnd(...connected.map(({ identity }) => identity));
	exact.simulator.reset();
	return connected;
}

async function succeeds(...nodes: WorkflowNode[]): Promise<void> {
	const { status, error } = await runOnce(exact, ...nodes);
	expect({ status, error: error?.message }).toEqual({ status: 'success', error: undefined });
}

/** Starts an execution and waits until its token request is held. */
async function refreshHeldAt(
	point: 'tokenReceived' | 'tokenProcessed',
	{ identity, credential }: Connected,
) {
	const hold = exact.simulator.hold(point, { where: { tags: { clientId: identity.clientId } } });
	const execution = await startOnce(exact, [meNode(credential)]);
	return { execution, held: await hold.waiting() };
}

describe('n8n is restarted', () => {
	it('and the chain goes on at its generation, without another log-in', async () => {
		const [connected] = await endedInUse(['Restarted']);
		const { identity, credential } = connected!;
		exact.issueShortLives();
		exact.simulator.ageChain(identity.clientId, identity.userId, 600);
		await succeeds(meNode(credential));
		const before = await statusOf(exact, credential);
		await exact.letTokenEnd(identity);
		exact.simulator.reset();

		await exact.host.restart();
		await succeeds(httpRequestNode(credential, meUrl(exact)), {
			...meNode(credential),
			name: 'Our node',
		});
		expect(exact.simulator.counters).toMatchObject({
			tokenPosts: 1,
			refreshesGranted: 1,
			logins: 0,
			unauthorized: 0,
			oldTokenUses: 0,
			apiCallsWithExpiredToken: 0,
		});
		const after = await statusOf(exact, credential);
		expect(after.generation).toBe(before.generation + 1);
		expect(after.attempts[0]).toMatchObject({ outcome: 'saved', generation: before.generation });
		// The process is another one.
		expect(after.attempts[0]?.pid).not.toBe(after.attempts[1]?.pid);
	});
});

describe('n8n is told to end (SIGTERM) during the token request of a stopped execution', () => {
	it('waits for the answer, and the next start has the new token', async () => {
		const [connected] = await endedInUse(['Terminated']);
		const { credential } = connected!;
		const { execution, held } = await refreshHeldAt('tokenReceived', connected!);
		await stopExecution(exact.client, execution);
		expect((await waitForExecution(exact.client, execution)).status).toBe('canceled');

		const { process: n8n } = exact.host;
		n8n.signal('SIGTERM');
		await n8n.waitForOutput(/Received SIGTERM/);
		// No execution is left that n8n itself would wait for.
		const first = await Promise.race([n8n.ended, delay(LONG_ENOUGH_TO_END_MS, 'waits' as const)]);
		expect(first).toBe('waits');
		held.release();
		expect(await n8n.ended).toMatchObject({ code: 0 });
		expect(exact.simulator.counters).toMatchObject({ tokenPosts: 1, refreshesGranted: 1 });

		await exact.host.startAgain();
		await succeeds(meNode(credential));
		const { generation, attempts } = await statusOf(exact, credential);
		expect(attempts[0]).toMatchObject({ outcome: 'saved', generation: generation - 1 });
		expect(exact.simulator.counters).toMatchObject({ tokenPosts: 1, unauthorized: 0 });
	});
});

describe('n8n is killed (SIGKILL) during a refresh', () => {
	it('the chain lives where Exact lets it, else one probe, one clear error, and a reconnect heals', async () => {
		const names = ['Killed, not spent', 'Killed, spent, grace', 'Killed, spent, no grace'];
		const [notSpent, grace, noGrace] = (await endedInUse(names)) as [
			Connected,
			Connected,
			Connected,
		];
		// What a lost answer has issued lives shortly, so that its window is open after the restart.
		exact.simulator.configure({ accessTokenLifeSeconds: 2 });
		await refreshHeldAt('tokenProcessed', noGrace);
		exact.simulator.configure({ grace: 'untilNewIsUsed' });
		await refreshHeldAt('tokenProcessed', grace);
		const { held } = await refreshHeldAt('tokenReceived', notSpent);

		await exact.host.crash();
		held.drop();
		exact.simulator.holds.clear('drop');
		expect(exact.simulator.counters).toMatchObject({ tokenPosts: 3, refreshesGranted: 2 });
		await exact.host.startAgain();
		exact.simulator.configure({ accessTokenLifeSeconds: 600 });
		for (const { identity } of [notSpent, grace, noGrace]) {
			exact.simulator.ageChain(identity.clientId, identity.userId, 600);
		}

		for (const { credential, identity } of [notSpent, grace]) {
			await succeeds(meNode(credential), {
				...httpRequestNode(credential, meUrl(exact)),
				name: 'HTTP Request',
			});
			const { generation, attempts } = await statusOf(exact, credential);
			expect(attempts.slice(0, 2)).toMatchObject([
				{ kind: 'probe', outcome: 'saved', generation: generation - 1 },
				{ kind: 'refresh', generation: generation - 1 },
			]);
			// The one that was cut off, and the probe.
			expect(exact.tokenPosts(identity)).toBe(2);
		}

		for (const node of [
			meNode(noGrace.credential),
			meNode(noGrace.credential),
			httpRequestNode(noGrace.credential, meUrl(exact)),
		]) {
			const execution = await runOnce(exact, node);
			expect(execution.status).toBe('error');
			const text = errorText(execution);
			expect(text).toContain('[EXACT_OLD_REFRESH_TOKEN]');
			expect(text).toContain(noGrace.identity.identifier);
			expect(text).toContain('press Connect');
			expect(exact.tokenPosts(noGrace.identity)).toBe(2);
		}
		await exact.connect(noGrace.credential, noGrace.identity);
		await succeeds(meNode(noGrace.credential));
		expect(exact.tokenPosts(noGrace.identity)).toBe(2);
		expect(exact.simulator.counters).toMatchObject({ unauthorized: 0 });
	});
});
