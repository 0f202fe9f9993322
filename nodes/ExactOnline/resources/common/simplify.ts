import type { IDataObject } from 'n8n-workflow';
import type { ExactRow } from '../../wire/exactTypes';

const DATE = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/;

/**
 * An entity as a workflow wants it: without `__metadata` and links to what was not fetched, expanded
 * collections as plain arrays, `/Date(ms)/` as an ISO time.
 */
export function simplify(row: ExactRow): IDataObject {
	const result: IDataObject = {};
	for (const [name, value] of Object.entries(row)) {
		if (name === '__metadata' || isDeferred(value)) continue;
		result[name] = simplifyValue(value) as IDataObject[string];
	}
	return result;
}

/**
 * `/Date(ms)/` as an ISO time without a zone. Exact writes dates and (for many fields) Dutch local
 * time as though they were UTC (docs/facts/exact-online.md 4.2), so a zone would be a claim that is
 * often wrong, and would move dates by a day. Other texts come back unchanged.
 */
export function readExactDate(text: string): string {
	const match = DATE.exec(text);
	if (!match) return text;
	const time = new Date(Number(match[1]));
	if (Number.isNaN(time.getTime())) return text;
	return time.toISOString().replace(/(?:\.000)?Z$/, '');
}

function simplifyValue(value: unknown): unknown {
	if (typeof value === 'string') return readExactDate(value);
	if (Array.isArray(value)) return value.map(simplifyValue);
	if (!isObject(value)) return value;
	if (Array.isArray(value.results)) return value.results.map(simplifyValue);
	return simplify(value);
}

function isDeferred(value: unknown): boolean {
	return isObject(value) && '__deferred' in value;
}

function isObject(value: unknown): value is ExactRow {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
