import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { NodeAccessTokenSource } from '../../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { ExactOnline } from '../../../../../nodes/ExactOnline/ExactOnline.node';
import { FIRST_DIVISION, type ExactOnlineSimulator } from '../../../../simulators/ExactOnline';
import { connect } from '../../../../support/chain/chainFixture';
import { useChain } from '../../../../support/chain/useChain';
import { locator } from '../../../../support/n8nContext';
import { N8nEngine, type EngineRun } from '../../../../support/n8nEngine';

type Row = Readonly<Record<string, unknown>>;

/** A real node on a real vault, and the service that it reaches. */
export interface DocumentBench {
	/** Answers what the node presents; for the stand-in of `createAccessTokenSource`. */
	source(): Promise<NodeAccessTokenSource>;
	/** Runs the node over input items in n8n's engine; parameters may hold expressions. */
	run(
		parameters: IDataObject,
		items?: IDataObject[],
		settings?: EngineRun,
	): Promise<INodeExecutionData[]>;
	/** Rows that the service holds. */
	rows(path: string): readonly Row[];
	/** Lines of a document, in their order. */
	lines(path: string, header: string, id: unknown): Row[];
	/** Requests to one endpoint. */
	requests(method: string, path: string): number;
	readonly simulator: ExactOnlineSimulator;
}

/** Gives each test of a file a service, a vault and a node. */
export function useDocuments(): DocumentBench {
	const bench = useChain('sqlite');
	const engine = new N8nEngine(new ExactOnline());
	afterAll(() => engine.dispose());
	let source: Promise<NodeAccessTokenSource> | undefined;
	const connected = async () => {
		const { chain } = await bench.open();
		const authorization = connect(bench.simulator);
		return new NodeAccessTokenSource(
			chain,
			authorization,
			async () => await Promise.resolve(authorization),
		);
	};
	beforeEach(() => {
		source = undefined;
		bench.simulator.configure({ minutelyLimit: 100_000, dailyLimit: 100_000 });
	});
	const rows = (path: string) => bench.simulator.rows(FIRST_DIVISION, path);
	return {
		source: async () => await (source ??= connected()),
		async run(parameters, items = [{}], settings = {}) {
			const [output = []] = await engine.run({
				credentials: { exactOnlineOAuth2Api: { id: 'credential-1' } },
				parameters: { division: locator(String(FIRST_DIVISION)), ...parameters },
				items: items.map((json) => ({ json })),
				...settings,
			});
			return output;
		},
		rows,
		lines: (path, header, id) =>
			rows(path)
				.filter((line) => line[header] === id)
				.sort((one, other) => Number(one.LineNumber) - Number(other.LineNumber)),
		requests: (method, path) => bench.simulator.counters.apiCallsByMethod[path]?.[method] ?? 0,
		get simulator() {
			return bench.simulator;
		},
	};
}
