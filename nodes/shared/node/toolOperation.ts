import type { ItemCall, Operation, OutputRow, Together } from './operation';
import { withTextArguments } from './toolArguments';
import { shortenedForTool } from './toolOutput';

/**
 * An operation as it is where the node is a tool of an AI agent: it takes arguments as text, as expressions give them too, and
 * gives a model no more than it can use. The rows are the same as before where the node is no tool.
 */
export function alsoForTools<Call extends ItemCall>(operation: Operation<Call>): Operation<Call> {
	const { together } = operation;
	return {
		...operation,
		execute: async (call) =>
			shortRows(operation, call, await operation.execute(typedCall(operation, call))),
		...(together && { together: togetherForTools(operation, together) }),
	};
}

function togetherForTools<Call extends ItemCall>(
	operation: Operation<Call>,
	together: Together<Call>,
): Together<Call> {
	return {
		applies: (first) => together.applies(typedCall(operation, first)),
		groups: async (items) => {
			const groups = await together.groups(items.map((item) => typedCall(operation, item)));
			return groups.map((group) => ({
				...group,
				execute: async (call) =>
					shortRows(operation, call, await group.execute(typedCall(operation, call))),
			}));
		},
	};
}

function typedCall<Item extends ItemCall>(
	{ fields }: Pick<Operation<never>, 'fields'>,
	item: Item,
): Item {
	return { ...item, context: withTextArguments(item.context, fields) };
}

function shortRows(
	{ refusedAsTool }: Pick<Operation<never>, 'refusedAsTool'>,
	{ context }: ItemCall,
	rows: OutputRow[],
): OutputRow[] {
	const short = shortenedForTool(context, rows);
	if (refusedAsTool === undefined || short === rows) return short;
	return toldAsDone(shortenedForTool(context, failedFirst(rows)));
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
