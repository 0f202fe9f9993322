import type { IDataObject, NodeExecutionHint } from 'n8n-workflow';
import { NodeAccessTokenSource } from '../../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { ExactOnline } from '../../../../../nodes/ExactOnline/ExactOnline.node';
import type { Vault } from '../../../../../nodes/shared/vault/vault';
import { FIRST_DIVISION, type ExactOnlineSimulator } from '../../../../simulators/ExactOnline';
import { connect } from '../../../../support/chain/chainFixture';
import type { Engine } from '../../../../support/chain/chainStore';
import { useChain } from '../../../../support/chain/useChain';
import { executeContext, locator, type NodeSettings } from '../../../../support/n8nContext';

/** One execution of a workflow that gets changes. */
export interface ChangeRun {
	rows: IDataObject[];
	hints: NodeExecutionHint[];
	/** Ends the execution as Confirm Changes does; what it gives out. */
	confirm(options?: IDataObject, items?: number): Promise<IDataObject[]>;
}

/** A real node on a real vault, and the service that it reaches. */
export interface ChangeBench {
	/** For the stand-in of `createAccessTokenSource`. */
	source(): Promise<NodeAccessTokenSource>;
	/** A run of Get Changes in an execution of its own. */
	get(parameters?: IDataObject, settings?: NodeSettings): Promise<ChangeRun>;
	/** From now on runs go through another opening of the same store, as in another process. */
	otherProcess(): Promise<void>;
	vault(): Promise<Vault>;
	/** Makes, changes or deletes a record as somebody does in the web interface. */
	write(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<IDataObject>;
	readonly simulator: ExactOnlineSimulator;
}

/** Gives each test of a `describe` a service, a vault and a node. */
export function useChanges(engine: Engine): ChangeBench {
	const bench = useChain(engine, { accounts: 3, divisionCount: 8 });
	const node = new ExactOnline();
	let executions = 0;
	let source: Promise<NodeAccessTokenSource> | undefined;
	let authorization: ReturnType<typeof connect>;
	const connected = async () => {
		const { chain } = await bench.open();
		return new NodeAccessTokenSource(
			chain,
			authorization,
			async () => await Promise.resolve(authorization),
		);
	};
	const current = async () => await (source ??= connected());
	beforeEach(() => {
		source = undefined;
		authorization = connect(bench.simulator);
		bench.simulator.configure({ minutelyLimit: 100_000, dailyLimit: 100_000 });
	});
	const run = async (parameters: IDataObject, settings: NodeSettings) => {
		const { context, hints } = executeContext({
			description: node.description,
			credentials: { exactOnlineOAuth2Api: { id: 'credential-1' } },
			mode: 'trigger',
			...settings,
			parameters,
		});
		const [output = []] = await node.execute.call(context);
		return { rows: output.map(({ json }) => json), hints };
	};
	return {
		source: current,
		vault: async () => (await current()).vault,
		async get(parameters = {}, settings = {}) {
			executions += 1;
			const executionId = `execution ${executions}`;
			const all = {
				...{ resource: 'change', operation: 'getChanges', entity: 'account' },
				...{ division: locator(String(FIRST_DIVISION)), ...parameters },
			};
			const got = await run(all, { executionId, ...settings });
			return {
				...got,
				confirm: async (options = {}, items = 1) => {
					const confirm = { resource: 'change', operation: 'confirmChanges', options };
					const input = Array.from({ length: items }, () => ({}));
					const more = { executionId, ...settings, nodeId: 'confirm', items: input };
					return (await run(confirm, more)).rows;
				},
			};
		},
		async otherProcess() {
			source = connected();
			await source;
		},
		async write(method, path, body) {
			const { accessToken } = await (await current()).getAccessToken('normal');
			const answer = await fetch(`${bench.simulator.url}/api/v1/${FIRST_DIVISION}/${path}`, {
				method,
				headers: {
					authorization: `Bearer ${accessToken}`,
					accept: 'application/json',
					'content-type': 'application/json',
				},
				...(body && { body: JSON.stringify(body) }),
			});
			if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
			const text = await answer.text();
			return text === '' ? {} : ((JSON.parse(text) as { d: IDataObject }).d ?? {});
		},
		get simulator() {
			return bench.simulator;
		},
	};
}
