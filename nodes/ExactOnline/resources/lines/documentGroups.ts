import type { IDataObject } from 'n8n-workflow';
import { toNodeError } from '../../../shared/node/nodeErrors';
import type { GivenItem, ItemGroup, OutputRow, Together } from '../../../shared/node/operation';
import type { Endpoint } from '../../catalogue/types';
import { groupByValue, type ValueGroup } from '../../lines/groupByValue';
import type { GivenLine } from '../../lines/linesArray';
import { splitColumns } from '../../lines/lineColumns';
import { inField } from '../../odata/invalidValue';
import type { OperationCall } from '../operation';
import { readValues, type GivenRecord } from '../records/readValues';
import { givenLines, lineEndpoint } from './documentLines';
import type { DocumentTarget } from './documentTarget';
import { GROUP_BY } from './linesFields';
import { readLines, readLinesFrom } from './readLines';

/** What one input item gives to its document. */
export interface ItemPart {
	item: GivenItem;
	header: Readonly<Record<string, unknown>>;
	lines: readonly GivenLine[];
	options: GivenRecord['options'];
	/** As the item names it. */
	division: unknown;
}

/** The parts of one document, in the order of the items. */
export interface DocumentParts {
	/** Names the items in errors: `of the group "4711"`. */
	words: string;
	parts: readonly ItemPart[];
	/** Those of all documents of the run. */
	all: readonly ItemPart[];
}

/** Makes a document of its parts. */
type WriteDocument = (call: OperationCall, document: DocumentParts) => Promise<OutputRow>;

/** *Lines From Input Items*: all items are read, those with the same value of an expression become one document. */
export function documentsFromItems(
	target: DocumentTarget,
	write: WriteDocument,
): Together<OperationCall> {
	return {
		applies: (first) => readLinesFrom(first) === 'items',
		async groups(items) {
			const parts = new Map(items.map((item) => [item.itemIndex, readPart(item, target)]));
			const all = [...parts.values()].flatMap((part) => ('problem' in part ? [] : [part]));
			const groups = groupByValue(items.map(groupedItem));
			return await Promise.resolve(
				groups.map((group) => documentGroup(group, { parts, all }, write)),
			);
		},
	};
}

/** What all items of the run give. */
interface ReadItems {
	parts: ReadonlyMap<number, ItemPart | Useless>;
	/** Those that can be used. */
	all: readonly ItemPart[];
}

function documentGroup(
	{ value, itemIndexes, problem }: ValueGroup,
	{ parts: read, all }: ReadItems,
	write: WriteDocument,
): ItemGroup<OperationCall> {
	const about: IDataObject = { group: (value ?? null) as IDataObject[string], itemIndexes };
	return {
		itemIndexes,
		about,
		async execute(call) {
			if (problem !== undefined) throw problem;
			const parts = requireAll(itemIndexes.flatMap((index) => read.get(index) ?? []));
			const words = `of the group ${JSON.stringify(value)}`;
			const row = await write(call, { words, parts, all });
			return [{ ...row, json: { ...about, ...row.json } }];
		},
	};
}

/** Why an item cannot be used. */
interface Useless {
	item: GivenItem;
	problem: unknown;
}

function groupedItem({ context, itemIndex }: GivenItem): { itemIndex: number; value: unknown } {
	try {
		return { itemIndex, value: context.getNodeParameter(GROUP_BY, itemIndex, '') };
	} catch {
		// The item has a problem already, and belongs to nobody.
		return { itemIndex, value: undefined };
	}
}

function readPart(item: GivenItem, target: DocumentTarget): ItemPart | Useless {
	if (item.problem !== undefined) return { item, problem: item.problem };
	try {
		return inField(`Item ${item.itemIndex}`, () => partOf(item, target));
	} catch (problem) {
		return { item, problem };
	}
}

function partOf(item: GivenItem, target: DocumentTarget): ItemPart {
	const { context, itemIndex } = item;
	const { data } = target;
	const endpoint = target.endpointOf(item);
	const { values, options } = readValues(item, {
		endpoint,
		data,
		method: 'POST',
		emptyValues: 'leaveOut',
	});
	const rows = readLines(item);
	const division: unknown = context.getNodeParameter('division', itemIndex, '', {
		extractValue: true,
	});
	return { item, ...headerAndLines(values, rows, options, endpoint, data), options, division };
}

/** Columns that are mapped by their names are those of the header and those of one line. */
function headerAndLines(
	values: GivenRecord['values'],
	rows: readonly GivenLine[],
	{ unknown }: GivenRecord['options'],
	endpoint: Endpoint,
	{ lines }: DocumentTarget['data'],
): Pick<ItemPart, 'header' | 'lines'> {
	if (unknown === undefined) {
		const { [lines.field]: _within, ...header } = values;
		return { header, lines: givenLines(values, rows, lines) };
	}
	const line = lineEndpoint(endpoint, lines);
	const columns = splitColumns(values, endpoint, line, lines.field, unknown);
	const [first = {}, ...others] = rows;
	return { header: columns.header, lines: [{ ...columns.line, ...first }, ...others] };
}

function requireAll(parts: ReadonlyArray<ItemPart | Useless>): ItemPart[] {
	return parts.map((part) => {
		if (!('problem' in part)) return part;
		const { context, itemIndex } = part.item;
		const failure = toNodeError(context.getNode(), part.problem, itemIndex);
		throw failure;
	});
}
