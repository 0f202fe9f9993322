import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { ConnectorError } from '../errors';
import { beginNodeRun, type NodeRun } from './nodeRun';
import {
	findOperation,
	type ItemCall,
	type Operation,
	type OutputRow,
	type Resource,
} from './operation';
import { withGivenValues } from './givenValues';
import { groupPieces } from './runGroups';
import { itemPieces } from './itemPieces';
import { runPieces } from './runPieces';
import { SteadyParameters } from './steadyParameters';
import { refuseAsTool } from './toolRun';

/** What a service's errors are called where the frame raises them. */
export interface ServiceErrors {
	/** Code of an operation that this version of the node does not have. */
	unknownOperation: string;
	/** Code of what a model must not decide. */
	notForAi: string;
	/** Code of a field that an expression leaves empty. */
	emptyValue: string;
	/** The user or n8n has ended the execution. */
	cancelled(): ConnectorError;
}

/** How the operations of a service reach it. */
export interface NodeService<Call extends ItemCall> {
	errors: ServiceErrors;
	/**
	 * Begins one run of the node. What is returned opens client or session for an item; what all items
	 * share lives in it, what has to be given back goes to `run.releaseLater`.
	 */
	begin(run: NodeRun): OpenItem<Call>;
}

/** Opens what the operation works with for an item. */
export type OpenItem<Call> = (item: ItemCall, operation: Operation<Call>) => Promise<Call>;

/**
 * Runs the chosen operation for every input item, one after another or as many side by side as it says, or for groups of
 * items where it makes one thing of several. Continue On Fail and cancel are as `runPieces` says.
 *
 * @throws NodeApiError or NodeOperationError with the item's index
 */
export async function runNode<Call extends ItemCall>(
	context: IExecuteFunctions,
	resources: ReadonlyArray<Resource<Call>>,
	service: NodeService<Call>,
): Promise<INodeExecutionData[][]> {
	const { errors } = service;
	const { finish, ...run } = beginNodeRun(context.getExecutionCancelSignal());
	const open = service.begin(run);
	const steady = new SteadyParameters(context);
	let width = 1;
	return await runPieces(context, {
		cancelled: () => errors.cancelled(),
		sideBySide: () => width,
		pieces: async (signal) => {
			const operation = chosenOperation(resources, steady, 0);
			width = operation?.sideBySide?.({ context, itemIndex: 0, signal }) ?? 1;
			const groups = operation && (await groupPieces(context, operation, { errors, open }, signal));
			const read = (itemIndex: number) =>
				readItem(resources, errors, { context, itemIndex, signal }, steady);
			const runRead = async (item: ReadItem<Call>) => await runReadItem(item, open);
			return groups ?? itemPieces(context, { read, run: runRead });
		},
		finish,
	});
}

/**
 * Runs the operation that one item chooses. It is opened only after it is known to exist, to be allowed,
 * and to have a value in every field that an expression fills (`withGivenValues`).
 *
 * @throws ConnectorError with the code of an unknown operation, of a refused tool or of an empty value, and
 *   whatever opening and operation throw
 */
export async function runItem<Call extends ItemCall>(
	resources: ReadonlyArray<Resource<Call>>,
	errors: ServiceErrors,
	item: ItemCall,
	open: OpenItem<Call>,
): Promise<OutputRow[]> {
	const steady = new SteadyParameters(item.context);
	return await runReadItem(readItem(resources, errors, item, steady), open);
}

/** An item whose expressions are evaluated, and the operation that it chooses. */
interface ReadItem<Call> {
	operation: Operation<Call>;
	given: ItemCall;
}

/** Sends nothing. @throws as `runItem`, before opening */
function readItem<Call extends ItemCall>(
	resources: ReadonlyArray<Resource<Call>>,
	errors: ServiceErrors,
	item: ItemCall,
	steady: SteadyParameters,
): ReadItem<Call> {
	const operation = chosenOperation(resources, steady, item.itemIndex);
	if (!operation) throw unknownOperation(errors.unknownOperation, chosen(steady, item.itemIndex));
	refuseAsTool(operation, item, errors.notForAi);
	const given = withGivenValues(item, operation, errors.emptyValue, steady);
	return { operation, given };
}

async function runReadItem<Call extends ItemCall>(
	{ operation, given }: ReadItem<Call>,
	open: OpenItem<Call>,
): Promise<OutputRow[]> {
	return await operation.execute({ ...(await open(given, operation)), context: given.context });
}

function chosenOperation<Call>(
	resources: ReadonlyArray<Resource<Call>>,
	steady: SteadyParameters,
	itemIndex: number,
): Operation<Call> | undefined {
	return findOperation(resources, ...chosen(steady, itemIndex));
}

function chosen(
	steady: SteadyParameters,
	itemIndex: number,
): [resource: string, operation: string] {
	const resource = String(steady.read('resource', itemIndex));
	return [resource, String(steady.read('operation', itemIndex))];
}

function unknownOperation(
	code: string,
	[resource, operation]: readonly [string, string],
): ConnectorError {
	return new ConnectorError(
		code,
		`This version of the node has no operation "${operation}" of "${resource}".`,
		{ repair: 'Choose resource and operation again, or update the package.' },
	);
}
