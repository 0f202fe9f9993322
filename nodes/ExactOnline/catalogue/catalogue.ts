import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConnectorError } from '../../shared/errors';
import { isRecord, parseJson } from '../../shared/http';
import type { EdmType } from '../odata/edm';
import { DENIED } from './denied';
import { decodeEndpoint, decodeFields } from './format';
import { didYouMean } from '../../shared/values/nearNames';
import type { CatalogueField, Endpoint, EndpointSummary } from './types';

let summaries: ReadonlyMap<string, EndpointSummary> | undefined;
const endpoints = new Map<string, Endpoint>();

/**
 * All endpoints by path, in the order of their paths, without their fields. Read at the first call.
 * @throws ConnectorError EXACT_CATALOGUE_UNREADABLE
 */
export function endpointSummaries(): ReadonlyMap<string, EndpointSummary> {
	if (summaries) return summaries;
	const found = new Map<string, EndpointSummary>();
	for (const [path, row] of Object.entries(readData('endpoints.json'))) {
		const summary = decodeEndpoint(path, row);
		if (!summary) throw unreadable('endpoints.json');
		found.set(path, withoutDenied(summary));
	}
	summaries = found;
	return found;
}

/** Nobody is offered what must not be done, by whatever name. */
function withoutDenied(summary: EndpointSummary): EndpointSummary {
	const denied = DENIED[summary.path];
	if (denied === undefined) return summary;
	return { ...summary, methods: summary.methods.filter((method) => !(method in denied)) };
}

/**
 * An endpoint with its fields. The file of its service is read at the first call and not kept.
 * @param path as Exact writes it, such as `crm/Accounts`; the case counts (docs/facts/exact-online.md 4.3)
 * @throws ConnectorError EXACT_UNKNOWN_ENDPOINT with near names, EXACT_CATALOGUE_UNREADABLE
 */
export function readEndpoint(path: string): Endpoint {
	const known = endpoints.get(path);
	if (known) return known;
	const summary = endpointSummaries().get(path);
	if (!summary) throw unknownEndpoint(path);
	const file = join('fields', `${summary.service}.json`);
	const fields = decodeFields(readData(file)[path]);
	if (!fields) throw unreadable(file);
	const endpoint = withKey(summary, new Map(fields.map((field) => [field.name, field])), file);
	endpoints.set(path, endpoint);
	return endpoint;
}

/**
 * A field of an endpoint.
 * @throws ConnectorError EXACT_UNKNOWN_FIELD with near names
 */
export function fieldOf({ path, name, fields }: Endpoint, fieldName: string): CatalogueField {
	const field = fields.get(fieldName);
	if (field) return field;
	throw new ConnectorError(
		'EXACT_UNKNOWN_FIELD',
		`${name} has no field "${fieldName.slice(0, 60)}": ${path}.` +
			didYouMean(fieldName, fields.keys()),
		{ repair: 'Choose a field from the list, or correct its name; capitals count.' },
	);
}

/** Names of the fields that hold a value of their own and so can stand in `$select` without `$expand`. */
export function selectableFields({ fields }: Endpoint): string[] {
	return [...fields.values()]
		.filter(({ type }) => type !== 'Collection' && type !== 'Unknown')
		.map(({ name }) => name);
}

function withKey(
	summary: EndpointSummary,
	fields: ReadonlyMap<string, CatalogueField>,
	file: string,
): Endpoint {
	const key = summary.keyNames.map((name) => {
		const type = fields.get(name)?.type;
		if (!isPrimitive(type)) throw unreadable(file);
		return { name, type };
	});
	return { ...summary, key, fields };
}

function isPrimitive(type: CatalogueField['type'] | undefined): type is EdmType {
	return type !== undefined && type !== 'Collection' && type !== 'Unknown';
}

function unknownEndpoint(path: string): ConnectorError {
	const near = didYouMean(path, endpointSummaries().keys());
	return new ConnectorError(
		'EXACT_UNKNOWN_ENDPOINT',
		`"${path.slice(0, 80)}" is no endpoint that this package knows.${near}`,
		{
			repair:
				'Choose the endpoint from the list, or give its path without host and division, such as ' +
				'crm/Accounts; capitals count. Custom API Call reaches any other.',
		},
	);
}

function readData(file: string): Record<string, unknown> {
	let text: string;
	try {
		text = readFileSync(join(__dirname, 'data', file), 'utf8');
	} catch (cause) {
		throw unreadable(file, cause);
	}
	const content = parseJson(text);
	if (!isRecord(content)) throw unreadable(file);
	return content;
}

/** An update of the package replaces its folder while the earlier code still runs. */
function unreadable(file: string, cause?: unknown): ConnectorError {
	return new ConnectorError(
		'EXACT_CATALOGUE_UNREADABLE',
		`The list of Exact Online's endpoints in this package cannot be read: ${file}.`,
		{ repair: 'Restart n8n; if that does not help, install the package again.', cause },
	);
}
