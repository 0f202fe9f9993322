import { GUID_PATTERN, isInRange, parseDateTime, type EdmType, type EdmValue } from './edm';

export interface Literal {
	type: EdmType;
	value: EdmValue;
	/** Characters taken from the text. */
	length: number;
}

const QUOTED = /^(?:([A-Za-z]+))?'((?:[^']|'')*)'/;
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?([LlMmDdFf])?(?![A-Za-z0-9_])/;
const WORD = /^(null|true|false)(?![A-Za-z0-9_])/;

/**
 * Reads the OData literal at the start of a text (docs/facts/exact-online.md 4.2): `'text'`,
 * `guid'…'`, `datetime'…'`, numbers with or without `L`, `M`, `d`, `f`, `true`, `false`, `null`.
 * Undefined if there is none, or if it is malformed.
 */
export function readLiteral(text: string): Literal | undefined {
	const quoted = QUOTED.exec(text);
	if (quoted) return readQuoted(quoted[1], (quoted[2] ?? '').replace(/''/g, "'"), quoted[0].length);
	const word = WORD.exec(text)?.[1];
	if (word === 'null') return { type: 'Null', value: null, length: 4 };
	if (word) return { type: 'Boolean', value: word === 'true', length: word.length };
	const number = NUMBER.exec(text);
	if (!number) return undefined;
	const suffix = number[1];
	const digits = suffix ? number[0].slice(0, -1) : number[0];
	const value = Number(digits);
	// Without its suffix a long number is an Int32 that does not fit.
	if (suffix === undefined && /^-?\d+$/.test(digits) && !isInRange('Int32', value))
		return undefined;
	return { type: numberType(digits, suffix), value, length: number[0].length };
}

function readQuoted(
	prefix: string | undefined,
	content: string,
	length: number,
): Literal | undefined {
	switch (prefix) {
		case undefined:
			return { type: 'String', value: content, length };
		case 'guid':
			if (!GUID_PATTERN.test(content)) return undefined;
			return { type: 'Guid', value: content.toLowerCase(), length };
		case 'datetime': {
			const value = parseDateTime(content);
			return value === undefined ? undefined : { type: 'DateTime', value, length };
		}
		default:
			return undefined;
	}
}

function numberType(digits: string, suffix: string | undefined): EdmType {
	if (suffix === 'L' || suffix === 'l') return 'Int64';
	if (suffix === 'M' || suffix === 'm') return 'Decimal';
	if (suffix || /[.eE]/.test(digits)) return 'Double';
	return 'Int32';
}

/** Writes a value as a literal of its type, as in keys and skip tokens. */
export function formatLiteral(type: EdmType, value: EdmValue): string {
	if (value === null) return 'null';
	switch (type) {
		case 'Guid':
			return `guid'${value}'`;
		case 'DateTime':
			return `datetime'${new Date(Number(value)).toISOString().slice(0, 23)}'`;
		case 'Int64':
			return `${value}L`;
		case 'String':
			return `'${String(value).replace(/'/g, "''")}'`;
		default:
			return Number.isInteger(value) && !isInRange('Int32', Number(value))
				? `${value}L`
				: String(value);
	}
}

/** Reads a comma-separated list of literals; undefined if any part is malformed. */
export function readLiteralList(text: string): Literal[] | undefined {
	const literals: Literal[] = [];
	let rest = text.trim();
	for (;;) {
		const literal = readLiteral(rest);
		if (!literal) return undefined;
		literals.push(literal);
		rest = rest.slice(literal.length).trimStart();
		if (rest === '') return literals;
		if (!rest.startsWith(',')) return undefined;
		rest = rest.slice(1).trimStart();
	}
}
