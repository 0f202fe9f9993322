import type { INodeProperties } from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import type { OperationCall } from '../operation';
import { readCurrentDivision } from './currentDivision';

/** Value of the field that stands for the current division of the user; an empty field does too. */
export const CURRENT_DIVISION = 'current';

/** The division that an operation works in: from a searchable list, by its code, or the current one. */
export const divisionField: INodeProperties = {
	displayName: 'Division',
	name: 'division',
	type: 'resourceLocator',
	default: { mode: 'list', value: CURRENT_DIVISION, cachedResultName: 'Current Division' },
	description:
		'The division (administration) to work in. The current division is the one that the ' +
		'user last opened in the web interface of Exact Online, so it changes without the ' +
		'workflow; choose a division to be sure.',
	hint: 'The current division follows what the user opens in the web interface',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a division…',
			typeOptions: { searchListMethod: 'searchDivisions', searchable: true },
		},
		{
			displayName: 'By Code',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 3100007',
			hint: 'Leave empty for the current division',
			validation: [
				{
					type: 'regex',
					properties: {
						regex: '^\\s*(?:\\d{1,9}|current)?\\s*$',
						errorMessage: 'A division code has digits only',
					},
				},
			],
		},
	],
};

/**
 * The division that the item asks for.
 * @throws ConnectorError EXACT_INVALID_DIVISION, EXACT_NO_CURRENT_DIVISION
 */
export async function readDivision(call: OperationCall): Promise<number> {
	const value: unknown = call.context.getNodeParameter('division', call.itemIndex, '', {
		extractValue: true,
	});
	return parseDivision(value) ?? (await currentDivision(call));
}

/**
 * A division code; undefined for the current division.
 * @throws ConnectorError EXACT_INVALID_DIVISION
 */
export function parseDivision(value: unknown): number | undefined {
	const text = String(value ?? '').trim();
	if (text === '' || text === CURRENT_DIVISION) return undefined;
	if (/^\d{1,9}$/.test(text) && Number(text) > 0) return Number(text);
	throw new ConnectorError(
		'EXACT_INVALID_DIVISION',
		`"${text.slice(0, 40)}" is not the code of a division.`,
		{
			repair:
				'Choose the division from the list, or give its code (the number in the address of ' +
				'the web interface, not the short number that people use).',
		},
	);
}

/** The current division, asked for once per execution and user. */
export async function currentDivision({ client, signal, memory }: OperationCall): Promise<number> {
	const known = memory.currentDivisions.get(client.userKey);
	if (known !== undefined) return known;
	const division = await readCurrentDivision(client, signal);
	memory.currentDivisions.set(client.userKey, division);
	return division;
}
