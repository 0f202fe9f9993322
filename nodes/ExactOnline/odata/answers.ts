import { isRecord } from '../../shared/http';
import { readExactDate } from './dateTimes';
import type { EdmType } from './edm';

/** What is known of the fields of a row. */
export interface RowTypes {
	/** Type of a field; undefined where it is not known, or no single value. */
	typeOf(field: string): EdmType | undefined;
	/** The rows in a collection; undefined where nothing is known of them. */
	linesOf(field: string): RowTypes | undefined;
	/** A value as people read it, such as the word of a code; as it is if missing. */
	shown?(field: string, value: unknown): unknown;
}

const DIGITS = /^-?\d+$/;
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * A value of an answer as a workflow wants it (docs/facts/exact-online.md 4.2): dates as ISO times without a
 * zone, numbers as numbers where JavaScript can hold them to the last digit, else as their digits. What does not
 * look like its type comes back unchanged.
 */
export function answerValue(type: EdmType, value: unknown): unknown {
	if (typeof value !== 'string') return value;
	switch (type) {
		case 'DateTime':
			return readExactDate(value);
		case 'Boolean':
			return value === 'true' ? true : value === 'false' ? false : value;
		case 'Byte':
		case 'Int16':
		case 'Int32':
		case 'Int64':
			return DIGITS.test(value) && Number.isSafeInteger(Number(value)) ? Number(value) : value;
		case 'Double':
		case 'Decimal':
			return NUMBER.test(value) && isHeldExactly(value) ? Number(value) : value;
		default:
			return value;
	}
}

/**
 * A row of an answer: without `__metadata` and links to what was not fetched, collections as plain arrays, values
 * by their types. A field that nobody knows keeps its value, but for dates and what is nested in it.
 */
export function answerRow(
	row: Readonly<Record<string, unknown>>,
	types: RowTypes | undefined,
): Record<string, unknown> {
	const result: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(row)) {
		if (isLeftOut(name, value)) continue;
		const answered = answerField(name, value, types);
		result[name] = types?.shown === undefined ? answered : types.shown(name, answered);
	}
	return result;
}

/** Whether a member of a row says nothing of the record itself: `__metadata`, and links to what was not fetched. */
export function isLeftOut(name: string, value: unknown): boolean {
	return name === '__metadata' || (isRecord(value) && '__deferred' in value);
}

/** A field of a row, as `answerRow` gives it. */
export function answerField(name: string, value: unknown, types: RowTypes | undefined): unknown {
	const type = types?.typeOf(name);
	return type === undefined ? nested(value, types?.linesOf(name)) : answerValue(type, value);
}

function nested(value: unknown, types: RowTypes | undefined): unknown {
	if (typeof value === 'string') return readExactDate(value);
	if (Array.isArray(value)) return value.map((one) => nested(one, types));
	if (!isRecord(value)) return value;
	if (Array.isArray(value.results)) return value.results.map((one) => nested(one, types));
	// A collection of which nothing is told.
	if (value.results === null) return null;
	return answerRow(value, types);
}

/** Whether no digit gets lost: a Double has at most 15 that are sure. */
function isHeldExactly(text: string): boolean {
	const [mantissa = ''] = text.toLowerCase().split('e');
	const digits = mantissa.replace(/[-.]/g, '').replace(/^0+/, '');
	return digits.length <= 15 && Number.isFinite(Number(text));
}
