import { randomUUID } from 'node:crypto';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { ExactOnline } from '../../../../../nodes/ExactOnline/ExactOnline.node';
import { executeContext, type NodeSettings } from '../../../../support/n8nContext';
import { ExactServer, list, type Script } from '../../api/support/exactServer';
import { FakeTokenSource } from '../../api/support/fakes';

/** The node, and the service that its requests reach. */
export interface ExactNode {
	server: ExactServer;
	node: ExactOnline;
	/** Names of the leases under which something was done in this test. */
	leases: string[];
	/** Runs the node over items, each with parameters of its own. */
	runItems: (
		items: IDataObject | IDataObject[],
		settings?: NodeSettings,
	) => Promise<INodeExecutionData[]>;
}

/**
 * Gives each test of a file a node with an app of its own, so that nothing the process remembers of one test reaches the
 * next. The file has to mock `auth/nodeAccessTokenSource`.
 *
 * @param script what the service answers, unless a test says otherwise
 */
export function useExactNode(script?: Script): ExactNode {
	const server = new ExactServer();
	const leases: string[] = [];
	type Work = (holding: object) => Promise<unknown>;
	const withLease = async (name: string, _options: object, work: Work) => {
		leases.push(name);
		return await work({ name });
	};
	/** Nothing is remembered of turns, so that "nothing is there" is looked for once more. */
	const read = async () => await Promise.resolve([new Map(), new Set(), 0]);
	const write = async () => await Promise.resolve();
	beforeAll(async () => await server.start());
	afterAll(async () => await server.stop());
	beforeEach(() => {
		leases.length = 0;
		const source = new FakeTokenSource(server.baseUrl, randomUUID());
		const vault = { withLease, read, write };
		jest
			.mocked(createAccessTokenSource)
			.mockResolvedValue(Object.assign(source, { chain: { vault } }) as never);
		if (script !== undefined) server.answer(script);
	});
	const node = new ExactOnline();
	return {
		...{ server, node, leases },
		async runItems(given, settings = {}) {
			const items = (Array.isArray(given) ? given : [given]).map((parameters) => ({ parameters }));
			const { description } = node;
			const credentials = { exactOnlineOAuth2Api: { id: 'cred-1' } };
			const { context } = executeContext({ description, credentials, items, ...settings });
			const [output] = await node.execute.call(context);
			return output ?? [];
		},
	};
}

const ME = list([{ CurrentDivision: 42, UserID: 'u' }]);

/** Answers `current/Me` with division 42 and everything else as the test says. */
export function withMe(script: Script): Script {
	return (request, index) => (request.target.includes('/current/Me') ? ME : script(request, index));
}
