import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { NodeSettings } from '../../../support/n8nContext';
import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';

const locator = (value: string, mode = 'id') => ({ __rl: true, mode, value });
const cabinet = { fileCabinetId: locator(INVOICES) };

/** Documents of these companies; returns their numbers. */
async function store({ run }: NodeFixture, companies: readonly string[]): Promise<number[]> {
	const { items } = await run(
		operation('customApiCall', 'call', {
			method: 'POST',
			path: `FileCabinets/${INVOICES}/Documents`,
			bodyType: 'json',
			jsonBody: '={{ $json.body }}',
		}),
		{
			items: companies.map((Item) => ({
				json: { body: { Fields: [{ FieldName: 'COMPANY', Item, ItemElementName: 'String' }] } },
			})),
		},
	);
	return items.map(({ json }) => Number(json.Id));
}

async function valuesOf({ run }: NodeFixture, ids: readonly number[], name: string) {
	const { items } = await run(
		operation('document', 'get', { ...cabinet, documentId: '={{ $json.id }}' }),
		{ items: ids.map((id) => ({ json: { id } })) },
	);
	return items.map(({ json }) => json[name]);
}

const batch = (more: NonNullable<NodeSettings['parameters']>) =>
	operation('document', 'batchUpdate', { ...cabinet, dataMode: 'json', ...more });

const append = (more: NonNullable<NodeSettings['parameters']>) =>
	operation('document', 'appendKeywords', { ...cabinet, keywordField: 'Keywords', ...more });

const json = (items: readonly INodeExecutionData[]) => items.map((item) => item.json);

