import { setImmediate as nextTurn } from 'node:timers/promises';
import type { IExecuteFunctions } from 'n8n-workflow';
import { withGivenValues } from './givenValues';
import { toNodeError } from './nodeErrors';
import type { GivenItem, ItemCall, ItemGroup, Operation } from './operation';
import type { Piece } from './runPieces';
import { refuseAsTool } from './toolRun';

/** What the frame needs of a service here. */
interface Door<Call> {
	/** Codes of what a model must not decide, and of a field that an expression leaves empty. */
	errors: { notForAi: string; emptyValue: string };
	open(item: ItemCall, operation: Operation<Call>): Promise<Call>;
}

/**
 * The groups of items that an operation works on together. All items are read before the first group is begun;
 * one that cannot be used fails its group, which then is not opened.
 *
 * @returns undefined where the operation does not group, or its settings do not ask for it
 */
export async function groupPieces<Call extends ItemCall>(
	context: IExecuteFunctions,
	operation: Operation<Call>,
	door: Door<Call>,
	signal: AbortSignal | undefined,
): Promise<Piece[] | undefined> {
	const { together } = operation;
	const [first, ...others] = [...context.getInputData().keys()];
	if (together === undefined || first === undefined) return undefined;
	if (!together.applies({ context, itemIndex: first, signal })) return undefined;
	const items = new Map<number, GivenItem>();
	for (const itemIndex of [first, ...others]) {
		// Evaluating expressions takes milliseconds for each item: others, and a cancel, have their turn.
		await nextTurn();
		signal?.throwIfAborted();
		items.set(itemIndex, given(operation, { context, itemIndex, signal }, door));
	}
	const groups = await together.groups([...items.values()]);
	return groups.map((group) => ({
		itemIndexes: group.itemIndexes,
		about: group.about,
		run: async () => await runGroup(context, operation, { group, items }, door),
	}));
}

function given<Call>(
	operation: Operation<Call>,
	item: ItemCall,
	{ errors }: Door<Call>,
): GivenItem {
	try {
		refuseAsTool(operation, item, errors.notForAi);
		return withGivenValues(item, operation, errors.emptyValue);
	} catch (problem) {
		return { ...item, problem };
	}
}

async function runGroup<Call extends ItemCall>(
	context: IExecuteFunctions,
	operation: Operation<Call>,
	{ group, items }: { group: ItemGroup<Call>; items: ReadonlyMap<number, GivenItem> },
	{ open }: Door<Call>,
) {
	const { itemIndexes, execute } = group;
	const members = itemIndexes.flatMap((index) => items.get(index) ?? []);
	const bad = members.find(({ problem }) => problem !== undefined);
	if (bad) throw toNodeError(context.getNode(), bad.problem, bad.itemIndex);
	const [first] = members;
	if (first === undefined) return [];
	return await execute({ ...(await open(first, operation)), context: first.context });
}
