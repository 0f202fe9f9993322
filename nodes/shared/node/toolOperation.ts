import type { ItemCall, Operation, OutputRow } from './operation';
import { withTextArguments } from './toolArguments';
import { shortenedForTool } from './toolOutput';

/**
 * An operation as it is where the node is a tool of an AI agent: it takes arguments as text, and gives no more than a model
 * can use. The same as before where the node is no tool.
 */
export function alsoForTools<Call extends ItemCall>(operation: Operation<Call>): Operation<Call> {
	const { fields, refusedAsTool } = operation;
	return {
		...operation,
		execute: async (call) => {
			const context = withTextArguments(call.context, fields);
			const rows = await operation.execute({ ...call, context });
			const short = shortenedForTool(call.context, rows);
			if (refusedAsTool === undefined || short === rows) return short;
			return toldAsDone(shortenedForTool(call.context, failedFirst(rows)));
		},
	};
}

/** Of a change that was made to many, a model has to know above all where it was not. */
function failedFirst(rows: readonly OutputRow[]): OutputRow[] {
	return [...rows.filter(hasFailed), ...rows.filter((row) => !hasFailed(row))];
}

function hasFailed({ json: { error, updated, deleted, restored } }: OutputRow): boolean {
	const outcomes = [updated, deleted, restored];
	return error !== undefined || outcomes.some((one) => one === false || one === null);
}

/** A model that misses results would make the change a second time. */
function toldAsDone(rows: readonly OutputRow[]): OutputRow[] {
	const note = 'The operation was carried out: do not run it again for what is missing.';
	return rows.map((row, index) =>
		index === rows.length - 1
			? { ...row, json: { ...row.json, note: `${String(row.json.note)} ${note}` } }
			: row,
	);
}
