import { ConnectorError } from '../../shared/errors';
import { isRecord, parseJson } from '../../shared/http';
import type { ValueOptions } from '../odata/edm';
import { inField, invalidValue } from '../odata/invalidValue';
import { bodyValue } from '../odata/values';
import { fieldOf, readEndpoint } from './catalogue';
import { didYouMean } from '../../shared/values/nearNames';
import type { CatalogueField, Endpoint } from './types';

/** How a body is made of what was given. */
export interface BodyOptions extends ValueOptions {
	/** Names that the endpoint has not: an error that lists them (default), or left out. */
	unknown?: 'refuse' | 'leaveOut';
	/** Fields that are not for the method by the catalogue: an error (default), left out, or sent all the same. */
	readOnly?: 'refuse' | 'leaveOut' | 'send';
}

export type Body = Record<string, unknown>;

/** What rows of answers carry beside their fields. */
const OF_THE_SERVICE = '__metadata';

/**
 * The body of a POST or PUT: values by the type of their field, lines by that of theirs. What is undefined is left
 * out, null clears a field. Deferred links and metadata of rows that were read are left out too.
 *
 * @throws ConnectorError EXACT_UNKNOWN_FIELD, EXACT_READ_ONLY_FIELD with all names; EXACT_INVALID_VALUE with the field,
 *   also for lines in a PUT, which Exact does not take (docs/facts/exact-online.md 4.6)
 */
export function requestBody(
	endpoint: Endpoint,
	values: Readonly<Record<string, unknown>>,
	method: 'POST' | 'PUT',
	options: BodyOptions = {},
): Body {
	const { unknown = 'refuse', readOnly = 'refuse' } = options;
	const given = Object.entries(values).filter(
		([name, value]) => name !== OF_THE_SERVICE && value !== undefined && !isDeferred(value),
	);
	const known = given.filter(([name]) => endpoint.fields.has(name));
	if (unknown === 'refuse') refuseUnknown(endpoint, without(given, known));
	const writable = known.filter(([name]) => isFor(fieldOf(endpoint, name), method));
	const others = without(known, writable);
	if (readOnly === 'refuse') refuseReadOnly(endpoint, others, method);
	// Nobody may send lines in a PUT: Exact refuses them.
	if (readOnly === 'send') refuseReadOnly(endpoint, others.filter(isLines(endpoint)), method);
	const body: Body = {};
	for (const [name, value] of readOnly === 'send' ? known : writable) {
		const field = fieldOf(endpoint, name);
		body[name] = inField(name, () => written(field, value, method, options));
	}
	return body;
}

function written(
	{ type, lines }: CatalogueField,
	value: unknown,
	method: 'POST' | 'PUT',
	options: BodyOptions,
): unknown {
	if (type === 'Unknown') return jsonValue(value);
	if (type !== 'Collection') return bodyValue(type, value, options);
	const rows = isRecord(value) && Array.isArray(value.results) ? value.results : value;
	if (!Array.isArray(rows) || lines === undefined) {
		throw invalidValue(
			value,
			'is no list of lines.',
			'Give an array of objects, one for each line.',
		);
	}
	const endpoint = readEndpoint(lines);
	return rows.map((row: unknown, index) =>
		inField(`line ${index + 1}`, () => {
			if (isRecord(row)) return requestBody(endpoint, row, method, options);
			throw invalidValue(row, 'is no line.', 'Give an object with the fields of the line.');
		}),
	);
}

/** A field whose type nobody documents takes JSON, which a form gives as a text. */
function jsonValue(value: unknown): unknown {
	if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
	const content = parseJson(value);
	if (content !== undefined) return content;
	throw invalidValue(
		value,
		'begins like JSON and is none.',
		'Correct the JSON; names and texts stand in double quotes.',
	);
}

function isFor({ create, update }: CatalogueField, method: 'POST' | 'PUT'): boolean {
	return method === 'POST' ? create : update;
}

function isLines({ fields }: Endpoint): (name: string) => boolean {
	return (name) => fields.get(name)?.type === 'Collection';
}

type Entries = ReadonlyArray<readonly [name: string, value: unknown]>;

function without(entries: Entries, others: Entries): string[] {
	const names = new Set(others.map(([name]) => name));
	return entries.map(([name]) => name).filter((name) => !names.has(name));
}

function refuseUnknown(
	{ path, name, fields }: Endpoint,
	[first, ...more]: readonly string[],
): void {
	if (first === undefined) return;
	const list = [first, ...more].map((one) => one.slice(0, 60)).join(', ');
	const near = more.length === 0 ? didYouMean(first, fields.keys()) : '';
	throw new ConnectorError('EXACT_UNKNOWN_FIELD', `${name} has no field ${list}: ${path}.${near}`, {
		repair: 'Remove these names, or correct them; capitals count.',
	});
}

function refuseReadOnly(
	{ path, name, fields }: Endpoint,
	names: readonly string[],
	method: 'POST' | 'PUT',
): void {
	if (names.length === 0) return;
	const lines = names.map((one) => fields.get(one)?.lines).find((one) => one !== undefined);
	throw new ConnectorError(
		'EXACT_READ_ONLY_FIELD',
		`${name} takes no ${names.join(', ')}: ${method} ${path}.`,
		{
			repair:
				method === 'PUT' && lines !== undefined
					? `Add, change or delete single lines at their own endpoint, ${lines}.`
					: 'Remove these fields; Exact Online sets them itself, or takes them in another place.',
		},
	);
}

function isDeferred(value: unknown): boolean {
	return isRecord(value) && '__deferred' in value;
}
