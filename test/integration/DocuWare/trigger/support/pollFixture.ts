import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { DocuWareTrigger } from '../../../../../nodes/DocuWare/DocuWareTrigger.node';
import type {
	DocuWareSimulator,
	DocuWareSimulatorOptions,
	SwitchChanges,
} from '../../../../simulators/DocuWare';
import { pollContext, takeAsN8n, type NodeSettings } from '../../../../support/n8nContext';
import { useNode, type NodeFixture } from '../../node/support/nodeFixture';

/** The simulator's file cabinet with documents of every field type. */
export const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';

/** What tests do with a published trigger. */
export interface PublishedTrigger {
	context: IPollFunctions;
	/** One poll, whose output n8n takes; the items of both outputs. */
	poll(): Promise<INodeExecutionData[][]>;
	/** The same; the data of the first output. */
	documents(): Promise<IDataObject[]>;
	/** The same; numbers of documents. */
	ids(): Promise<unknown[]>;
	/** Polls until nothing comes any more; numbers of documents by poll. */
	allIds(): Promise<unknown[][]>;
	/** Gets what polls write into n8n's log. */
	log: unknown[][];
}

/** A simulator with the trigger before it. */
export interface PollFixture extends NodeFixture {
	/** Publishes a workflow with the trigger; nothing is polled yet. */
	publish(parameters?: IDataObject, settings?: NodeSettings): PublishedTrigger;
	/** Stores documents at a time of the server (ms); their numbers. */
	store(count: number, at: number, place?: string): number[];
	/** Changes a document at a time of the server (ms). */
	change(id: number, at: number, values?: IDataObject, place?: string): void;
}

/** The trigger for one file cabinet. */
export const cabinet = { fileCabinetId: { __rl: true, mode: 'id', value: INVOICES } };

/** Requests that a simulator has had. */
export const requestsOf = ({ counters }: DocuWareSimulator) =>
	Object.values(counters.requests).reduce((sum, one) => sum + one, 0);

/** Gives each test of a file a simulator and an empty vault. */
export function usePolls(): {
	start(switches?: SwitchChanges, options?: DocuWareSimulatorOptions): Promise<PollFixture>;
} {
	const { start } = useNode();
	return {
		start: async (switches, options) => pollsOf(await start(switches, options)),
	};
}

/** The trigger before a simulator. */
export function pollsOf(fixture: NodeFixture): PollFixture {
	const { documents } = fixture.simulator.state;
	return {
		...fixture,
		publish: (parameters = {}, settings = {}) => published(fixture, parameters, settings),
		store: (count, at, place = INVOICES) =>
			Array.from({ length: count }, () => {
				const values = { COMPANY: 'Peters' };
				return documents.add({ fileCabinetId: place, values, storedBy: 'api', storedAt: at }).id;
			}),
		change: (id, at, values = { STATUS: `changed ${at}` }, place = INVOICES) => {
			const document = documents.find(place, id);
			if (document === undefined) throw new Error(`There is no document ${id}.`);
			document.values = { ...document.values, ...(values as Record<string, string>) };
			document.modifiedAt = at;
		},
	};
}

function published(
	{ credential }: NodeFixture,
	parameters: IDataObject,
	settings: NodeSettings,
): PublishedTrigger {
	const node = new DocuWareTrigger();
	const log: unknown[][] = [];
	const context = pollContext({
		description: node.description,
		mode: 'trigger',
		credentials: credential(),
		log,
		...settings,
		parameters: { ...cabinet, ...parameters },
	});
	const poll = async () => takeAsN8n(context, await node.poll.call(context));
	const documents = async () => ((await poll())[0] ?? []).map(({ json }) => json);
	const ids = async () => (await documents()).map(({ documentId }) => documentId);
	const allIds = async () => {
		const polls: unknown[][] = [];
		for (let found = await ids(); found.length > 0; found = await ids()) polls.push(found);
		return polls;
	};
	return { context, poll, documents, ids, allIds, log };
}
