import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { OperationCall } from '../../../../../nodes/ExactOnline/resources/operation';
import {
	divisionsOf,
	inDivisions,
	severalOf,
} from '../../../../../nodes/ExactOnline/resources/records/severalDivisions';
import { ConnectorError } from '../../../../../nodes/shared/errors';

/** The call of an item with these options, whose own division is 5. */
function callWith(options: IDataObject): OperationCall {
	const context: Partial<IExecuteFunctions> = {
		getNodeParameter: ((name: string) => (name === 'options' ? options : '5')) as never,
	};
	return { context, itemIndex: 0 } as unknown as OperationCall;
}

const call = callWith({ severalDivisions: 'chosen', divisions: [9, 8, 7] });

/** Reads three divisions, of which one fails. */
async function readWith(code: string, httpStatus?: number) {
	return await inDivisions(call, async (division) => {
		if (division === 8)
			throw new ConnectorError(code, 'It failed.', { repair: 'Wait.', httpStatus });
		return await Promise.resolve([{ json: { Code: 'A' } }]);
	});
}

// Red before: what Exact counts or fails in one division, such as the ten errors an hour, ended the reading of all.
it.each([
	['EXACT_FORBIDDEN', 403],
	['EXACT_RATE_LIMIT_DAY', 429],
	['EXACT_RATE_LIMIT_MINUTE', 429],
	['EXACT_ERROR_BUDGET', 400],
	['EXACT_SERVER_ERROR', 500],
	// Red before: a code or word that one division alone does not know.
	['EXACT_NOT_FOUND', undefined],
	['EXACT_AMBIGUOUS_RECORD', undefined],
	['EXACT_INVALID_VALUE', undefined],
	['EXACT_TOO_MUCH_ASKED', 408],
])('%s of one division becomes an error item, and the others are read', async (code, status) => {
	const rows = await readWith(code, status);
	expect(rows.map(({ json }) => json)).toEqual([
		{ division: 9, Code: 'A' },
		{ error: expect.objectContaining({ division: 8, code }) as unknown },
		{ division: 7, Code: 'A' },
	]);
});

it.each([
	['EXACT_INVALID_REQUEST', 400],
	['HTTP_CONNECTION_FAILED', undefined],
])('%s is of all divisions', async (code, status) => {
	await expect(readWith(code, status)).rejects.toMatchObject({ code });
});

// Red before: the list counted for nothing without the choice beside it.
it.each<[options: IDataObject, several: string, divisions: number[]]>([
	[{ divisions: [9, '8'] }, 'chosen', [9, 8]],
	[{ divisions: '9, 8' }, 'chosen', [9, 8]],
	[{ severalDivisions: 'chosen', divisions: [9] }, 'chosen', [9]],
	[{ severalDivisions: 'no', divisions: [9, 8] }, 'no', [5]],
	[{ divisions: [] }, 'no', [5]],
	[{}, 'no', [5]],
])('%j reads %s: %j', async (options, several, divisions) => {
	const isSeveral = several !== 'no';
	expect(severalOf(callWith(options))).toBe(several);
	await expect(divisionsOf(callWith(options))).resolves.toEqual({ divisions, isSeveral });
});

// Red before: the one division was read, and its rows were labelled as if it had been chosen.
it.each<IDataObject>([{}, { divisions: [] }, { divisions: ' ' }])(
	'chosen divisions without any, %j, are an error',
	async (given) => {
		const chosen = callWith({ severalDivisions: 'chosen', ...given });
		await expect(divisionsOf(chosen)).rejects.toMatchObject({
			code: 'EXACT_INVALID_VALUE',
			message: expect.stringContaining('no division is chosen'),
		});
	},
);
