import type { EdmType } from './edm';
import { ODataError } from './errors';
import { compileFilter, type CompiledFilter, type FilterableType, type TextRules } from './filter';

export interface OrderTerm {
	field: string;
	type: EdmType;
	descending: boolean;
}

export interface QueryOptions {
	/** Fields asked for, undefined for all. */
	select: string[] | undefined;
	/** Collections to be shown with their rows, and which fields of theirs; undefined for all. */
	expand: ReadonlyMap<string, readonly string[] | undefined>;
	filter: CompiledFilter | undefined;
	orderBy: OrderTerm[];
	top: number | undefined;
	skip: number;
	skipToken: string | undefined;
	countAll: boolean;
}

const KNOWN = new Set([
	'$select',
	'$filter',
	'$orderby',
	'$top',
	'$skip',
	'$skiptoken',
	'$expand',
	'$inlinecount',
	'$format',
]);

/**
 * Reads the system query options (docs/facts/exact-online.md 4.3).
 * @throws ODataError 400 on an unknown option, field or malformed value
 */
export function readQueryOptions(
	query: URLSearchParams,
	type: FilterableType,
	rules: TextRules,
): QueryOptions {
	for (const name of query.keys()) checkOptionName(name, query);
	const filter = query.get('$filter');
	const paths = readNames(query.get('$select'));
	const expanded = readExpand(query.get('$expand'), type);
	return {
		select: readSelect(paths, expanded, type),
		expand: new Map(expanded.map((field) => [field, fieldsBelow(field, paths)])),
		filter: filter === null ? undefined : compileFilter(filter, type, rules),
		orderBy: readOrderBy(query.get('$orderby'), type),
		top: readCount('$top', query.get('$top')),
		skip: readCount('$skip', query.get('$skip')) ?? 0,
		skipToken: query.get('$skiptoken') ?? undefined,
		countAll: readInlineCount(query.get('$inlinecount')),
	};
}

function checkOptionName(name: string, query: URLSearchParams): void {
	if (!name.startsWith('$')) return;
	if (!KNOWN.has(name)) {
		const text = `The query parameter '${name}' begins with a system-reserved '$' character but is not recognized.`;
		throw new ODataError(400, text);
	}
	if (query.getAll(name).length > 1) {
		const text = `Query parameter '${name}' is specified, but it should be specified exactly once.`;
		throw new ODataError(400, text);
	}
}

/** The names in a comma-separated list; undefined where everything is asked for. */
function readNames(text: string | null): string[] | undefined {
	if (text === null || text.trim() === '' || text.trim() === '*') return undefined;
	return text.split(',').map((name) => name.trim());
}

/**
 * Own fields of a `$select`. `Lines/Item` selects the collection and its field, if it is expanded.
 */
function readSelect(
	paths: readonly string[] | undefined,
	expanded: readonly string[],
	type: FilterableType,
): string[] | undefined {
	if (paths === undefined) return undefined;
	const names = paths.map((path) => {
		const [name = '', below] = path.split('/');
		if (!Object.hasOwn(type.fields, name)) {
			const message = `Type '${type.typeName}' does not have a property named '${name}' or there is no type with '${name}' name.`;
			throw new ODataError(400, message);
		}
		if (below !== undefined && !expanded.includes(name)) {
			const message = `Only navigation properties specified in expand option can be used in select option. '${name}' is not.`;
			throw new ODataError(400, message);
		}
		return name;
	});
	return [...new Set(names)];
}

function fieldsBelow(field: string, paths: readonly string[] | undefined): string[] | undefined {
	const below = (paths ?? []).flatMap((path) =>
		path.startsWith(`${field}/`) ? [path.slice(field.length + 1)] : [],
	);
	return below.length === 0 || below.includes('*') ? undefined : below;
}

function readExpand(text: string | null, type: FilterableType): string[] {
	if (text === null || text.trim() === '') return [];
	const names = text.split(',').map((name) => name.trim());
	for (const name of names) {
		const found = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
		if (!found?.startsWith('Collection(')) {
			const message = `Could not find a property named '${name}' on type '${type.typeName}'.`;
			throw new ODataError(400, message);
		}
	}
	return [...new Set(names)];
}

function readOrderBy(text: string | null, type: FilterableType): OrderTerm[] {
	if (text === null || text.trim() === '') return [];
	return text.split(',').map((term) => {
		const parts = /^\s*([A-Za-z_][A-Za-z0-9_]*)(?:\s+(asc|desc))?\s*$/.exec(term);
		if (!parts?.[1]) throw new ODataError(400, 'Syntax error in $orderby.');
		const field = parts[1];
		const fieldType = Object.hasOwn(type.fields, field) ? type.fields[field] : undefined;
		if (fieldType === undefined) {
			const message = `No property '${field}' exists in type '${type.typeName}' at position 0.`;
			throw new ODataError(400, message);
		}
		return { field, type: fieldType, descending: parts[2] === 'desc' };
	});
}

function readCount(name: string, text: string | null): number | undefined {
	if (text === null) return undefined;
	if (!/^\d{1,9}$/.test(text)) {
		const message = `Incorrect format for ${name} argument '${text}'.`;
		throw new ODataError(400, message);
	}
	return Number(text);
}

function readInlineCount(text: string | null): boolean {
	if (text === null || text === 'none') return false;
	if (text === 'allpages') return true;
	throw new ODataError(
		400,
		'Unknown $inlinecount option, only "allpages" and "none" are supported.',
	);
}
