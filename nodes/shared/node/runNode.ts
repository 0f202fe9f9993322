import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { ConnectorError } from '../errors';
import { beginNodeRun, type NodeRun } from './nodeRun';
import { findOperation, type ItemCall, type OutputRow, type Resource } from './operation';
import { withGivenValues } from './givenValues';
import { runItems } from './runItems';
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
	begin(run: NodeRun): (item: ItemCall) => Promise<Call>;
}

/**
 * Runs the chosen operation for every input item, one after another. Continue On Fail and cancel are
 * as `runItems` says.
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
	return await runItems(context, {
		cancelled: () => errors.cancelled(),
		run: async (itemIndex, signal) =>
			await runItem(resources, errors, { context, itemIndex, signal }, open),
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
	open: (item: ItemCall) => Promise<Call>,
): Promise<OutputRow[]> {
	const resource = String(item.context.getNodeParameter('resource', item.itemIndex));
	const value = String(item.context.getNodeParameter('operation', item.itemIndex));
	const operation = findOperation(resources, resource, value);
	if (!operation) throw unknownOperation(errors.unknownOperation, resource, value);
	refuseAsTool(operation, item, errors.notForAi);
	const given = withGivenValues(item, operation.fields, errors.emptyValue);
	return await operation.execute({ ...(await open(given)), context: given.context });
}

function unknownOperation(code: string, resource: string, operation: string): ConnectorError {
	return new ConnectorError(
		code,
		`This version of the node has no operation "${operation}" of "${resource}".`,
		{ repair: 'Choose resource and operation again, or update the package.' },
	);
}
