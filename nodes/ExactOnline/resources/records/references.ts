import { ConnectorError } from '../../../shared/errors';
import { readEndpoint } from '../../catalogue/catalogue';
import { takeRows } from '../../../shared/node/listFields';
import { filterField } from '../../catalogue/fieldTypes';
import { codeOfWord, ofField } from '../../catalogue/firstClass/codes';
import { referenceOf, type ReferenceTarget } from '../../catalogue/firstClass/references';
import type { FunctionParameter } from '../../catalogue/functionParameters';
import type { Codes } from '../../catalogue/firstClass/resourceData';
import type { Endpoint } from '../../catalogue/types';
import { comparison } from '../../odata/filterRows';
import { inField } from '../../odata/invalidValue';
import { isGuid } from '../../odata/values';
import type { OperationCall } from '../operation';
import { pagesOf } from './listRules';

/**
 * Values with references as Exact takes them: a code where the field holds an identifier is looked up, once per run;
 * words of coded fields become their codes. What is null or undefined stays.
 *
 * @param codes words of coded fields, by field
 * @throws ConnectorError EXACT_NOT_FOUND, EXACT_INVALID_VALUE with the field
 */
export async function withReferencesResolved(
	call: OperationCall,
	endpoint: Endpoint,
	division: number,
	values: Readonly<Record<string, unknown>>,
	codes: Readonly<Record<string, Codes>> = {},
): Promise<Record<string, unknown>> {
	const resolved = Object.create(null) as Record<string, unknown>;
	for (const [name, value] of Object.entries(values)) {
		const field = endpoint.fields.get(name);
		const target = field && referenceOf(field, endpoint.path);
		const words = ofField(codes, name);
		if (value === null || value === undefined) resolved[name] = value;
		else if (words !== undefined) resolved[name] = inField(name, () => codeOfWord(words, value));
		else if (target?.by !== 'key') resolved[name] = withoutVatSigns(name, value);
		else resolved[name] = await referenceId(call, division, name, target, value, endpoint.path);
	}
	return resolved;
}

/** VAT numbers are kept and looked for without the blanks and dots with which people write them. */
export function withoutVatSigns(name: string, value: unknown): unknown {
	return name === 'VATNumber' && typeof value === 'string' ? value.replace(/[\s.]/g, '') : value;
}

/**
 * The value of a parameter of a function, where `itemId` and the like may be given as a code.
 * @throws as `withReferencesResolved`
 */
export async function referenceIdOf(
	call: OperationCall,
	division: number,
	{ name, type }: FunctionParameter,
	value: unknown,
): Promise<unknown> {
	const target = referenceOfParameter({ name, type });
	return target === undefined ? value : await referenceId(call, division, name, target, value);
}

/** What a parameter of a function names: `itemId` an item. */
export function referenceOfParameter({
	name,
	type,
}: FunctionParameter): ReferenceTarget | undefined {
	const field = name.charAt(0).toUpperCase() + name.slice(1).replace(/Id$/, '');
	return referenceOf({ name: field, type });
}

/**
 * The identifier of a record that is named by it or by its code.
 * @param written endpoint of the record that names it: what is not there yet may be made by the next item of the run
 */
async function referenceId(
	call: OperationCall,
	division: number,
	name: string,
	target: ReferenceTarget,
	value: unknown,
	written?: string,
): Promise<unknown> {
	// What is no text and no number names nothing, which is told when the body is made.
	if (typeof value === 'object') return value;
	const text = String(value).trim();
	// Without a code there is nothing to look for; what is no identifier is told when the body is made.
	if (isGuid(value) || target.code === undefined || text === '') return value;
	const known = call.memory.references;
	const key = referenceKey(call, division, target, text);
	const found = known.get(key) ?? idOfCode(call, division, target, text);
	known.set(key, found);
	// A passing fault is no fact about the code.
	found.catch(() => known.delete(key));
	const id = await found;
	if (id !== undefined) return id;
	if (target.endpoint === written) known.delete(key);
	const what = readEndpoint(target.endpoint).name;
	throw new ConnectorError(
		'EXACT_NOT_FOUND',
		`${name}: there is no ${what} with the code "${text.slice(0, 60)}" in division ${division}.`,
		{ repair: 'Correct the code, or give the ID of the record.' },
	);
}

/** Under which the run remembers the identifier of a record that is named by its code. */
export function referenceKey(
	{ client }: OperationCall,
	division: number,
	{ endpoint }: ReferenceTarget,
	code: string,
): string {
	return JSON.stringify([client.userKey, division, endpoint, code]);
}

async function idOfCode(
	{ client, signal }: OperationCall,
	division: number,
	target: ReferenceTarget,
	code: string,
): Promise<string | undefined> {
	const endpoint = readEndpoint(target.endpoint);
	const [key = { name: 'ID' }] = endpoint.key;
	const query = {
		$select: key.name,
		$filter: comparison(filterField(endpoint, target.code ?? 'Code'), 'eq', code),
		$top: 2,
	};
	const pages = pagesOf(client, { endpoint, division }, { query, signal });
	const [row, another] = await takeRows(pages, 2);
	if (row === undefined) return undefined;
	if (another === undefined) return String(row[key.name]);
	throw new ConnectorError(
		'EXACT_AMBIGUOUS_RECORD',
		`Several ${endpoint.name} records of division ${division} have the code "${code.slice(0, 60)}".`,
		{ repair: 'Give the ID of the one that is meant.' },
	);
}
