import { locator } from '../../../../support/n8nContext';
import { list } from '../../api/support/exactServer';
import { ID, useRecordNode } from '../support/recordNode';

jest.mock('../../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

const { run, server } = useRecordNode();

describe('a record by its ID that may be missing', () => {
	const get = (value: string, options: object = { ifNone: 'empty' }) => ({
		...{ operation: 'get', output: 'raw', record: locator(value, 'id'), options },
	});

	// Red before: the answer was a 404, after ten of which Exact blocks the endpoint.
	it('is read as a list, which is empty without an error', async () => {
		server.answer([list([]), list([{ ID }])]);
		await expect(run(get(ID))).resolves.toEqual([]);
		await expect(run(get(ID, { ifNone: 'empty', expand: 'BankAccounts' }))).resolves.toMatchObject([
			{ json: { recordId: ID } },
		]);
		expect(server.requests.map(({ target }) => target)).toEqual([
			`/api/v1/1/crm/Accounts?$top=1&$filter=ID eq guid'${ID}'`,
			`/api/v1/1/crm/Accounts?$expand=BankAccounts&$top=1&$filter=ID eq guid'${ID}'`,
		]);
	});

	it('but by its key where that is no guid, or functions take no filter', async () => {
		const other = (path: string, value: string) => ({
			...{ ...get(value), resource: 'otherEndpoint', endpoint: locator(path, 'path') },
		});
		server.answer([{ body: { d: { ID } } }]);
		await run(other('read/crm/Documents', ID));
		await run(other('system/Divisions', '7'));
		expect(server.requests.map(({ target }) => target)).toEqual([
			`/api/v1/1/read/crm/Documents(guid'${ID}')`,
			'/api/v1/1/system/Divisions(7)',
		]);
	});

	it('and an ID that is no guid is an error', async () => {
		server.answer([list([])]);
		await expect(run(get('no-guid'))).rejects.toThrow('[EXACT_INVALID_VALUE]');
		expect(server.requests).toHaveLength(0);
	});
});
