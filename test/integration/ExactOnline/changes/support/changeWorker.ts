/** One n8n process that runs operations of the node, as the tests of several workers ask it. */
import type { IDataObject } from 'n8n-workflow';
import { ExactOnlineClient } from '../../../../../nodes/ExactOnline/api/exactOnlineClient';
import { exactChainPolicy } from '../../../../../nodes/ExactOnline/auth/chainPolicy';
import { NodeAccessTokenSource } from '../../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { resources } from '../../../../../nodes/ExactOnline/resources';
import { createRunMemory } from '../../../../../nodes/ExactOnline/resources/common/runMemory';
import { exactOnlineService } from '../../../../../nodes/ExactOnline/resources/service';
import { describeResources } from '../../../../../nodes/shared/node/describeResources';
import { runItem } from '../../../../../nodes/shared/node/runNode';
import { TokenChain } from '../../../../../nodes/shared/tokenChain/tokenChain';
import type { Authorization } from '../../../../../nodes/shared/tokenChain/types';
import { TEST_TIMING } from '../../../../support/chain/chainFixture';
import {
	openChainVault,
	openStoreDatabase,
	TELL_OWNER,
} from '../../../../support/chain/chainStore';
import type { StoreLocation } from '../../../../support/chain/workerMessages';
import { executeContext, locator } from '../../../../support/n8nContext';
import { answerCalls } from '../../../../support/processes/answerCalls';

/** What a worker is started with. */
export interface WorkerStart {
	store: StoreLocation;
	spillFolder: string;
	authorization: Authorization;
}

/** One run of a node. */
export interface WorkerRun {
	operation: 'getChanges' | 'confirmChanges';
	executionId: string;
	division: number;
	mostRows?: number;
}

/** One run of a node with many items. */
export interface WorkerItems {
	parameters: IDataObject;
	items: IDataObject[];
}

const description = {
	displayName: 'Exact Online',
	name: 'exactOnline',
	properties: describeResources(resources, 'account'),
};

let source: NodeAccessTokenSource;

async function open({ store, spillFolder, authorization }: WorkerStart): Promise<void> {
	const database = await openStoreDatabase({ store });
	const vault = await openChainVault(database, { spillFolder, timing: TEST_TIMING });
	const chain = new TokenChain(vault, exactChainPolicy, TELL_OWNER);
	source = new NodeAccessTokenSource(
		chain,
		authorization,
		async () => await Promise.resolve(authorization),
	);
}

async function run({ operation, executionId, division, mostRows }: WorkerRun): Promise<unknown> {
	const { context } = executeContext({
		description,
		executionId,
		mode: 'trigger',
		nodeId: operation,
		credentials: { exactOnlineOAuth2Api: { id: 'credential-1' } },
		parameters: {
			...{ resource: 'change', operation, entity: 'account', division: locator(division) },
			...(mostRows !== undefined && { options: { mostRows } }),
		},
	});
	const item = { context, itemIndex: 0, signal: undefined };
	const client = new ExactOnlineClient(source);
	const memory = createRunMemory();
	const rows = await runItem(
		resources,
		exactOnlineService.errors,
		item,
		async (given) => await Promise.resolve({ ...given, source, client, memory }),
	);
	return rows.map(({ json }) => json);
}

/** Of the run of items that is under way. */
let stopped = new AbortController();

/** Cancels the run of items that is under way. */
async function cancel(): Promise<void> {
	stopped.abort();
	await Promise.resolve();
}

/** Runs the items one after another, as the node does; what became of each. */
async function runItems({ parameters, items }: WorkerItems): Promise<IDataObject[]> {
	const { context } = executeContext({
		...{ description, parameters, mode: 'trigger', items: items.map((json) => ({ json })) },
		credentials: { exactOnlineOAuth2Api: { id: 'credential-1' } },
	});
	const client = new ExactOnlineClient(source);
	const memory = createRunMemory();
	const made: IDataObject[] = [];
	stopped = new AbortController();
	const { signal } = stopped;
	for (const itemIndex of items.keys()) {
		const rows = await runItem(
			resources,
			exactOnlineService.errors,
			{ context, itemIndex, signal },
			async (given) => await Promise.resolve({ ...given, source, client, memory }),
		);
		made.push(...rows.map(({ json }) => json));
	}
	return made;
}

answerCalls({ open, run, runItems, cancel });
