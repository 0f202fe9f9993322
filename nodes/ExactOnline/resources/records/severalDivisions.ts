import type { INodeProperties } from 'n8n-workflow';
import { ConnectorError, isConnectorError, passOn } from '../../../shared/errors';
import { errorFacts } from '../../../shared/node/nodeErrors';
import type { OutputRow } from '../../../shared/node/operation';
import { readOptions } from '../../../shared/node/optionsField';
import { cancelled } from '../../api/clientErrors';
import { selectClause } from '../../odata/queryOptions';
import { currentDivision, parseDivision, readDivision } from '../common/divisionField';
import { divisionPages, tellIfCurrentOnly } from '../division/divisionLists';
import type { OperationCall } from '../operation';

/** Divisions that are read at once; each has one request under way. */
const AT_ONCE = 10;

/** Reading more than one division. */
export const divisionOptions: INodeProperties[] = [
	{
		displayName: 'Several Divisions',
		name: 'severalDivisions',
		type: 'options',
		options: [
			{ name: 'All That the User May Use', value: 'all' },
			{ name: 'Chosen Divisions', value: 'chosen' },
			{ name: 'No', value: 'no' },
		],
		default: 'all',
		description:
			'Whether to read several divisions in one go instead of the one above. Each row then holds its division, and the limit counts for each of them.',
	},
	{
		displayName: 'Chosen Division Names or IDs',
		name: 'divisions',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getDivisions' },
		default: [],
		description:
			'The divisions to read instead of the one above, also where Several Divisions is not added. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
];

/** Which divisions the item asks for: a list of chosen ones stands for itself, unless the choice beside it says no. */
export function severalOf(
	call: Pick<OperationCall, 'context' | 'itemIndex'>,
): 'all' | 'chosen' | 'no' {
	const { severalDivisions } = readOptions(call);
	if (severalDivisions === 'all' || severalDivisions === 'chosen') return severalDivisions;
	return severalDivisions === undefined && chosenCodes(call).length > 0 ? 'chosen' : 'no';
}

/**
 * The divisions that the item asks for, and whether it asks for several.
 * @throws ConnectorError EXACT_INVALID_VALUE where chosen ones are asked for and none is chosen, EXACT_INVALID_DIVISION
 */
export async function divisionsOf(
	call: OperationCall,
): Promise<{ divisions: number[]; isSeveral: boolean }> {
	switch (severalOf(call)) {
		case 'all':
			return { divisions: await allDivisions(call), isSeveral: true };
		case 'chosen':
			return { divisions: await chosenDivisions(call), isSeveral: true };
		case 'no':
			return { divisions: [await readDivision(call)], isSeveral: false };
	}
}

/**
 * The rows of the item's division, or of several with their division in each row, in the order of the divisions. One
 * that refuses becomes an error item, and the others go on.
 */
export async function inDivisions(
	call: OperationCall,
	read: (division: number) => Promise<OutputRow[]>,
): Promise<OutputRow[]> {
	const { divisions, isSeveral } = await divisionsOf(call);
	const [only] = divisions;
	if (!isSeveral && only !== undefined) return await read(only);
	const parts: OutputRow[][] = [];
	const refusals: ConnectorError[] = [];
	const left = [...divisions.entries()];
	const worker = async () => {
		for (let next = left.shift(); next !== undefined; next = left.shift()) {
			const [index, division] = next;
			parts[index] = await rowsOrError(call, division, read, refusals).catch((error: unknown) => {
				left.length = 0;
				return passOn(error);
			});
		}
	};
	// Those that are under way have ended before the item fails.
	const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
	for (const end of ends) if (end.status === 'rejected') throw end.reason;
	const [first] = refusals;
	// Where nobody answers it is no matter of one division.
	if (first !== undefined && refusals.length === divisions.length) throw first;
	return parts.flat();
}

async function rowsOrError(
	{ signal }: OperationCall,
	division: number,
	read: (division: number) => Promise<OutputRow[]>,
	refusals: ConnectorError[],
): Promise<OutputRow[]> {
	try {
		const rows = await read(division);
		return rows.map(({ json, ...row }) => ({ ...row, json: { division, ...json } }));
	} catch (error) {
		if (signal?.aborted) throw cancelled();
		if (!isConnectorError(error) || !isOfDivision(error)) passOn(error);
		refusals.push(error);
		return [{ json: { error: { division, ...errorFacts(error) } } }];
	}
}

/**
 * What is counted for each division (docs/facts/exact-online.md 1.7, 3), may be a fault of the place where it lies, or
 * depends on the records that it holds: a code, a word of a list of its own, a list that is too long.
 */
const OF_DIVISION = new Set([
	...['EXACT_AMBIGUOUS_RECORD', 'EXACT_INVALID_VALUE', 'EXACT_NOT_FOUND', 'EXACT_TOO_MUCH_ASKED'],
	'EXACT_ERROR_BUDGET',
	'EXACT_RATE_LIMIT_DAY',
	'EXACT_RATE_LIMIT_MINUTE',
	'EXACT_SERVER_ERROR',
]);

/** Whether an error may be of one division alone; a wrong query or a lost connection is of all. */
function isOfDivision({ code, httpStatus }: ConnectorError): boolean {
	return httpStatus === 403 || httpStatus === 404 || OF_DIVISION.has(code);
}

async function allDivisions(call: OperationCall): Promise<number[]> {
	const { client, signal } = call;
	const division = await currentDivision(call);
	const codes: number[] = [];
	for await (const rows of divisionPages(client, { division, fields: ['Code'], signal })) {
		for (const { Code } of rows) codes.push(parseDivision(Code) ?? division);
	}
	tellIfCurrentOnly(client, call);
	return [...new Set(codes)];
}

async function chosenDivisions(call: OperationCall): Promise<number[]> {
	const typed = chosenCodes(call);
	if (typed.length === 0) {
		throw new ConnectorError(
			'EXACT_INVALID_VALUE',
			'Several Divisions is set to Chosen Divisions, and no division is chosen. Nothing was sent.',
			{
				repair:
					'Choose divisions in Options > Chosen Division Names or IDs, or take Several Divisions out of the options.',
			},
		);
	}
	const codes: number[] = [];
	for (const one of typed) codes.push(parseDivision(one) ?? (await currentDivision(call)));
	return [...new Set(codes)];
}

/** As they are given, each once. */
function chosenCodes(call: Pick<OperationCall, 'context' | 'itemIndex'>): string[] {
	return selectClause(readOptions(call).divisions)?.split(',') ?? [];
}
