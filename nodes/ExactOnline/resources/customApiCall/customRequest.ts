import type { IDataObject } from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import { findHeaderProblem, findPathProblem } from '../../../shared/http';
import { readJsonField } from '../../../shared/node/jsonField';
import { readPairs } from '../../../shared/node/pairsField';
import type { RawExactRequest } from '../../wire/exactTypes';
import { HEADERS, PARAMETERS } from './requestFields';

/** What the fields of the operation say, before it is a request. */
export interface CustomRequestFields {
	method: string;
	path: string;
	query: IDataObject;
	headers: IDataObject;
	body: unknown;
}

const METHODS = ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'] as const;

const PLACEHOLDER = '{division}';

const DIVISION_PLACEHOLDER = /\{division\}/gi;

/** The client sets these; another value would send the token elsewhere or leave it out. */
const OWN_HEADERS = new Set(['authorization', 'cookie', 'host', 'content-length', 'connection']);

/** Whether the path needs the number of a division. */
export function needsDivision(path: string): boolean {
	return fromHost(path.trim()).search(DIVISION_PLACEHOLDER) >= 0;
}

/**
 * A path from the host on. `api/…` is one without its slash, a path that says where the division stands or
 * needs none is below the API, and any other is below the division.
 */
function fromHost(path: string): string {
	if (path.startsWith('/')) return path;
	if (/^api\//i.test(path)) return `/${path}`;
	const namesDivision = path.search(DIVISION_PLACEHOLDER) >= 0 || /^current\//i.test(path);
	return `/api/v1/${namesDivision ? '' : `${PLACEHOLDER}/`}${path}`;
}

/**
 * The request that the fields describe.
 * @throws ConnectorError EXACT_INVALID_PATH, EXACT_INVALID_VALUE (names the field)
 */
export function customRequest(
	baseUrl: string,
	fields: CustomRequestFields,
	division: number | undefined,
): RawExactRequest {
	const method = METHODS.find((one) => one === fields.method.toUpperCase());
	if (method === undefined) throw invalid('Method', `"${fields.method}" is not a known method`);
	const url = new URL(pathOf(fields.path, division), baseUrl);
	for (const [name, value] of readPairs(fields.query, PARAMETERS)) {
		url.searchParams.append(name, value);
	}
	const request: RawExactRequest = {
		method,
		url: `${url.origin}${url.pathname}${odataSearch(url.searchParams)}`,
		headers: headersOf(fields.headers),
	};
	if (method === 'GET' || method === 'DELETE') return request;
	return {
		...request,
		headers: { 'Content-Type': 'application/json', ...request.headers },
		body: bodyText(fields.body),
	};
}

/** Spaces as %20, since OData services do not all read a plus as one; option names keep their `$`. */
function odataSearch(parameters: URLSearchParams): string {
	const text = parameters.toString().replace(/\+/g, '%20').replace(/%24/g, '$');
	return text === '' ? '' : `?${text}`;
}

function pathOf(path: string, division: number | undefined): string {
	const given = path.trim();
	if (given === '' || given.startsWith('//') || given.includes('\\') || /^[a-z]+:/i.test(given)) {
		throw invalidPath(`"${given.slice(0, 80)}" is no path of the API`);
	}
	const full = fromHost(given).replace(DIVISION_PLACEHOLDER, String(division ?? ''));
	const problem =
		findPathProblem(full) ??
		(/[{}]/.test(full.split('?', 1)[0] ?? '')
			? 'holds a placeholder other than {division}'
			: undefined);
	if (problem === undefined) return full;
	throw invalidPath(`The path "${given.slice(0, 80)}" ${problem}`);
}

function invalidPath(problem: string): ConnectorError {
	return new ConnectorError('EXACT_INVALID_PATH', `${problem}. Nothing was sent.`, {
		repair: 'Give the path without the host, for instance crm/Accounts or /api/v1/current/Me.',
	});
}

function headersOf(headers: IDataObject): Record<string, string> {
	const pairs = readPairs(headers, HEADERS);
	const problem = findHeaderProblem(pairs, OWN_HEADERS);
	if (problem?.reason === 'reserved') {
		throw invalid('Headers', `the header ${problem.name} is set by the node itself`);
	}
	if (problem) throw invalid('Headers', `"${problem.name.slice(0, 40)}" is not a valid header`);
	return Object.fromEntries(pairs);
}

function bodyText(body: unknown): string {
	const reading = readJsonField(typeof body === 'string' && body.trim() === '' ? '{}' : body);
	if ('text' in reading) return reading.text;
	throw invalid('Body', `it is not valid JSON (${reading.problem})`);
}

function invalid(field: string, problem: string): ConnectorError {
	return new ConnectorError(
		'EXACT_INVALID_VALUE',
		`The field ${field} is not usable: ${problem}.`,
		{
			repair: `Correct ${field} in the node.`,
		},
	);
}
