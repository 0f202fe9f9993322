import type { IDataObject } from 'n8n-workflow';
import {
	createAccessTokenSource,
	NodeAccessTokenSource,
} from '../../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { ExactOnlineWebhookTrigger } from '../../../../../nodes/ExactOnline/ExactOnlineWebhookTrigger.node';
import { ReceivedEvents } from '../../../../../nodes/shared/node/events/receivedEvents';
import { processState } from '../../../../../nodes/shared/process/processState';
import { openVault } from '../../../../../nodes/shared/vault/place/openVault';
import type { Vault } from '../../../../../nodes/shared/vault/vault';
import { itemsBelow, putItem, readItem } from '../../../../../nodes/shared/vault/rows/items';
import {
	FIRST_DIVISION,
	webhookSecretOf,
	type ExactOnlineSimulator,
} from '../../../../simulators/ExactOnline';
import { connect } from '../../../../support/chain/chainFixture';
import { useChain } from '../../../../support/chain/useChain';
import { resolvedStandIn } from '../../../../support/exactStandIn';
import { forgetPlannedWakes } from '../../../../support/forgetPlannedWakes';
import { forgetToldProblems } from '../../../../support/forgetToldProblems';
import { locator } from '../../../../support/n8nContext';
import { N8nWebhooks, type ReceivingWorkflow } from '../../../../support/n8nWebhooks';
import { until } from '../../../../support/until';

/** A service, an n8n that it reaches over sockets, and the vault of that n8n. */
export interface WebhookBench {
	readonly simulator: ExactOnlineSimulator;
	readonly n8n: N8nWebhooks;
	/** For the stand-in of `createAccessTokenSource`. */
	source(): Promise<NodeAccessTokenSource>;
	vault(): Promise<Vault>;
	/** A workflow that receives changes of accounts in the first division. */
	workflow(id: string, parameters?: IDataObject, credential?: IDataObject): ReceivingWorkflow;
	/** Topics and addresses of the subscriptions of a division. */
	subscriptions(division?: number): Array<[topic: string, url: string]>;
	/** Every change was delivered, and every execution made is known to the vault. */
	settled(): Promise<void>;
	/** Items of all published executions. */
	items(): IDataObject[];
	/** The last account of the first division is changed. */
	changeAccount(values?: Record<string, unknown>): void;
	/** No subscription can be ended. */
	refuseToEnd(): void;
	/** What is noted of a workflow's subscriptions, as the vault keeps it; empty where nothing is. */
	keptText(id: string): Promise<string>;
	/** The same of the workflow *one*. */
	kept(): Promise<{ testedAt: number }>;
	/** The test run of the workflow *one* began long ago: whoever listened does so no more. */
	ageTest(): Promise<void>;
}

/** The next division after the first one. */
export const SECOND_DIVISION = FIRST_DIVISION + 7;

/** Parameters of a node that is told of both. */
export const BOTH_DIVISIONS = { divisions: [String(FIRST_DIVISION), String(SECOND_DIVISION)] };

/** The node of a workflow, as the vault knows it. */
export const receiverOf = (id: string) => ['instance-1', id, `node of ${id}`] as const;

/** The message of what fails. */
export async function failureOf(work: Promise<unknown>): Promise<string> {
	return await work.then(
		() => 'It did not fail.',
		(error: Error) => error.message,
	);
}

/** Where the vault keeps subscriptions. */
const KEPT = 'webhookSubscriptions1';

/** As after the seconds for which it is remembered what Exact Online has refused. */
export function forgetRefusals(): void {
	processState('webhookRefusals1', () => new Map()).clear();
}

/** Gives each test of a file a bench. The file mocks `createAccessTokenSource` and `openVault`, which then give those of the bench. */
export function useWebhooks(): WebhookBench {
	const chain = useChain('sqlite', { accounts: 3, divisionCount: 4 });
	let n8n: N8nWebhooks;
	let source: Promise<NodeAccessTokenSource> | undefined;
	let authorization: ReturnType<typeof connect>;
	const connected = async () => {
		const opened = await chain.open();
		const read = async () => await Promise.resolve(authorization);
		return new NodeAccessTokenSource(opened.chain, authorization, read);
	};
	const current = async () => await (source ??= connected());
	const vault = async () => (await current()).vault;
	beforeEach(async () => {
		source = undefined;
		jest.mocked(createAccessTokenSource).mockImplementation(current);
		jest.mocked(openVault).mockImplementation(vault);
		forgetRefusals();
		forgetToldProblems();
		authorization = connect(chain.simulator);
		chain.simulator.configure({
			...{ minutelyLimit: 100_000, dailyLimit: 100_000 },
			...{ webhookLoopbackHttp: true, webhookRetryUnitMs: 0 },
		});
		n8n = await N8nWebhooks.start(new ExactOnlineWebhookTrigger());
	});
	afterEach(async () => {
		forgetPlannedWakes();
		await n8n.close();
	});
	const keptText = async (id: string) => {
		const open = await vault();
		return (await open.read(() => readItem(KEPT, JSON.stringify(receiverOf(id)))))?.value ?? '';
	};
	const kept = async () => JSON.parse(await keptText('one')) as { testedAt: number };
	return {
		get simulator() {
			return chain.simulator;
		},
		get n8n() {
			return n8n;
		},
		source: current,
		vault,
		workflow(id, parameters = {}, credential = {}) {
			const app = chain.simulator.world.apps[0]!;
			const secret = { clientId: app.clientId, webhookSecret: webhookSecretOf(app) };
			const data = { ...resolvedStandIn(chain.simulator.url), ...secret, ...credential } as never;
			return {
				id,
				settings: {
					nodeId: `node of ${id}`,
					credentials: { exactOnlineOAuth2Api: { id: 'credential-1', data } },
					parameters: {
						topic: locator('Accounts'),
						divisions: [String(FIRST_DIVISION)],
						...parameters,
					},
				},
			};
		},
		subscriptions: (division = FIRST_DIVISION) =>
			chain.simulator.webhooks
				.subscriptions(division)
				.map(({ Topic, CallbackURL }) => [String(Topic), String(CallbackURL)]),
		async settled() {
			await chain.simulator.webhooks.settled();
			const open = await vault();
			await until(async () => {
				const noted = await open.read(() => itemsBelow('receivedEvents1', ''));
				return noted.length === (await new ReceivedEvents(open).waiting()).length;
			});
		},
		items: () => n8n.executions.filter(({ isTest }) => !isTest).flatMap(({ items }) => items),
		changeAccount(values = {}) {
			chain.simulator.changeRows(FIRST_DIVISION, 'crm/Accounts', values, { last: 1 });
		},
		refuseToEnd() {
			const where = { method: 'DELETE' };
			chain.simulator.faults.api.push({ kind: 'status', status: 403, times: Infinity, where });
		},
		keptText,
		kept,
		async ageTest() {
			const aged = JSON.stringify({ ...(await kept()), testedAt: 1 });
			const open = await vault();
			await open.write(() => putItem(KEPT, JSON.stringify(receiverOf('one')), aged));
		},
	};
}
