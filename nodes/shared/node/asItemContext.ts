import type {
	IExecuteFunctions,
	IHookFunctions,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

/** n8n's contexts of nodes that start a workflow: each field has one value, and there are no items. */
export type ItemlessContext = IHookFunctions | IPollFunctions | IWebhookFunctions;

/**
 * Such a context as what reads the fields of an operation knows it: parameters are asked for by item, there is no input,
 * and hints are nobody's.
 * @param values of parameters that are not read from the node
 */
export function asItemContext(
	context: ItemlessContext,
	values: Readonly<Record<string, unknown>> = {},
): IExecuteFunctions {
	const getNodeParameter = (
		name: string,
		_itemIndex: number,
		fallback?: unknown,
		options?: object,
	): unknown =>
		Object.hasOwn(values, name)
			? values[name]
			: context.getNodeParameter(name, fallback as object, options);
	const added = { getNodeParameter, getInputData: () => [], addExecutionHints: () => undefined };
	return Object.assign(Object.create(context) as IExecuteFunctions, added);
}
