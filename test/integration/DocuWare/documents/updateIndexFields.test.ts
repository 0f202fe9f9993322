import { DocuWare } from '../../../../nodes/DocuWare/DocuWare.node';
import { getIndexFields } from '../../../../nodes/DocuWare/methods/resourceMapping';
import { loadContext, type NodeSettings } from '../../../support/n8nContext';
import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const PERSONNEL = '4d3b1f86-7f52-4f7c-8a9f-2b6a5d0e3c20';
const STORE_INVOICE = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d15';

const locator = (value: string, mode = 'id') => ({ __rl: true, mode, value });

/** A document with a company, an amount and a keyword. */
async function store({ run }: NodeFixture): Promise<string> {
	const Fields = [
		{ FieldName: 'COMPANY', Item: 'Peters', ItemElementName: 'String' },
		{ FieldName: 'AMOUNT', Item: 10, ItemElementName: 'Decimal' },
	];
	const { items } = await run(
		operation('customApiCall', 'call', {
			method: 'POST',
			path: `FileCabinets/${INVOICES}/Documents`,
			bodyType: 'json',
			jsonBody: JSON.stringify({ Fields }),
		}),
	);
	return String(items[0]?.json.Id);
}

/** Changes the document by JSON; returns what the node gives. */
async function update(
	{ run }: NodeFixture,
	documentId: string,
	fields: object | string,
	more: NonNullable<NodeSettings['parameters']> = {},
	settings: NodeSettings = {},
) {
	const parameters = operation('document', 'updateIndexFields', {
		fileCabinetId: locator(INVOICES),
		documentId,
		dataMode: 'json',
		json: typeof fields === 'string' ? fields : JSON.stringify(fields),
		...more,
	});
	const { items } = await run(parameters, settings);
	return items[0]?.json ?? {};
}

async function read({ run }: NodeFixture, documentId: string) {
	const { items } = await run(
		operation('document', 'get', { fileCabinetId: locator(INVOICES), documentId }),
	);
	return items[0]?.json ?? {};
}