describe('Document: Batch Update', () => {
	it('changes documents by their IDs, and names each that cannot be changed', async () => {
		const fixture = await start();
		const ids = await store(fixture, ['a', 'b', 'c']);
		const [first, second, third] = ids;
		const documentIds = `${first}, 99999 ,${third}`;
		const { items } = await fixture.run(batch({ documentIds, json: '{"Status": "paid"}' }));
		expect(json(items)).toEqual([
			{ documentId: first, fileCabinetId: INVOICES, updated: true },
			{
				documentId: 99999,
				fileCabinetId: INVOICES,
				updated: false,
				error: expect.stringContaining('not found'),
			},
			{ documentId: third, fileCabinetId: INVOICES, updated: true },
		]);
		expect(await valuesOf(fixture, ids, 'STATUS')).toEqual(['paid', null, 'paid']);
		expect(await valuesOf(fixture, [Number(second)], 'COMPANY')).toEqual(['b']);
	});

	it('stops at the first error where that is wanted, and says which documents are left', async () => {
		const fixture = await start();
		const ids = await store(fixture, ['a', 'b']);
		const { items } = await fixture.run(
			batch({
				documentIds: `={{ [${ids[0]}, 99999, ${ids[1]}] }}`,
				json: '{"STATUS": "paid"}',
				options: { stopAtError: true },
			}),
		);
		expect(json(items).map(({ updated }) => updated)).toEqual([true, false, false]);
		expect(items[2]?.json.error).toContain('Left as it is');
		expect(await valuesOf(fixture, ids, 'STATUS')).toEqual(['paid', null]);
	});

	it('changes what a search finds, more than one request may carry too', async () => {
		const fixture = await start();
		const companies = Array.from({ length: 130 }, (_none, at) => (at % 2 === 0 ? 'even' : 'odd'));
		const ids = await store(fixture, companies);
		const search = (conditions: object[]) => ({
			documentsBy: 'search',
			conditionsAs: 'json',
			conditionsJson: JSON.stringify(conditions),
		});
		const evenOnes = search([{ field: 'Company', operator: 'is', value: 'even' }]);
		const { items } = await fixture.run(batch({ ...evenOnes, json: '{"COMPANY": "changed"}' }));
		expect(items).toHaveLength(65);
		expect(json(items).every(({ updated }) => updated === true)).toBe(true);
		const all = await fixture.run(
			batch({
				...search([{ field: 'DWDOCID', operator: 'from', value: String(ids[0]) }]),
				json: '{"STATUS": "seen"}',
			}),
		);
		expect(all.items).toHaveLength(130);
		const { requests } = fixture.simulator.counters;
		const path = 'POST FileCabinets/{fileCabinetId}/Operations/BatchDocumentsUpdateFields';
		expect(requests[path]).toBe(3);
		expect(await valuesOf(fixture, ids.slice(0, 2), 'COMPANY')).toEqual(['changed', 'odd']);
	});

	it('takes the name of a document tray for none of a file cabinet, in a search either', async () => {
		const { run, simulator } = await start();
		const fileCabinetId = locator('Inbox', 'name');
		const conditions = [{ field: 'DWDOCID', operator: 'from', value: '1' }];
		for (const by of [
			{ documentIds: '1' },
			{
				...{ documentsBy: 'search', conditionsAs: 'json' },
				conditionsJson: JSON.stringify(conditions),
			},
		]) {
			await expect(
				run(batch({ ...by, fileCabinetId, json: '{"STATUS": "x"}' })),
			).rejects.toMatchObject({ message: expect.stringContaining('Among the file cabinets') });
		}
		expect(Object.keys(simulator.counters.requests).join()).not.toContain('BatchDocuments');
	});

	it.each([
		[
			'a search without a condition',
			{ documentsBy: 'search', json: '{"STATUS": "x"}' },
			'no condition',
		],
		...(
			[
				[
					'a search that wildcards alone make',
					[{ field: 'Company', operator: 'like', value: '*' }],
				],
				[
					'one with a search for anything',
					{
						Operation: 'Or',
						Condition: [
							{ DBName: 'COMPANY', Value: ['even'] },
							{ DBName: 'STATUS', Value: ['*'] },
						],
					},
				],
				['alternatives of which one is anything', [{ DBName: 'COMPANY', Value: ['even OR ?*'] }]],
			] as const
		).map(([what, conditions]): [string, IDataObject, string] => [
			what,
			{
				...{ documentsBy: 'search', conditionsAs: 'json', json: '{"STATUS": "x"}' },
				conditionsJson: JSON.stringify(conditions),
			},
			'finds every document',
		]),
		[
			'a search in several file cabinets',
			{
				...{ documentsBy: 'search', conditionsAs: 'json', json: '{"STATUS": "x"}' },
				conditionsJson: JSON.stringify({
					Condition: [{ DBName: 'COMPANY', Value: ['even'] }],
					AdditionalCabinets: ['4d3b1f86-7f52-4f7c-8a9f-2b6a5d0e3c20'],
				}),
			},
			'several file cabinets',
		],
		['no field', { documentIds: '1', json: '{}' }, 'No index field is given'],
		['no document', { documentIds: ' ', json: '{"STATUS": "x"}' }, 'names 0 of at least 1'],
		['one twice', { documentIds: '1, 2, 1', json: '{"STATUS": "x"}' }, 'Document 1 is named twice'],
		['what is no ID', { documentIds: '1, two', json: '{"STATUS": "x"}' }, '"two" is no ID'],
		['a value that does not fit', { documentIds: '1', json: '{"INVOICENO": "x"}' }, 'INVOICENO'],
	] as Array<[string, NonNullable<NodeSettings['parameters']>, string]>)(
		'refuses %s, and sends nothing',
		async (_what, parameters, message) => {
			const { run, simulator } = await start();
			await expect(run(batch(parameters))).rejects.toMatchObject({
				message: expect.stringContaining(message),
			});
			expect(Object.keys(simulator.counters.requests).join()).not.toContain('BatchDocuments');
		},
	);

	it('tells how far it came when a request fails on the way', async () => {
		const fixture = await start();
		const ids = await store(
			fixture,
			Array.from({ length: 101 }, () => 'x'),
		);
		fixture.simulator.faults.push({
			kind: 'status',
			status: 500,
			body: '{"Message":"Out of order."}',
			where: { method: 'POST' },
			skip: 1,
		});
		const run = fixture.run(
			batch({ documentIds: `={{ [${ids.join()}] }}`, json: '{"STATUS": "x"}' }),
		);
		await expect(run).rejects.toMatchObject({
			message: expect.stringContaining(
				`The first 100 documents, up to ${ids[99]}, had been sent and answered before.`,
			),
		});
	});
});

describe('Document: Append Keywords', () => {
	it('adds keywords to those that are there', async () => {
		const fixture = await start();
		const ids = await store(fixture, ['a', 'b']);
		const documentIds = ids.join();
		await fixture.run(append({ documentIds, keywords: 'urgent' }));
		const { items } = await fixture.run(append({ documentIds, keywords: '["paid", "urgent"]' }));
		expect(json(items).map(({ updated }) => updated)).toEqual([true, true]);
		expect(await valuesOf(fixture, ids, 'KEYWORDS')).toEqual([
			['urgent', 'paid'],
			['urgent', 'paid'],
		]);
	});

	it.each([
		['another field', { keywordField: 'COMPANY' }, 'is no keyword field'],
		['an unknown one', { keywordField: 'KEYWORD' }, 'Did you mean KEYWORDS'],
		['no keyword', { keywords: '[]' }, 'No keyword is given'],
		['two in one text', { keywords: 'a, b' }, 'may be one keyword or several'],
	])('refuses %s', async (_what, more, message) => {
		const { run } = await start();
		const parameters = append({ documentIds: '1', keywords: 'a', ...more });
		await expect(run(parameters)).rejects.toMatchObject({
			message: expect.stringContaining(message),
		});
	});
});
