import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INodeExecutionData } from 'n8n-workflow';
import { DocuWare } from '../../../../../nodes/DocuWare/DocuWare.node';
import { closeVaults } from '../../../../../nodes/shared/vault/place/openVault';
import {
	startDocuWareSimulator,
	type DocuWareSimulator,
	type DocuWareSimulatorOptions,
	type SwitchChanges,
} from '../../../../simulators/DocuWare';
import { executeContext, type NodeSettings, type StandIn } from '../../../../support/n8nContext';

/** The user that most tests log on as; see the simulator's default world. */
export const API_USER = { userName: 'api', password: 'P&ters+Müller 100%' };

/** A simulator, a vault of its own and the node between them. */
export interface NodeFixture {
	simulator: DocuWareSimulator;
	/** Data of a credential *DocuWare* for the simulator, with changes. */
	credential(changes?: Record<string, string | number | boolean>): NodeSettings['credentials'];
	/** Runs the node as one execution; parameters as a workflow stores them. */
	run(
		parameters: NodeSettings['parameters'],
		settings?: NodeSettings,
	): Promise<{ items: INodeExecutionData[] } & StandIn>;
}

let executions = 0;

/** Gives each test of a file a simulator, and an empty vault in a folder that n8n would call its own. */
export function useNode(): {
	start(switches?: SwitchChanges, options?: DocuWareSimulatorOptions): Promise<NodeFixture>;
} {
	const before = { ...process.env };
	let folder = '';
	let running: DocuWareSimulator[] = [];

	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'docuware-node-'));
		process.env.N8N_USER_FOLDER = folder;
		process.env.N8N_ENCRYPTION_KEY = 'an encryption key for tests';
		delete process.env.DB_TYPE;
		delete process.env.N8N_EXACTONLINE_DOCUWARE_VAULT;
	});

	afterEach(async () => {
		await closeVaults();
		await Promise.all(running.map(async (simulator) => await simulator.close()));
		running = [];
		process.env = { ...before };
		await rm(folder, { recursive: true, force: true });
	});

	return {
		start: async (switches = {}, options = {}) => {
			const simulator = await startDocuWareSimulator({ switches, ...options });
			running.push(simulator);
			const credential: NodeFixture['credential'] = (changes = {}) => ({
				docuWareApi: {
					id: 'credential-1',
					data: { platformUrl: simulator.url, ...API_USER, licenceWaitSeconds: 0, ...changes },
				},
			});
			return {
				simulator,
				credential,
				run: async (parameters, settings = {}) => {
					executions += 1;
					const node = new DocuWare();
					const standIn = executeContext({
						description: node.description,
						credentials: credential(),
						executionId: `execution-${executions}`,
						...settings,
						parameters,
					});
					const [items = []] = await node.execute.call(standIn.context);
					return { ...standIn, items };
				},
			};
		},
	};
}

/** Parameters of an operation. */
export function operation(
	resource: string,
	name: string,
	parameters: NodeSettings['parameters'] = {},
): NonNullable<NodeSettings['parameters']> {
	return { resource, operation: name, ...parameters };
}
