import { takeRows } from '../../../shared/node/listFields';
import { readEndpoint } from '../../catalogue/catalogue';
import { codesOf, wordListsOf } from '../../catalogue/endpointCodes';
import { ofField } from '../../catalogue/firstClass/codes';
import type { Codes } from '../../catalogue/firstClass/resourceData';
import { isConnectorError, passOn } from '../../../shared/errors';
import type { OperationCall } from '../operation';
import type { Place } from './findRecord';
import { pagesOf } from './listRules';
import type { OutputPlan } from './outputFields';

/** More are no list of words. */
const MOST_WORDS = 1_000;

/**
 * The words of coded fields: those that the resource knows, and for fields whose numbers stand for rows of another endpoint
 * the descriptions of its rows. Such an endpoint is read once per run, and only where a value is no number.
 *
 * @param values by field, as they were given
 * @throws those of the request
 */
export async function codesFor(
	call: OperationCall,
	{ endpoint, data, division }: Place,
	values: Iterable<readonly [field: string, value: unknown]>,
): Promise<Readonly<Record<string, Codes>> | undefined> {
	const codes = codesOf(endpoint, data);
	const lists = wordListsOf(endpoint, data);
	if (lists === undefined) return codes;
	const all: Record<string, Codes> = { ...codes };
	for (const [field, value] of values) {
		const path = ofField(lists, field);
		if (path === undefined || !mayBeWord(value)) continue;
		all[field] = await wordsOf(call, division, path);
	}
	return all;
}

/** Of a list of several values each may be one. */
function mayBeWord(value: unknown): boolean {
	if (Array.isArray(value)) return value.some(mayBeWord);
	return typeof value === 'string' && /[^\s\d,;]/.test(value);
}

/**
 * How rows are shown, with the words of fields whose numbers stand for rows of another endpoint. It is read once per run, and only
 * where rows hold such a field; where that is refused, the numbers stay.
 *
 * @throws ConnectorError EXACT_CANCELLED
 */
export async function withWords(
	call: OperationCall,
	division: number,
	plan: OutputPlan,
): Promise<OutputPlan> {
	const { endpoint, data, mode, select } = plan;
	const lists = wordListsOf(endpoint, data);
	if (lists === undefined || mode === 'raw') return plan;
	const shown = Object.entries(lists).filter(([field]) => select?.includes(field) !== false);
	const codes: Record<string, Codes> = { ...codesOf(endpoint, data) };
	for (const [field, path] of shown) {
		const words = await shownWords(call, division, path);
		if (words !== undefined) codes[field] = words;
	}
	return shown.length === 0 ? plan : { ...plan, codes };
}

/** Undefined where they were refused, once for all rows of the run. */
async function shownWords(
	call: OperationCall,
	division: number,
	path: string,
): Promise<Codes | undefined> {
	const { listsRefused } = call.memory;
	const key = listKey(call, division, path);
	if (listsRefused.has(key)) return undefined;
	try {
		return await wordsOf(call, division, path);
	} catch (error) {
		if (!isConnectorError(error) || call.signal?.aborted === true) passOn(error);
		listsRefused.add(key);
		return undefined;
	}
}

function listKey({ client }: OperationCall, division: number, path: string): string {
	return JSON.stringify([client.userKey, division, path]);
}

async function wordsOf(call: OperationCall, division: number, path: string): Promise<Codes> {
	const { lists } = call.memory;
	const key = listKey(call, division, path);
	const words = lists.get(key) ?? readWords(call, division, path);
	lists.set(key, words);
	// A passing fault is no fact about the list.
	words.catch(() => lists.delete(key));
	return await words;
}

async function readWords(
	{ client, signal }: OperationCall,
	division: number,
	path: string,
): Promise<Codes> {
	const endpoint = readEndpoint(path);
	const [key = 'ID'] = endpoint.keyNames;
	const query = { $select: [key, 'Description'].join(',') };
	const pages = pagesOf(client, { endpoint, division }, { query, signal });
	const rows = await takeRows(pages, MOST_WORDS);
	return Object.fromEntries(
		rows.map((row) => [String(row[key]), String(row.Description ?? '').trim() || String(row[key])]),
	);
}
