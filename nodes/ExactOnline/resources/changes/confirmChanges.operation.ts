import type { IDataObject } from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import { CursorStore } from '../../../shared/node/keptCursors';
import type { OutputRow } from '../../../shared/node/operation';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import type { Operation, OperationCall } from '../operation';
import { advances, confirmPending, runOf } from './begin';

/** Makes what Get Changes has read in this execution the beginning of the next run. */
export const confirmChanges: Operation = {
	name: 'Confirm Changes',
	value: 'confirmChanges',
	action: 'Confirm changes',
	description:
		'Say that the rows of Get Changes have been worked off, so that the next run goes on after them. Runs once, however many items come in.',
	fields: [
		optionsCollection([
			{
				displayName: 'Get Changes Node',
				name: 'node',
				type: 'string',
				default: '',
				placeholder: 'e.g. Get Changed Accounts',
				description:
					'Name of the node whose changes to confirm; those of all nodes of this execution without it',
			},
		]),
	],
	refusedAsTool: 'operation',
	execute: confirm,
	together: {
		applies: () => true,
		groups: async (items) =>
			await Promise.resolve([
				{ itemIndexes: items.map(({ itemIndex }) => itemIndex), about: {}, execute: confirm },
			]),
	},
};

async function confirm(call: OperationCall): Promise<OutputRow[]> {
	const { context, source } = call;
	if (!advances(context)) {
		context.addExecutionHints({
			message: 'A run by hand does not move the cursor on, so there is nothing to confirm.',
			type: 'info',
		});
		return [{ json: { confirmed: 0, outdated: 0, cursors: [] } }];
	}
	const store = new CursorStore(source.vault);
	const node = String(readOptions(call).node ?? '').trim();
	const run = runOf(context);
	const all = await store.pendingOf(run);
	const wanted = node === '' ? all : all.filter((pending) => pending.node === node);
	if (wanted.length === 0)
		throw nothingToConfirm(
			node,
			all.map((pending) => pending.node),
		);
	const cursors: IDataObject[] = [];
	for (const pending of wanted) {
		const outcome = await confirmPending(store, run, pending);
		cursors.push({ node: pending.node, of: pending.about, outcome });
	}
	const count = (wanted: string) => cursors.filter(({ outcome }) => outcome === wanted).length;
	return [{ json: { confirmed: count('confirmed'), outdated: count('outdated'), cursors } }];
}

function nothingToConfirm(node: string, others: readonly string[]): ConnectorError {
	const names = [...new Set(others)].map((name) => `"${name}"`).join(', ');
	const what =
		node === ''
			? 'This execution has read no changes whose cursor is kept.'
			: `The node "${node.slice(0, 80)}" has read no changes in this execution` +
				(names === '' ? '.' : `; others have: ${names}.`);
	return new ConnectorError('EXACT_NOTHING_TO_CONFIRM', what, {
		repair:
			'Put Confirm Changes behind Get Changes in the same workflow (a sub-workflow is an execution of its own, and so is a retry). The rows come again in the next run.',
	});
}
