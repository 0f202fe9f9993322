import { EDM_TYPES } from '../odata/edm';
import type { CatalogueField, EndpointSummary, FieldType, Method } from './types';

/**
 * How the generated files hold the catalogue: short, but so that a change of a field is a change of a
 * word. `scripts/catalogue/` writes them.
 *
 * `data/endpoints.json`: path → name, service, first letters of the methods (U is PUT), key fields.
 * `data/fields/<service>.json`: path → fields, separated by blanks, such as `Name:Sm+` or
 * `Lines:[salesorder/SalesOrderLines]+`: name, letter of the type (or the lines' endpoint), marks.
 */
export type EndpointRow = readonly [name: string, service: string, methods: string, key: string];

/** Letters of the types. */
export const TYPE_LETTERS: Record<Exclude<FieldType, 'Collection'>, string> = {
	Guid: 'G',
	String: 'S',
	DateTime: 'T',
	Boolean: 'B',
	Byte: 'Y',
	Int16: 'H',
	Int32: 'I',
	Int64: 'L',
	Double: 'D',
	Decimal: 'N',
	Binary: 'X',
	Unknown: 'U',
};

/** Marks of a field: mandatory in a POST, may stand in a POST, may stand in a PUT. */
export const MARKS = { mandatory: 'm', create: '+', update: '~' } as const;

export const METHOD_LETTERS: Record<Method, string> = {
	GET: 'G',
	POST: 'P',
	PUT: 'U',
	DELETE: 'D',
};

const TYPES = new Map(
	([...EDM_TYPES, 'Unknown'] as const).map((type) => [TYPE_LETTERS[type], type]),
);

const FIELD = /^(\w+):(?:([A-Z])|\[([\w/]+)\])([m+~]*)$/;

/** A row of the list; undefined where it is none. */
export function decodeEndpoint(path: string, row: unknown): EndpointSummary | undefined {
	if (!Array.isArray(row) || row.length !== 4) return undefined;
	const texts = row.filter((part): part is string => typeof part === 'string');
	const [name, service, letters, key] = texts;
	if (name === undefined || service === undefined || letters === undefined || key === undefined) {
		return undefined;
	}
	const methods = (Object.keys(METHOD_LETTERS) as Method[]).filter((method) =>
		letters.includes(METHOD_LETTERS[method]),
	);
	return { path, name, service, methods, keyNames: key === '' ? [] : key.split(' ') };
}

/** The fields of an endpoint; undefined where the text holds something else. */
export function decodeFields(text: unknown): CatalogueField[] | undefined {
	if (typeof text !== 'string') return undefined;
	// Of some functions the documentation names no field of the answer.
	const fields = text === '' ? [] : text.split(' ').map(decodeField);
	return fields.every((field) => field !== undefined) ? fields : undefined;
}

function decodeField(word: string): CatalogueField | undefined {
	const [, name, letter, lines, marks = ''] = FIELD.exec(word) ?? [];
	const type = lines === undefined ? TYPES.get(letter ?? '') : 'Collection';
	if (name === undefined || type === undefined) return undefined;
	return {
		name,
		type,
		...(lines === undefined ? {} : { lines }),
		mandatory: marks.includes(MARKS.mandatory),
		create: marks.includes(MARKS.create),
		update: marks.includes(MARKS.update),
	};
}
