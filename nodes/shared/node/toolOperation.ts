import type { ItemCall, Operation } from './operation';
import { withTextArguments } from './toolArguments';
import { shortenedForTool } from './toolOutput';

/**
 * An operation as it is where the node is a tool of an AI agent: it takes arguments as text, and what only reads gives no
 * more than a model can use. The same as before where the node is no tool.
 */
export function alsoForTools<Call extends ItemCall>(operation: Operation<Call>): Operation<Call> {
	const { fields, refusedAsTool } = operation;
	return {
		...operation,
		execute: async (call) => {
			const context = withTextArguments(call.context, fields);
			const rows = await operation.execute({ ...call, context });
			return refusedAsTool === undefined ? shortenedForTool(call.context, rows) : rows;
		},
	};
}
