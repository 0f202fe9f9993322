import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord, parseJson } from '../../nodes/shared/http';
import { EDM_TYPES, type EdmType } from '../../nodes/ExactOnline/odata/edm';
import type { Method } from '../../nodes/ExactOnline/catalogue/types';

export const SOURCE_FILE = join(__dirname, '../../docs/facts/exact-online-endpoints.json');

/** An endpoint as the public documentation lists it (docs/facts/exact-online.md 7.5). */
export interface SourceEndpoint {
	service: string;
	methods: readonly Method[];
	keys: readonly string[];
	mandatory: readonly string[];
	/** A name of a type, `Unknown`, or `Collection(path)`. */
	fields: Readonly<Record<string, SourceType>>;
}

export type SourceType = EdmType | 'Unknown' | `Collection(${string})`;

export type Source = ReadonlyMap<string, SourceEndpoint>;

const METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'DELETE'];

/**
 * The list of endpoints.
 * @throws Error that names what is not as expected
 */
export function readSource(text = readFileSync(SOURCE_FILE, 'utf8')): Source {
	const content = parseJson(text);
	if (!isRecord(content)) throw new Error(`${SOURCE_FILE} is no JSON object.`);
	const source = new Map(
		Object.entries(content).map(([path, entry]) => [path, readEntry(path, entry)] as const),
	);
	for (const [path, { fields }] of source) {
		for (const [name, type] of Object.entries(fields)) {
			const lines = linesOf(type);
			if (lines !== undefined && !source.has(lines)) {
				throw new Error(`${path}: ${name} holds rows of ${lines}, which is no endpoint.`);
			}
		}
	}
	return source;
}

/** The endpoint of a collection's rows; undefined for other types. */
export function linesOf(type: string): string | undefined {
	return /^Collection\((.+)\)$/.exec(type)?.[1];
}

function readEntry(path: string, entry: unknown): SourceEndpoint {
	if (!isRecord(entry) || !isRecord(entry.fields)) throw new Error(`${path} has no fields.`);
	const { service, key } = entry;
	const methods = texts(path, 'methods', entry.methods).filter(isMethod);
	const mandatory = texts(path, 'mandatory', entry.mandatory);
	const keys = typeof key === 'string' ? [key] : texts(path, 'key', key);
	if (typeof service !== 'string' || !/^\w+$/.test(service) || methods.length === 0) {
		throw new Error(`${path} has no service or no methods.`);
	}
	const fields: Record<string, SourceType> = {};
	for (const [name, type] of Object.entries(entry.fields)) {
		if (!/^\w+$/.test(name) || !isType(type)) throw new Error(`${path}: ${name} has no type.`);
		fields[name] = type;
	}
	const missing = [...keys, ...mandatory].filter((name) => !(name in fields));
	if (missing.length > 0) throw new Error(`${path} lacks the fields ${missing.join(', ')}.`);
	return { service, methods, keys, mandatory, fields };
}

function texts(path: string, what: string, value: unknown): string[] {
	const all: unknown[] = Array.isArray(value) ? value : [undefined];
	const found = all.filter((one) => typeof one === 'string');
	if (found.length === all.length) return found;
	throw new Error(`${path}: ${what} is no list of texts.`);
}

function isMethod(text: string): text is Method {
	return METHODS.includes(text);
}

function isType(type: unknown): type is SourceType {
	if (typeof type !== 'string') return false;
	const known: readonly string[] = [...EDM_TYPES, 'Unknown'];
	return known.includes(type) || linesOf(type) !== undefined;
}
