import { ConnectorError } from '../../shared/errors';
import { isRecord } from '../../shared/http';

/** An input item, and what the expression that makes the groups gives for it. */
export interface GroupedItem {
	itemIndex: number;
	value: unknown;
}

/** Items of the same value, in their order. */
export interface ValueGroup {
	/** As the first item gives it; a date as text. */
	value: unknown;
	/** At least one. */
	itemIndexes: number[];
	/** Why there is no group: the item, always a single one, has no value that can be compared. */
	problem?: Error;
}

/**
 * Puts items of the same value together, neighbours or not, in order of first appearance. An item without a
 * value belongs to no other: it is a group of its own with a problem.
 */
export function groupByValue(items: readonly GroupedItem[]): ValueGroup[] {
	const groups: ValueGroup[] = [];
	const byText = new Map<string, ValueGroup>();
	for (const { itemIndex, value } of items) {
		const read = comparedText(value);
		if (typeof read !== 'string') {
			groups.push({ value, itemIndexes: [itemIndex], problem: noGroup(itemIndex, read.gives) });
			continue;
		}
		const known = byText.get(read);
		if (known) {
			known.itemIndexes.push(itemIndex);
			continue;
		}
		const group = { value: isRecord(value) ? read : value, itemIndexes: [itemIndex] };
		byText.set(read, group);
		groups.push(group);
	}
	return groups;
}

/**
 * The text by which values are the same, or why there is none. Spreadsheets hold a number here as a number and
 * there as a text, so 1 and "1" are the same; blanks around a text do not count, capitals and zeros before a
 * number do.
 */
function comparedText(value: unknown): string | { gives: string } {
	if (value === undefined || value === null || Number.isNaN(value)) return { gives: String(value) };
	if (typeof value === 'string') {
		const text = value.trim().normalize();
		return text === '' ? { gives: 'an empty text' } : text;
	}
	if (typeof value === 'number') return String(value);
	if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
	return momentText(value) ?? { gives: 'a list or an object' };
}

/** Dates of JavaScript and Luxon. */
function momentText(value: unknown): string | undefined {
	const isMoment = isRecord(value) && typeof value.valueOf === 'function';
	const time: unknown = isMoment ? value.valueOf() : undefined;
	return typeof time === 'number' && Number.isFinite(time)
		? new Date(time).toISOString()
		: undefined;
}

function noGroup(itemIndex: number, gives: string): ConnectorError {
	return new ConnectorError(
		'EXACT_EMPTY_VALUE',
		`One Document per Value Of gives ${gives} for item ${itemIndex} (the first item is 0). Nothing was sent.`,
		{
			repair:
				'Let the expression give a text or a number that tells which document the item belongs to, or filter ' +
				'such items out before this node.',
		},
	);
}
