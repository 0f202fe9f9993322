import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { ItemCall, OutputRow } from '../../../shared/node/operation';
import { PARALLEL_REQUESTS } from '../../api/exactOnlineClient';
import type { Operation, OperationCall, Resource } from '../operation';
import { MOST_WAIT_MS } from './boundedClock';
import type { RunLimits } from './runMemory';

/** So many workers in one division are the most that can be asked for. */
const MOST_PARALLEL = 5;

/** How an operation stands to Exact's limits. */
const callLimitsField: INodeProperties = {
	displayName: 'Call Limits',
	name: 'callLimits',
	type: 'collection',
	placeholder: 'Add limit option',
	default: {},
	options: [
		{
			displayName: 'Add What Is Left to the Output',
			name: 'addToOutput',
			type: 'boolean',
			default: false,
			description:
				'Whether each output item tells in rateLimits how many calls of the minute and the day ' +
				'are left in its division',
		},
		{
			displayName: 'Longest Wait (Seconds)',
			name: 'longestWait',
			type: 'number',
			noDataExpression: true,
			typeOptions: { minValue: 0, maxValue: MOST_WAIT_MS / 1000 },
			default: 20,
			description:
				'How long an item may take until a request of it has a place in the minute of its division. What ' +
				'cannot be sent in time is not sent, and the item fails with the time from which it can be.',
		},
		{
			displayName: 'Parallel Requests per Division',
			name: 'parallelRequests',
			type: 'number',
			noDataExpression: true,
			typeOptions: { minValue: 1, maxValue: MOST_PARALLEL },
			default: PARALLEL_REQUESTS,
			description:
				'How many workers of this n8n may have a request to the same division under way at the same ' +
				'time; one worker always has one. 1 is strict: requests are sent in the order in which they came, ' +
				'over all workers, and more slowly.',
		},
		{
			displayName: 'Stop Before Exact Blocks the App',
			name: 'stopBeforeBlock',
			type: 'boolean',
			noDataExpression: true,
			default: true,
			description:
				'Whether requests are held back when nine requests to an endpoint have failed within an hour. ' +
				'Exact blocks the app for an hour after more than ten.',
		},
	],
};

/** What the client has to know of it; read from the first item of a run. */
export function readCallLimits({
	context,
	itemIndex,
}: Pick<ItemCall, 'context' | 'itemIndex'>): RunLimits {
	const { longestWait, parallelRequests, stopBeforeBlock } = callLimitsOf(context, itemIndex);
	const parallel = Math.trunc(Number(parallelRequests ?? PARALLEL_REQUESTS));
	const seconds = Number(longestWait ?? NaN);
	return {
		parallel: Math.min(Math.max(parallel || PARALLEL_REQUESTS, 1), MOST_PARALLEL),
		isUnguarded: stopBeforeBlock === false,
		...(seconds >= 0 && { longestWaitMs: seconds * 1000 }),
	};
}

/** A resource whose operations have the field, and tell what is left where it is wanted. */
export function withCallLimits(resource: Resource): Resource {
	return { ...resource, operations: resource.operations.map(limitedOperation) };
}

function limitedOperation(operation: Operation): Operation {
	const { together } = operation;
	return {
		...operation,
		fields: [...operation.fields, callLimitsField],
		execute: async (call) => withWhatIsLeft(call, await operation.execute(call)),
		...(together && {
			together: {
				applies: together.applies.bind(together),
				groups: async (items) =>
					(await together.groups(items)).map((group) => ({
						...group,
						execute: async (call) => withWhatIsLeft(call, await group.execute(call)),
					})),
			},
		}),
	};
}

function withWhatIsLeft(
	{ context, itemIndex, client }: OperationCall,
	rows: OutputRow[],
): OutputRow[] {
	if (callLimitsOf(context, itemIndex).addToOutput !== true) return rows;
	return rows.map((row) => {
		const { division, error } = row.json;
		// n8n knows an error item by having nothing else in it.
		if (error !== undefined) return row;
		const rateLimits = client.limitsLeft(ofDivision(division)) ?? client.limitsLeft() ?? null;
		return { ...row, json: { ...row.json, rateLimits } };
	});
}

/** The division that a row of several divisions tells. */
function ofDivision(division: unknown): number | undefined {
	return typeof division === 'number' ? division : undefined;
}

function callLimitsOf(context: ItemCall['context'], itemIndex: number): IDataObject {
	return context.getNodeParameter('callLimits', itemIndex, {}) as IDataObject;
}