describe('Document: Update Index Fields', () => {
	it('says that the change was made where only the look at it fails', async () => {
		const fixture = await start();
		const id = await store(fixture);
		const where = { method: 'GET', path: /\/Documents\/\d+$/i };
		const forbidden = { kind: 'status' as const, status: 403, where };
		// The first look is for the document's own links, without which it goes on.
		fixture.simulator.faults.push(forbidden, forbidden);
		await expect(
			update(fixture, id, { AMOUNT: 11 }, { options: { returnDocument: true } }),
		).rejects.toMatchObject({
			message: expect.stringContaining('The document was changed; only reading it again failed.'),
		});
		expect(fixture.simulator.faults.size).toBe(0);
		expect(await read(fixture, id)).toMatchObject({ AMOUNT: 11 });
	});

	it('writes every type, by name or label, and reads the same back', async () => {
		const fixture = await start();
		const id = await store(fixture);
		const changed = await update(fixture, id, {
			...{ company: 'Müller & Söhne (KG)', 'Document type': 'Invoice', AMOUNT: '1.234,56' },
			...{ INVOICEDATE: '2026-04-07', RECEIVED: '2026-04-07T13:30:00+02:00', INVOICENO: '42' },
			...{ KEYWORDS: ['urgent', 'paid'], REMARKS: 'a'.repeat(5000) },
			POSITIONS: { Article: 'Bolt', POSIT_QUANTITY: 3, Price: '0,25', Delivered: '2026-04-01' },
		});
		expect(changed).toMatchObject({ documentId: Number(id), updated: true, AMOUNT: 1234.56 });
		expect(await read(fixture, id)).toMatchObject({
			...{ COMPANY: 'Müller & Söhne (KG)', DOCTYPE: 'Invoice', AMOUNT: 1234.56 },
			...{ INVOICEDATE: '2026-04-07', RECEIVED: '2026-04-07T11:30:00Z', INVOICENO: 42 },
			...{ KEYWORDS: ['urgent', 'paid'], REMARKS: 'a'.repeat(5000), STATUS: null },
			POSITIONS: [
				{
					...{ POSIT_ARTICLE: 'Bolt', POSIT_QUANTITY: 3 },
					...{ POSIT_PRICE: 0.25, POSIT_DELIVERED: '2026-04-01' },
				},
			],
		});
	});

	it('never touches a field that is not given, and clears one that is null', async () => {
		const fixture = await start();
		const id = await store(fixture);
		await update(fixture, id, { STATUS: 'open' });
		expect(await read(fixture, id)).toMatchObject({ COMPANY: 'Peters', AMOUNT: 10 });
		await update(fixture, id, { AMOUNT: null });
		expect(await read(fixture, id)).toMatchObject({ COMPANY: 'Peters', AMOUNT: null });
	});

	it.each([
		['a text that is too long', { STATUS: 'x'.repeat(21) }, 'STATUS (Status): '],
		['a number with more decimals', { AMOUNT: 1.005 }, 'has 3 decimals, and the field takes 2'],
		['a date that is none', { INVOICEDATE: '31/12/2026' }, 'INVOICEDATE (Invoice date): '],
		['a number that may be two', { INVOICENO: '1.234' }, 'INVOICENO (Invoice number): '],
		['a field of the system', { DWSTOREUSER: 'me' }, 'is a field that DocuWare fills itself'],
		['an unknown name', { COMPANNY: 'x' }, 'Did you mean COMPANY'],
		['one field twice', { COMPANY: 'a', Company: 'b' }, 'given twice'],
		['keywords in one text', { KEYWORDS: 'a, b' }, 'may be one keyword or several'],
		['an unknown column', { POSITIONS: [{ Prize: 1 }] }, 'Did you mean Price'],
	])('refuses %s by name, and sends nothing', async (_what, fields, message) => {
		const fixture = await start();
		const id = await store(fixture);
		await expect(update(fixture, id, fields)).rejects.toMatchObject({
			message: expect.stringContaining(message),
		});
		const { requests } = fixture.simulator.counters;
		expect(Object.keys(requests).filter((one) => one.startsWith('PUT'))).toEqual([]);
	});

	it('takes mapped fields; what an expression leaves empty is an error, left out or cleared', async () => {
		const fixture = await start();
		const id = await store(fixture);
		const value = { COMPANY: '={{ $json.company }}', AMOUNT: '={{ $json.amount }}', STATUS: '' };
		const mapped = (options = {}) => ({
			dataMode: 'fields',
			indexFields: { mappingMode: 'defineBelow', value },
			options,
		});
		const items = [{ json: { company: 'Acme', amount: null } }];
		await expect(update(fixture, id, {}, mapped(), { items })).rejects.toMatchObject({
			message: expect.stringContaining('The field AMOUNT gets null from item 0'),
		});
		await update(fixture, id, {}, mapped({ emptyValues: 'leaveOut' }), { items });
		expect(await read(fixture, id)).toMatchObject({ COMPANY: 'Acme', AMOUNT: 10 });
		await update(fixture, id, {}, mapped({ emptyValues: 'clear' }), { items });
		expect(await read(fixture, id)).toMatchObject({ COMPANY: 'Acme', AMOUNT: null });
	});

	it('clears no list because of one without members in data; typed, it clears', async () => {
		const fixture = await start();
		const id = await store(fixture);
		const rows = { KEYWORDS: ['urgent'], POSITIONS: [{ Article: 'Bolt' }] };
		const stays = { KEYWORDS: ['urgent'], POSITIONS: [{ POSIT_ARTICLE: 'Bolt' }] };
		await update(fixture, id, rows);
		const nothing = { COMPANY: 'Acme', KEYWORDS: [], POSITIONS: '[]' };
		const items = [{ json: nothing }];
		const automatic = { mappingMode: 'autoMapInputData' };
		await update(fixture, id, {}, { dataMode: 'fields', indexFields: automatic }, { items });
		expect(await read(fixture, id)).toMatchObject({ COMPANY: 'Acme', ...stays });
		await update(fixture, id, '={{ $json }}', {}, { items });
		expect(await read(fixture, id)).toMatchObject(stays);
		const value = { KEYWORDS: '={{ $json.KEYWORDS }}', COMPANY: 'Peters' };
		const mapped = (emptyValues: object) => ({
			dataMode: 'fields',
			indexFields: { mappingMode: 'defineBelow', value },
			options: emptyValues,
		});
		await expect(update(fixture, id, {}, mapped({}), { items })).rejects.toMatchObject({
			message: expect.stringContaining('The field KEYWORDS gets an empty list from item 0'),
		});
		await update(fixture, id, {}, mapped({ emptyValues: 'leaveOut' }), { items });
		expect(await read(fixture, id)).toMatchObject({ COMPANY: 'Peters', ...stays });
		await update(fixture, id, {}, mapped({ emptyValues: 'clear' }), { items });
		await update(fixture, id, { POSITIONS: [] });
		expect(await read(fixture, id)).toMatchObject({ KEYWORDS: null, POSITIONS: null });
	});

	it('takes the columns of an item, those of its own output left aside', async () => {
		const fixture = await start();
		const id = await store(fixture);
		const automatic = { dataMode: 'fields', indexFields: { mappingMode: 'autoMapInputData' } };
		const items = [{ json: { ...(await read(fixture, id)), COMPANY: 'Acme' } }];
		await update(fixture, id, {}, automatic, { items: items as never });
		expect(await read(fixture, id)).toMatchObject({ COMPANY: 'Acme', AMOUNT: 10 });
		const strange = [{ json: { COMPANY: 'Acme', colour: 'red' } }];
		await expect(update(fixture, id, {}, automatic, { items: strange })).rejects.toMatchObject({
			message: expect.stringContaining('There is no field "colour"'),
		});
		await update(
			fixture,
			id,
			{},
			{ ...automatic, options: { unknownColumns: 'leaveOut' } },
			{ items: strange },
		);
	});

	it('takes what Upload and Search put out for their own, and a title without a document for a field', async () => {
		const fixture = await start();
		const id = await store(fixture);
		const automatic = { dataMode: 'fields', indexFields: { mappingMode: 'autoMapInputData' } };
		const output = {
			...{
				documentId: Number(id),
				created: true,
				skipped: true,
				fileReplaced: true,
				totalCount: 9,
			},
			...{ fieldsUpdated: true, foundAfterUnknownFate: true, title: 'x', COMPANY: 'Acme' },
		};
		await update(fixture, id, {}, automatic, { items: [{ json: output }] });
		expect(await read(fixture, id)).toMatchObject({ COMPANY: 'Acme' });
		const sheet = [{ json: { COMPANY: 'Acme', title: 'Invoice' } }];
		await expect(update(fixture, id, {}, automatic, { items: sheet })).rejects.toMatchObject({
			message: expect.stringContaining('There is no field "title"'),
		});
	});

	it('reads the fields of a cabinet once for all items', async () => {
		const fixture = await start();
		const id = await store(fixture);
		const items = Array.from({ length: 5 }, (_none, at) => ({ json: { status: `s${at}` } }));
		const parameters = operation('document', 'updateIndexFields', {
			fileCabinetId: locator('Invoices', 'name'),
			documentId: id,
			dataMode: 'json',
			json: '={{ { STATUS: $json.status } }}',
		});
		const before = { ...fixture.simulator.counters.requests };
		expect((await fixture.run(parameters, { items })).items).toHaveLength(5);
		const { requests } = fixture.simulator.counters;
		const since = Object.entries(requests).map(([what, count]) => [
			what,
			count - (before[what] ?? 0),
		]);
		expect(Object.fromEntries(since.filter(([, count]) => count !== 0))).toEqual({
			'GET FileCabinets': 1,
			'GET FileCabinets/{fileCabinetId}': 1,
			'GET FileCabinets/{fileCabinetId}/Documents/{documentId}': 1,
			'GET Organization': 1,
			'PUT FileCabinets/{fileCabinetId}/Documents/{documentId}/Fields': 5,
		});
	});
});

