/**
 * One n8n process of a soak: executions with both services over the vault that its environment names, until
 * it is stopped or killed. Answers `soakFleet.ts`.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import './tellStarts';
// Loaded at the start, as in an n8n that has sent before.
import 'axios';

import { PlatformClient } from '../../../../nodes/DocuWare/api/platformClient';
import { ExactOnlineClient } from '../../../../nodes/ExactOnline/api/exactOnlineClient';
import { exactTokenChain } from '../../../../nodes/ExactOnline/auth/chainPolicy';
import { NodeAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { sessionFor, type FakeRun } from '../../../integration/DocuWare/support/fakeNode';
import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { SeededRandom } from '../../../simulators/shared/seededRandom';
import { answerCalls, asProcessError, notify } from '../../../support/processes/answerCalls';
import type { EndedExecution, SoakNotice, SoakOrder } from './soakMessages';

/** Requests of one execution, at most. */
const MOST_REQUESTS = 3;

const stopping = new AbortController();
let lanes: Array<Promise<void>> = [];

// As n8n does: it ends once its executions have ended.
process.once('SIGTERM', () => {
	stopping.abort();
	void Promise.all(lanes).then(() => process.exit(0));
});

answerCalls({
	begin(order: SoakOrder) {
		lanes = Array.from({ length: order.lanes }, async (_none, lane) => await work(order, lane));
	},
	/** Resolves once every execution that was under way has ended. */
	async stop() {
		stopping.abort();
		await Promise.all(lanes);
	},
});

async function work(order: SoakOrder, lane: number): Promise<void> {
	const random = new SeededRandom(`${order.seed}:${lane}`);
	const { connections, runs, pauseMs } = order;
	for (let turn = lane; !stopping.signal.aborted; turn += 1) {
		const requests = random.integer(1, MOST_REQUESTS);
		const run = runs[Math.floor(turn / 2) % runs.length]!;
		const { authorization, division } = connections[Math.floor(turn / 2) % connections.length]!;
		await (turn % 2 === 0
			? execute('Exact Online', async () => await askExact(authorization, division, requests))
			: execute('DocuWare', async () => await askDocuWare(run, requests)));
		const pause = pauseMs * (0.5 + random.next());
		await delay(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
	}
}

async function execute(service: EndedExecution['service'], run: () => Promise<void>) {
	const startedAt = Date.now();
	tell({ began: true });
	const failure = await run().then(
		() => undefined,
		(error: unknown) => {
			const { code = 'NO_CONNECTOR_ERROR', message } = asProcessError(error);
			return { code, message };
		},
	);
	tell({ ended: { service, startedAt, endedAt: Date.now(), ...(failure && { failure }) } });
}

/** What the Exact Online node does for its items: the same source of tokens, the same client. */
async function askExact(authorization: Authorization, division: number, requests: number) {
	const chain = await exactTokenChain();
	const read = async () => await Promise.resolve(authorization);
	const source = new NodeAccessTokenSource(chain, authorization, read);
	const credentialId = authorization.presenter.credentialId ?? '';
	for (let item = 0; item < requests; item += 1) {
		const client = new ExactOnlineClient(source, { credentialId, item });
		await client.request({ method: 'GET', path: 'crm/Accounts', division });
	}
}

/** What the DocuWare node does for its items. */
async function askDocuWare(run: FakeRun, requests: number) {
	const session = await sessionFor({ ...run, executionId: randomUUID() });
	try {
		for (let item = 0; item < requests; item += 1) {
			await new PlatformClient(session).read({ path: 'Organizations' });
		}
	} finally {
		await session.release();
	}
}

function tell(notice: SoakNotice): void {
	notify(notice);
}
