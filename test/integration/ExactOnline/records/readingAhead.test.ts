import type { IDataObject } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { locator } from '../../../support/n8nContext';
import { useDocuments } from '../documents/support/documentBench';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));

const bench = useDocuments();

beforeEach(() => {
	jest.mocked(createAccessTokenSource).mockImplementation(async () => await bench.source());
});

const ACCOUNTS = 'crm/Accounts';

const update: IDataObject = {
	resource: 'account',
	operation: 'update',
	record: locator('={{ $json.id }}', 'id'),
	values: { mappingMode: 'defineBelow', value: { Name: '={{ $json.name }}' } },
};

const UNKNOWN = '3fa85f64-5717-4562-b3fc-2c963f66afa6';

/** Four accounts and their new names. */
function items(): IDataObject[] {
	const ids = bench.rows(ACCOUNTS).map(({ ID }) => String(ID));
	return ids.slice(0, 4).map((id, index) => ({ id, name: `Renamed ${index}` }));
}

const renamed = () =>
	bench
		.rows(ACCOUNTS)
		.map(({ Name }) => String(Name))
		.filter((name) => name.startsWith('Renamed'))
		.sort();

/** Requests that change a record, as far as the simulator has seen them. */
const changes = () => bench.requests('PUT', ACCOUNTS);

/** A run whose second change is held at the simulator until the test lets it go on. */
function heldRun(given: IDataObject[], settings: IDataObject = {}) {
	const where = { method: 'PUT', path: String(given[1]?.id) };
	const hold = bench.simulator.hold('apiReceived', { where });
	const output = bench.run(update, given, settings);
	output.catch(() => undefined);
	return { hold, output };
}

it('an item whose expression gives nothing ends the run after the one before it, and nothing is sent for it', async () => {
	const [first = {}, second = {}, third = {}, last = {}] = items();
	const { hold, output } = heldRun([first, second, { ...third, id: null }, last]);
	const request = await hold.waiting();
	expect(changes()).toBe(2);
	request.release();
	await expect(output).rejects.toMatchObject({
		message: expect.stringContaining('[EXACT_EMPTY_VALUE]'),
		context: { itemIndex: 2 },
	});
	expect(renamed()).toEqual(['Renamed 0', 'Renamed 1']);
	expect(changes()).toBe(2);
});

it('where the one before it is refused, that is the error', async () => {
	const [first = {}, second = {}, third = {}] = items();
	const given = [first, { ...second, id: UNKNOWN }, { ...third, id: null }];
	const { hold, output } = heldRun(given);
	(await hold.waiting()).release();
	await expect(output).rejects.toMatchObject({
		message: expect.stringContaining('[EXACT_NOT_FOUND]'),
		context: { itemIndex: 1 },
	});
	expect(renamed()).toEqual(['Renamed 0']);
	expect(changes()).toBe(2);
});

it('with Continue On Fail each item has its own outcome, in order', async () => {
	const [first = {}, second = {}, third = {}, last = {}] = items();
	const given = [first, { ...second, id: UNKNOWN }, { ...third, id: null }, last];
	const { hold, output } = heldRun(given, { continueOnFail: true });
	(await hold.waiting()).release();
	const rows = await output;
	expect(rows.map(({ json }) => (json.error as IDataObject | undefined)?.code ?? 'done')).toEqual([
		'done',
		'EXACT_NOT_FOUND',
		'EXACT_EMPTY_VALUE',
		'done',
	]);
	expect(rows.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2, 3].map((item) => ({ item })));
	expect(renamed()).toEqual(['Renamed 0', 'Renamed 3']);
	expect(changes()).toBe(3);
});
