import type { IDataObject } from 'n8n-workflow';
import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';

function seed({ simulator }: NodeFixture, count: number): number[] {
	const { documents } = simulator.state;
	return Array.from(
		{ length: count },
		(_, at) =>
			documents.add({
				fileCabinetId: INVOICES,
				values: { COMPANY: at % 2 === 0 ? 'red' : 'blue' },
				storedBy: 'api',
				storedAt: 0,
			}).id,
	);
}

const post = (path: string, body: IDataObject, options: IDataObject) =>
	operation('customApiCall', 'call', {
		...{ method: 'POST', path, bodyType: 'json', jsonBody: JSON.stringify(body) },
		options: { followNext: true, ...options },
	});

describe('Custom API Call', () => {
	it('follows the pages of a search along its links', async () => {
		const fixture = await start();
		const ids = seed(fixture, 350);
		const { items } = await fixture.run(
			post(
				`FileCabinets/${INVOICES}/Query/DialogExpression`,
				{ Condition: [{ DBName: 'COMPANY', Value: ['red'] }], Operation: 'And', Count: 50 },
				{ itemsProperty: 'Items' },
			),
		);
		expect(items.map(({ json }) => json.Id)).toEqual(ids.filter((id) => id % 2 === 1));
		const { requests } = fixture.simulator.counters;
		expect(requests['GET FileCabinets/{fileCabinetId}/Documents']).toBe(3);
	});

	it('follows those of the trash bin, which has no links, by a higher Start', async () => {
		const fixture = await start();
		const ids = seed(fixture, 25);
		const { documents } = fixture.simulator.state;
		for (const id of ids) {
			const document = documents.find(INVOICES, id);
			if (document) documents.discard(document, 'api', 0);
		}
		const { items } = await fixture.run(
			post('TrashBin/Query', { Condition: [], Start: 0, Count: 10 }, { itemsProperty: 'Rows' }),
		);
		expect(items).toHaveLength(25);
		expect(fixture.simulator.counters.requests['POST TrashBin/Query']).toBe(3);
	});

	it('knows that a search whose answer is lost has changed nothing', async () => {
		const fixture = await start();
		seed(fixture, 1);
		await fixture.run(operation('fileCabinet', 'getAll'));
		const hold = fixture.simulator.holds.hold('platform.processed', {
			where: {
				method: 'POST',
				tags: { route: 'FileCabinets/{fileCabinetId}/Query/DialogExpression' },
			},
		});
		const running = fixture.run(
			post(`FileCabinets/${INVOICES}/Query/DialogExpression`, { Condition: [] }, {}),
		);
		(await hold.waiting()).drop();
		const failure: unknown = await running.catch((error: unknown) => error);
		expect(failure).toMatchObject({ message: expect.stringMatching(/\[HTTP_\w+\]/) });
	});
});
