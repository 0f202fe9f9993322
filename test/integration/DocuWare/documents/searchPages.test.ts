import type { IDataObject } from 'n8n-workflow';
import { operation, useNode } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';

const search = (more: IDataObject) =>
	operation('document', 'search', {
		fileCabinetId: { __rl: true, mode: 'id', value: INVOICES },
		...more,
	});

describe('pages of a search', () => {
	// Red before: 64 MiB are read at once, and the search ended with HTTP_RESPONSE_TOO_LARGE.
	it('have fewer documents where these are large', async () => {
		const { run, simulator } = await start({ answerCompression: false, nextLinks: 'places' });
		const REMARKS = 'x'.repeat(1_200_000);
		const { first, last } = simulator.addDocuments(
			INVOICES,
			Array.from({ length: 60 }, () => ({ COMPANY: 'Peters', REMARKS })),
		);
		const large = { returnAll: false, limit: 60, output: 'selected', fieldsToReturn: ['REMARKS'] };
		const { items } = await run(search(large));
		const found = items.map(({ json }) => json.documentId);
		expect(found).toEqual(Array.from({ length: last - first + 1 }, (_, at) => first + at));
		expect(items.every(({ json }) => json.REMARKS === REMARKS)).toBe(true);
		const asked =
			simulator.counters.requests['POST FileCabinets/{fileCabinetId}/Query/DialogExpression'];
		// Sixty were too many, and six come at a time.
		expect(asked).toBe(11);
	});

	it('give more than 10,000 in another order where a limit says how many are wanted', async () => {
		const { run, simulator } = await start();
		const count = 10_400;
		const amounts = Array.from({ length: count }, (_, at) => (at * 7_919) % count);
		simulator.addDocuments(
			INVOICES,
			amounts.map((AMOUNT) => ({ AMOUNT })),
		);
		const sort = { fields: [{ field: 'AMOUNT', direction: 'Desc' }] };
		const sorted = { sort, output: 'selected', fieldsToReturn: ['AMOUNT'] };
		const limit = 10_200;
		const { items } = await run(search({ ...sorted, returnAll: false, limit }));
		const highest = [...amounts].sort((one, other) => other - one).slice(0, limit);
		expect(items.map(({ json }) => json.AMOUNT)).toEqual(highest);
		await expect(run(search({ ...sorted, returnAll: true }))).rejects.toThrow(
			'[DOCUWARE_TOO_MANY_RESULTS]',
		);
	});
});
