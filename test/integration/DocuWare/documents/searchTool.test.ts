import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';

/** As n8n runs the node for an AI agent: every argument is a text. */
const nodeType = 'n8n-nodes-exactonline-docuware.docuWareTool';

function seed({ simulator }: NodeFixture, count: number): void {
	for (let at = 0; at < count; at += 1) {
		simulator.state.documents.add({
			fileCabinetId: INVOICES,
			values: { COMPANY: 'Peters', INVOICENO: at, REMARKS: 'Long remarks. '.repeat(100) },
			storedBy: 'api',
			storedAt: 0,
		});
	}
}

const asked = {
	fileCabinetId: { __rl: true, mode: 'name', value: 'Invoices' },
	conditionsAs: 'json',
	conditionsJson:
		'[{"field": "Company", "operator": "equals", "value": "Peters"}, {"field": "INVOICENO", "operator": "at least", "value": "5"}]',
	combine: 'And',
};

describe('a search of an AI agent', () => {
	it('takes texts for all arguments, gives 20 documents, and no more than 10 kB', async () => {
		const fixture = await start();
		seed(fixture, 60);
		const { items } = await fixture.run(operation('document', 'search', asked), { nodeType });
		expect(items.length).toBeGreaterThanOrEqual(5);
		expect(items.length).toBeLessThanOrEqual(20);
		expect(JSON.stringify(items.map(({ json }) => json)).length).toBeLessThanOrEqual(10_000);
		expect(items[0]?.json).toMatchObject({ COMPANY: 'Peters', INVOICENO: 5 });
		expect(items.at(-1)?.json.note).toContain('Shortened for an AI agent');
		const { requests } = fixture.simulator.counters;
		expect(requests['POST FileCabinets/{fileCabinetId}/Query/DialogExpression']).toBe(1);
	});

	it('takes limit and switches as texts too', async () => {
		const fixture = await start();
		seed(fixture, 30);
		const run = async (given: { returnAll: string; limit: string }) => {
			const { items } = await fixture.run(
				operation('document', 'search', {
					...asked,
					...{ returnAll: '={{ $json.returnAll }}', limit: '={{ $json.limit }}' },
					...{ output: 'selected', fieldsToReturn: '={{ "INVOICENO" }}' },
				}),
				{ nodeType, items: [{ json: given }] },
			);
			return items.map(({ json }) => json.INVOICENO);
		};
		expect(await run({ returnAll: 'false', limit: '7' })).toEqual([5, 6, 7, 8, 9, 10, 11]);
		expect(await run({ returnAll: 'true', limit: '7' })).toHaveLength(25);
	});

	it('counts, and lists trays and what lies in them', async () => {
		const fixture = await start();
		seed(fixture, 30);
		const counted = await fixture.run(operation('document', 'getCount', asked), { nodeType });
		expect(counted.items[0]?.json).toMatchObject({ count: 25 });
		const trays = await fixture.run(operation('documentTray', 'getAll'), { nodeType });
		expect(trays.items).toHaveLength(2);
		const documents = await fixture.run(
			operation('documentTray', 'getDocuments', {
				fileCabinetId: { __rl: true, mode: 'id', value: trays.items[0]?.json.Id },
			} as never),
			{ nodeType },
		);
		expect(documents.items).toEqual([]);
	});

	it('is refused what it leaves empty, which would find everything', async () => {
		const fixture = await start();
		const run = async (conditionsJson: string) =>
			await fixture.run(operation('document', 'search', { ...asked, conditionsJson }), {
				nodeType,
			});
		await expect(run('')).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_INVALID_PARAMETER]'),
		});
		await expect(run('{"COMPANY": ""}')).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_INVALID_VALUE]'),
		});
	});
});
