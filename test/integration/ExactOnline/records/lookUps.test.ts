import type { IDataObject } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { useDocuments } from '../documents/support/documentBench';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));

const bench = useDocuments();

beforeEach(() => {
	jest.mocked(createAccessTokenSource).mockImplementation(bench.source);
});

const ACCOUNTS = 'crm/Accounts';

/** Makes accounts that are known again by their address for mail. */
const SKIP: IDataObject = {
	...{ resource: 'account', operation: 'create', ifExists: 'skip', matchBy: 'Email' },
	values: { mappingMode: 'autoMapInputData', value: {} },
};

const accounts = (...names: string[]): IDataObject[] =>
	names.map((name) => ({ Name: `Looked for ${name}`, Email: `${name}@look.up` }));

const madeOf = () =>
	bench
		.rows(ACCOUNTS)
		.filter(({ Name }) => String(Name).startsWith('Looked for'))
		.map(({ Email }) => String(Email).split('@')[0])
		.sort();

const requests = (method: string) => bench.requests(method, ACCOUNTS);

it('new records are looked for together: one request for fifty, and none again under their leases', async () => {
	const names = Array.from({ length: 50 }, (_none, n) => `n${n}`);
	const output = await bench.run(SKIP, accounts(...names));
	expect(output.map(({ json }) => json.created)).toEqual(names.map(() => true));
	expect([requests('GET'), requests('POST')]).toEqual([1, 50]);
});

// Whatever the service takes for equal, no item makes a second one of it, and none is lost.
it.each([
	['ignoresCase', [true, false, true], ['a', 'b']],
	['exact', [true, true, true], ['A', 'a', 'b']],
] as const)(
	'items that differ in capitals alone, where the service compares texts: %s',
	async (textComparison, created, names) => {
		bench.simulator.configure({ textComparison });
		const output = await bench.run(SKIP, accounts('a', 'A', 'b'));
		expect(output.map(({ json }) => json.created)).toEqual(created);
		expect(madeOf()).toEqual(names);
		const again = await bench.run(SKIP, accounts('A', 'B'));
		expect(again.map(({ json }) => json.created)).toEqual([false, textComparison === 'exact']);
	},
);

// Red before where the service tells capitals apart: what 'a' wants was done to 'A', or both were ambiguous.
it.each([
	['ignoresCase', ['A'], [false, false, true], ['a a', 'b b']],
	['exact', ['A'], [false, true, true], ['A A', 'a a', 'b b']],
	['exact', ['A', 'a'], [false, false, true], ['A A', 'a a', 'b b']],
] as const)(
	'what is there with other capitals is changed by its own item alone, where the service compares texts: %s (%j)',
	async (textComparison, there, created, records) => {
		bench.simulator.configure({ textComparison });
		await bench.run(SKIP, accounts(...there));
		const output = await bench.run({ ...SKIP, operation: 'upsert' }, accounts('A', 'a', 'b'));
		expect(output.map(({ json }) => json.created)).toEqual(created);
		const stand = bench.rows(ACCOUNTS).map(({ Name, Email }) => [Name, Email].map(String));
		const ours = stand.filter(([name]) => name?.startsWith('Looked for'));
		const told = ours.map(([name, email]) => `${name?.slice(11)} ${email?.split('@')[0]}`);
		expect(told.sort()).toEqual(records);
	},
);

it('equal items in one run see the record that the first of them has made', async () => {
	const output = await bench.run(SKIP, accounts('a', 'b', 'a', 'c', 'b'));
	expect(output.map(({ json }) => json.created)).toEqual([true, true, false, true, false]);
	expect(madeOf()).toEqual(['a', 'b', 'c']);
});
