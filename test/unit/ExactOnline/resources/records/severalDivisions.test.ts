import type { IExecuteFunctions } from 'n8n-workflow';
import type { OperationCall } from '../../../../../nodes/ExactOnline/resources/operation';
import { inDivisions } from '../../../../../nodes/ExactOnline/resources/records/severalDivisions';
import { ConnectorError } from '../../../../../nodes/shared/errors';

const options = { severalDivisions: 'chosen', divisions: [9, 8, 7] };
const context: Partial<IExecuteFunctions> = { getNodeParameter: (() => options) as never };
const call = { context, itemIndex: 0 } as unknown as OperationCall;

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
