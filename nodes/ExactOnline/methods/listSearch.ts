import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { withListErrors } from '../../shared/node/nodeErrors';
import { endpointSummaries, readEndpoint } from '../catalogue/catalogue';
import { functionParameters } from '../catalogue/functionParameters';
import type { EndpointSummary, Method } from '../catalogue/types';
import { readCurrentDivision } from '../resources/common/currentDivision';
import { CURRENT_DIVISION } from '../resources/common/divisionField';
import { firstDivisionPage, nextDivisionPage } from '../resources/division/divisionLists';
import { listedReferences, searchMethodOf } from '../resources/records/referenceFields';
import { findTopics } from '../resources/xml/topics';
import type { ExactRow } from '../wire/exactTypes';
import { editedTarget } from './chosenTarget';
import { labelFields, recordPage, valueOf } from './recordSearch';
import { valuesInUse } from './valuesInUse';
import { chosenDivision, withClient } from './withClient';

type ListSearch = (
	this: ILoadOptionsFunctions,
	search?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

/**
 * The divisions for a drop-down, 60 at a time; what the user types is searched for by the service.
 * The first entry stands for the current division.
 */
export async function searchDivisions(
	this: ILoadOptionsFunctions,
	search?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await withClient(this, async (client) => {
		const page =
			paginationToken === undefined
				? await firstDivisionPage(client, {
						division: await readCurrentDivision(client, undefined),
						search,
						fields: ['Code', 'CustomerName', 'Description', 'Hid'],
					})
				: await nextDivisionPage(client, paginationToken);
		const results = page.rows.map((row) => ({
			name: divisionName(row),
			value: String(row.Code),
		}));
		const isStart = paginationToken === undefined && !search;
		const current = { name: 'Current Division', value: CURRENT_DIVISION };
		return {
			results: isStart ? [current, ...results] : results,
			paginationToken: page.next,
		};
	});
}

/** The records of the chosen resource or endpoint, found by what people know them by. */
export async function searchRecords(
	this: ILoadOptionsFunctions,
	search?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await withClient(this, async (client) => {
		const target = editedTarget(this);
		if (target === undefined) return { results: [] };
		const { endpoint, data } = target;
		const fields = labelFields(endpoint, data);
		return await recordPage(client, {
			endpoint,
			fields,
			valueOf: (row) => valueOf(endpoint, row),
			division: async () => await chosenDivision(this, client),
			search,
			paginationToken,
		});
	});
}

/** For each kind of record that a form offers a list of: its records in the chosen division. */
export const referenceSearches: Readonly<Record<string, ListSearch>> = Object.fromEntries(
	listedReferences().map((target) => {
		const { endpoint: path, by, code, label, inUse } = target;
		const search: ListSearch = async function (this, text, paginationToken) {
			return await withClient(this, async (client) => {
				const endpoint = readEndpoint(path);
				const division = async () => await chosenDivision(this, client);
				if (inUse !== undefined) {
					const named = { endpoint, held: inUse, label: label[0] ?? inUse };
					return await valuesInUse(client, { ...named, division, search: text, paginationToken });
				}
				const held = by === 'code' ? (code ?? 'Code') : (endpoint.keyNames[0] ?? 'ID');
				return await recordPage(client, {
					endpoint,
					fields: label.filter((name) => endpoint.fields.has(name)),
					valueOf: (row) => String(row[held] ?? '').trim(),
					more: [held],
					division,
					search: text,
					paginationToken,
				});
			});
		};
		return [searchMethodOf(target), search];
	}),
);

function allows({ path, methods, keyNames }: EndpointSummary, operation: string): boolean {
	const isFunction = path.startsWith('read/') || functionParameters(path) !== undefined;
	if (isFunction !== (operation === 'callFunction') || NOT_OFFERED.has(path)) return false;
	if (operation === 'get' && keyNames.length === 0) return false;
	return (NEEDED[operation] ?? ['GET']).every((method) => methods.includes(method));
}

/** Methods of an endpoint that an operation needs. */
const NEEDED: Readonly<Record<string, readonly Method[]>> = {
	create: ['POST'],
	delete: ['DELETE'],
	get: ['GET'],
	getAll: ['GET'],
	update: ['PUT'],
	upsert: ['POST', 'PUT'],
};

/** `Me` has no division and is a resource of its own. */
const NOT_OFFERED = new Set(['current/Me']);

const SHOWN_ENDPOINTS = 100;

/** Endpoints by name and path, those that allow the chosen operation. */
export async function searchEndpoints(
	this: ILoadOptionsFunctions,
	search?: string,
): Promise<INodeListSearchResult> {
	return await withListErrors(this.getNode(), async () => {
		const operation = String(this.getCurrentNodeParameter('operation') ?? '');
		const words = (search ?? '').toLowerCase().split(/\s+/);
		const found = [...endpointSummaries().values()]
			.filter((endpoint) => allows(endpoint, operation))
			.filter(({ name, path }) => {
				const text = `${name} ${path}`.toLowerCase();
				return words.every((word) => text.includes(word));
			})
			.sort((one, other) => (one.name < other.name ? -1 : 1));
		const results = found
			.slice(0, search ? SHOWN_ENDPOINTS : found.length)
			.map(({ name, path }) => ({ name: `${name} (${path})`, value: path }));
		return await Promise.resolve({ results });
	});
}

/** Topics of the XML interface by name. */
export async function searchXmlTopics(
	this: ILoadOptionsFunctions,
	search?: string,
): Promise<INodeListSearchResult> {
	return await Promise.resolve({ results: findTopics(search) });
}

function divisionName(row: ExactRow): string {
	const description = text(row.Description);
	const customer = text(row.CustomerName);
	const name = [description, customer === description ? '' : customer]
		.filter((part) => part !== '')
		.join(', ');
	return name === '' ? `Division ${text(row.Code)}` : `${name} (${text(row.Code)})`;
}

function text(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}