describe("the mapper's fields", () => {
	async function offered(fixture: NodeFixture, parameters: NodeSettings['parameters']) {
		const { description } = new DocuWare();
		const credentials = fixture.credential();
		const context = loadContext({ description, credentials, parameters });
		context.getCurrentNodeParameter = (name) => parameters?.[name] as never;
		return await getIndexFields.call(context);
	}

	it('are typed, and without those that nobody writes', async () => {
		const fixture = await start();
		const parameters = operation('document', 'updateIndexFields', {
			fileCabinetId: locator(INVOICES, 'list'),
		});
		const { fields } = await offered(fixture, parameters);
		expect(fields.map(({ id, type }) => `${id} ${type}`)).toEqual([
			...['COMPANY string', 'DOCTYPE string', 'AMOUNT number', 'INVOICEDATE dateTime'],
			...['KEYWORDS string', 'STATUS string', 'RECEIVED dateTime', 'INVOICENO number'],
			...['RATE number', 'REMARKS string', 'POSITIONS array'],
		]);
		expect(fields.flatMap(({ id, removed }) => (removed === true ? [id] : []))).toEqual([
			'POSITIONS',
		]);
		expect(fields[0]?.displayName).toBe('Company (COMPANY)');
	});

	it('that are mandatory are said to be where the editor marks none, and marked in an upload', async () => {
		const fixture = await start();
		const of = async (name: string) => {
			const cabinet = { fileCabinetId: locator(PERSONNEL, 'list') };
			const { fields } = await offered(fixture, operation('document', name, cabinet));
			return fields.map(({ displayName, required }) => [displayName, required]);
		};
		expect(await of('updateIndexFields')).toEqual([
			['Employee (EMPLOYEE, mandatory)', false],
			['Notes (NOTES)', false],
		]);
		expect(await of('upload')).toEqual([
			['Employee (EMPLOYEE)', true],
			['Notes (NOTES)', false],
		]);
	});

	it('of a store dialog have its labels and select lists, and what it asks for is marked', async () => {
		const fixture = await start();
		const parameters = operation('document', 'upload', {
			fileCabinetId: locator(INVOICES, 'list'),
			dialogId: locator(STORE_INVOICE),
		});
		const { fields } = await offered(fixture, parameters);
		expect(fields[0]).toMatchObject({ displayName: 'Supplier (COMPANY)', required: true });
		expect(fields[1]).toMatchObject({
			type: 'options',
			options: ['Credit note', 'Invoice', 'Reminder'].map((name) => ({ name, value: name })),
		});
		expect(fields.map(({ id }) => id)).not.toContain('STATUS');
	});

	it('of a list are free where the dialog does not tell that nothing else may be stored', async () => {
		const fixture = await start({ selectListOnly: 'untold' });
		const parameters = operation('document', 'upload', {
			fileCabinetId: locator(INVOICES, 'list'),
			dialogId: locator(STORE_INVOICE),
		});
		const { fields } = await offered(fixture, parameters);
		expect(fields[1]).toMatchObject({ id: 'DOCTYPE', type: 'string' });
	});

	it('are free where a list only suggests: a new company can be typed', async () => {
		const fixture = await start();
		fixture.simulator.addDocuments(INVOICES, [{ COMPANY: 'Peters' }]);
		const parameters = operation('document', 'upload', {
			fileCabinetId: locator(INVOICES, 'list'),
			dialogId: locator(STORE_INVOICE),
		});
		const { fields } = await offered(fixture, parameters);
		expect(fields[0]).toMatchObject({ id: 'COMPANY', type: 'string' });
	});

	it('are those of the cabinet, where a search dialog chooses the documents', async () => {
		const fixture = await start();
		const parameters = operation('document', 'batchUpdate', {
			fileCabinetId: locator(INVOICES, 'list'),
			dialogId: locator('Search by company', 'name'),
		});
		const { fields } = await offered(fixture, parameters);
		expect(fields.map(({ id }) => id)).toEqual(expect.arrayContaining(['STATUS', 'POSITIONS']));
		const store = { ...parameters, operation: 'upload' };
		await expect(offered(fixture, store)).rejects.toMatchObject({
			message: expect.stringContaining('none is named "Search by company"'),
		});
	});

	it('are asked for only once a cabinet is chosen', async () => {
		const fixture = await start();
		const { fields, emptyFieldsNotice } = await offered(fixture, { resource: 'document' });
		expect([fields, emptyFieldsNotice]).toEqual([[], 'Choose a file cabinet first.']);
	});
});
