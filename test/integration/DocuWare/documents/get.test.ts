import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';

const FIELDS = [
	{ FieldName: 'COMPANY', Item: 'Peters (Ltd)', ItemElementName: 'String' },
	{ FieldName: 'AMOUNT', Item: 12.5, ItemElementName: 'Decimal' },
	{ FieldName: 'INVOICEDATE', Item: '2026-04-07', ItemElementName: 'Date' },
	{
		FieldName: 'KEYWORDS',
		Item: { $type: 'DocumentIndexFieldKeywords', Keyword: ['paid', 'urgent'] },
		ItemElementName: 'Keywords',
	},
];

async function store({ run }: NodeFixture): Promise<string> {
	const { items } = await run(
		operation('customApiCall', 'call', {
			method: 'POST',
			path: `FileCabinets/${INVOICES}/Documents`,
			bodyType: 'json',
			jsonBody: JSON.stringify({ Fields: FIELDS }),
		}),
	);
	return String(items[0]?.json.Id);
}

const get = (documentId: string, more = {}) =>
	operation('document', 'get', {
		fileCabinetId: { __rl: true, mode: 'name', value: 'invoices' },
		documentId,
		...more,
	});

const UNKNOWN_CABINET = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d99';

describe('Document: Get', () => {
	it('gives index fields as plain values, and finds the cabinet by its name once', async () => {
		const fixture = await start();
		const id = await store(fixture);
		const { items } = await fixture.run(get(id), { items: [{}, {}] });
		expect(items).toHaveLength(2);
		expect(items[0]?.json).toMatchObject({
			...{ documentId: Number(id), fileCabinetId: INVOICES, COMPANY: 'Peters (Ltd)' },
			...{ AMOUNT: 12.5, INVOICEDATE: '2026-04-07', KEYWORDS: ['paid', 'urgent'] },
			...{ DOCTYPE: null, storedAt: expect.stringMatching(/^\d{4}-.*Z$/) },
		});
		expect(items[0]?.json).not.toHaveProperty('DWSTOREUSER');
		const { requests } = fixture.simulator.counters;
		expect(requests['GET FileCabinets']).toBe(1);
	});

	it('gives chosen fields, those of the system too, or the raw document', async () => {
		const fixture = await start();
		const id = await store(fixture);
		const selected = await fixture.run(
			get(id, { output: 'selected', fieldsToReturn: ['COMPANY', 'DWSTOREUSER', 'storedAt'] }),
		);
		expect(Object.keys(selected.items[0]?.json ?? {}).sort()).toEqual([
			...['COMPANY', 'DWSTOREUSER', 'documentId', 'storedAt'],
		]);
		const named = get(id, { output: 'selected', fieldsToReturn: 'company, Invoice date' });
		expect((await fixture.run(named)).items[0]?.json).toEqual({
			...{ documentId: Number(id), COMPANY: 'Peters (Ltd)', INVOICEDATE: '2026-04-07' },
		});
		const unknown = get(id, { output: 'selected', fieldsToReturn: ['COMPANNY'] });
		await expect(fixture.run(unknown)).rejects.toMatchObject({
			message: expect.stringContaining('Did you mean COMPANY'),
		});
		const raw = await fixture.run(get(id, { output: 'raw' }));
		expect(raw.items[0]?.json).toHaveProperty('Fields');
	});

	it('says what is not there, or gives nothing by choice', async () => {
		const { run } = await start();
		await expect(run(get('4711'))).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_NOT_FOUND]'),
		});
		expect((await run(get('4711', { options: { ifNone: 'empty' } }))).items).toEqual([]);
		const elsewhere = { fileCabinetId: { __rl: true, mode: 'id', value: UNKNOWN_CABINET } };
		for (const [name, ifNone] of [
			['get', 'empty'],
			['delete', 'goOn'],
		] as const) {
			const wanted = { ...elsewhere, documentId: '1', options: { ifNone } };
			await expect(run(operation('document', name, wanted))).rejects.toMatchObject({
				message: expect.stringContaining('[DOCUWARE_NOT_FOUND]'),
			});
		}
		await expect(run(get('x'))).rejects.toMatchObject({
			message: expect.stringContaining('"x" is no ID of a document'),
		});
	});

	it('refuses a name that nothing or more than one thing has', async () => {
		const { run } = await start();
		const named = (value: string) =>
			run(
				operation('document', 'get', {
					fileCabinetId: { __rl: true, mode: 'name', value },
					documentId: '1',
				}),
			);
		await expect(named('Invoice')).rejects.toMatchObject({
			message: expect.stringContaining('Did you mean Invoices?'),
		});
		await expect(named('Inbox')).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_AMBIGUOUS_NAME]'),
		});
	});
});
