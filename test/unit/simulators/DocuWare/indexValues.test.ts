import { invoices, personnel, sent } from './fileClient';
import type { ReadAnswer } from './platformClient';
import { useSignedIn } from './useSignedIn';

const signedIn = useSignedIn();

const storeInvoice = `${invoices.slice(0, -1)}5`;

const messageOf = (answer: ReadAnswer): string =>
	(answer.json() as { Message?: string }).Message ?? '';

function fieldIn(answer: ReadAnswer, name: string): Record<string, unknown> | undefined {
	const { Fields, Field } = answer.json() as Record<string, Array<Record<string, unknown>>>;
	return (Fields ?? Field)?.find((field) => field['FieldName'] === name);
}

/** As the vendor's collection and the client LV send a table and keywords. */
const table = {
	FieldName: 'POSITIONS',
	ReadOnly: false,
	SystemField: false,
	ItemElementName: 'Table',
	PointAndShootInfo: null,
	IsAutoNumber: false,
	IsNull: false,
	Item: {
		$type: 'DocumentIndexFieldTable',
		Row: [
			{ ColumnValue: [sent('POSIT_ARTICLE', 'Bolt', 'string'), sent('POSIT_QUANTITY', 2, 'Int')] },
			{ ColumnValue: [sent('POSIT_PRICE', '1.25', 'Decimal')] },
		],
	},
};

describe('index values that are written', () => {
	it.each([
		['COMPANY', 'Acme', 'String', 'Acme'],
		['COMPANY', 'Acme', 'string', 'Acme'],
		['COMPANY', 'Acme', undefined, 'Acme'],
		['REMARKS', 'long', 'String', 'long'],
		['REMARKS', 'long', 'Memo', 'long'],
		['INVOICENO', 42, 'Int', 42],
		['INVOICENO', '42', 'Int', 42],
		['AMOUNT', 12.5, 'Decimal', 12.5],
		['AMOUNT', '12.50', 'String', 12.5],
		['RATE', 1.2345, 'Decimal', 1.2345],
		['INVOICEDATE', '2020-01-01', 'Date', '/Date(1577836800000)/'],
		['INVOICEDATE', '2020-01-01', 'String', '/Date(1577836800000)/'],
		['INVOICEDATE', '/Date(1577836800000)/', 'Date', '/Date(1577836800000)/'],
		['INVOICEDATE', '2020-01-01T15:00:00', 'DateTime', '/Date(1577836800000)/'],
		['RECEIVED', '2020-01-01 10:00:00', 'String', '/Date(1577872800000)/'],
		['RECEIVED', '2020-01-01T10:00:00+01:00', 'DateTime', '/Date(1577869200000)/'],
		['RECEIVED', '/Date(1577872800000+0100)/', 'DateTime', '/Date(1577872800000)/'],
		['KEYWORDS', 'one', 'Keyword', { $type: 'DocumentIndexFieldKeywords', Keyword: ['one'] }],
	])('%s: %j as %s', async (name, item, element, read) => {
		const { call } = await signedIn();
		await call('POST', 'Documents', { Fields: [] });
		const answer = await call('PUT', 'Documents/1/Fields', {
			Field: [sent(name, item, element)],
		});
		expect(fieldIn(answer, name)).toMatchObject({ Item: read, IsNull: false });
		expect(fieldIn(await call('GET', 'Documents/1'), name)).toMatchObject({ Item: read });
	});

	it('a table stands in rows and columns, of which those without a value have no Item', async () => {
		const { call } = await signedIn();
		await call('POST', 'Documents', { Fields: [] });
		const headers = {
			'content-type': 'application/vnd.docuware.platform.documentfieldsinfo+json',
		};
		const answer = await call('PUT', 'Documents/1/Fields', { Field: [table] }, headers);
		expect(fieldIn(answer, 'POSITIONS')).toMatchObject({
			ItemElementName: 'Table',
			Item: {
				$type: 'DocumentIndexFieldTable',
				Row: [
					{
						ColumnValue: [
							{ FieldName: 'POSIT_ARTICLE', Item: 'Bolt', ItemElementName: 'String' },
							{ FieldName: 'POSIT_QUANTITY', Item: 2, ItemElementName: 'Int' },
							{ FieldName: 'POSIT_PRICE', IsNull: true },
							{ FieldName: 'POSIT_DELIVERED', IsNull: true },
						],
					},
					{ ColumnValue: [{ IsNull: true }, {}, { Item: 1.25 }, {}] },
				],
			},
		});
	});

	it.each([
		[sent('COMPANY', 'x'.repeat(256)), 'longer than 255'],
		[sent('STATUS', 'x'.repeat(21)), 'longer than 20'],
		[sent('COMPANY', 5, 'Int'), 'no element'],
		[sent('COMPANY', 5), 'does not fit'],
		[sent('AMOUNT', '12,50', 'Decimal'), 'does not fit'],
		[sent('AMOUNT', 1.234, 'Decimal'), '2 digits'],
		[sent('INVOICENO', 1.5, 'Int'), 'does not fit'],
		[sent('INVOICEDATE', '2026-02-30', 'Date'), 'does not fit'],
		[sent('INVOICEDATE', '30.01.2026', 'Date'), 'does not fit'],
		[sent('KEYWORDS', ['a'], 'Keywords'), 'does not fit'],
		[sent('KEYWORDS', { Keyword: ['a'] }, 'Keywords'), 'does not fit'],
		[sent('POSITIONS', 'a', 'Table'), 'does not fit'],
		[sent('DWDOCID', 7, 'Int'), 'read-only'],
		[sent('COMPANY', undefined), 'has no value'],
		[{ Item: 'a' }, 'FieldName'],
	])('%j is refused: %s', async (field, message) => {
		const { call, simulator } = await signedIn();
		await call('POST', 'Documents', { Fields: [sent('STATUS', 'open')] });
		const answer = await call('PUT', 'Documents/1/Fields', {
			Field: [sent('DOCTYPE', 'Invoice'), field],
		});
		expect([answer.status, messageOf(answer)]).toEqual([422, expect.stringContaining(message)]);
		expect(simulator.state.documents.find(invoices, 1)?.values).toEqual({ STATUS: 'open' });
	});

	it('are laid over those present; null clears', async () => {
		const { call, simulator } = await signedIn();
		await call('POST', 'Documents', {
			Fields: [sent('COMPANY', 'Acme'), sent('STATUS', 'open'), sent('AMOUNT', 5)],
		});
		simulator.advanceClock(1000);
		await call('POST', 'Documents/1/Fields', {
			Field: [
				sent('STATUS', 'paid', 'String'),
				{ FieldName: 'AMOUNT', IsNull: true, ItemElementName: 'Decimal' },
				{ FieldName: 'COMPANY', Item: null, ItemElementName: 'String' },
			],
		});
		const document = simulator.state.documents.find(invoices, 1);
		expect(document?.values).toEqual({ STATUS: 'paid' });
		expect((document?.modifiedAt ?? 0) - (document?.storedAt ?? 0)).toBe(1000);
		simulator.configure({ clearing: 'isNull' });
		const byItem = await call('PUT', 'Documents/1/Fields', {
			Field: [{ FieldName: 'STATUS', Item: null, ItemElementName: 'String' }],
		});
		expect(byItem.status).toBe(422);
	});

	it.each([
		[{ Fields: [] }, {}, 400],
		[{ Field: [] }, { 'content-type': 'text/json' }, 415],
		[undefined, {}, 400],
	])('%j with %j is answered %i', async (body, headers, status) => {
		const { call } = await signedIn();
		await call('POST', 'Documents', { Fields: [] });
		expect((await call('PUT', 'Documents/1/Fields', body, headers)).status).toBe(status);
	});

	it('with unknown names are left out, or refused by another reading', async () => {
		const { call, simulator } = await signedIn();
		const body = { Fields: [sent('NOWHERE', 'a'), sent('COMPANY', 'Acme')] };
		expect((await call('POST', 'Documents', body)).status).toBe(200);
		expect(simulator.state.documents.find(invoices, 1)?.values).toEqual({ COMPANY: 'Acme' });
		simulator.configure({ unknownIndexFields: 'refused' });
		expect((await call('POST', 'Documents', body)).status).toBe(422);
	});

	it('keep to mandatory fields, also those of a dialog, and to its lists', async () => {
		const { call } = await signedIn();
		const store = async (path: string, ...Fields: object[]): Promise<[number, string]> => {
			const answer = await call('POST', path, { Fields });
			return [answer.status, answer.status === 200 ? '' : messageOf(answer)];
		};
		const stored = [200, ''];
		expect(await store(`/FileCabinets/${personnel}/Documents`)).toEqual([
			422,
			expect.stringContaining("'EMPLOYEE' must not be empty"),
		]);
		const path = `Documents?StoreDialogId=${storeInvoice}`;
		const acme = sent('COMPANY', 'Acme');
		expect(await store(path)).toEqual([422, expect.stringContaining('COMPANY')]);
		expect(await store(path, acme)).toEqual(stored);
		expect(await store(path, acme, sent('DOCTYPE', 'Invoice'))).toEqual(stored);
		expect(await store(path, acme, sent('DOCTYPE', 'Letter'))).toEqual([
			422,
			expect.stringContaining('not in the select list'),
		]);
		expect(await store(path, acme, sent('STATUS', 'open'))).toEqual([
			422,
			expect.stringContaining('read-only'),
		]);
		expect((await store('Documents?StoreDialogId=x'))[0]).toBe(422);
	});

	it('come back with the offset of the server, or as the smallest date, by other readings', async () => {
		const { call } = await signedIn({ dateOffset: 'local', emptyDates: 'minimum' });
		await call('POST', 'Documents', {
			Fields: [sent('INVOICEDATE', '2020-01-01', 'Date'), sent('COMPANY', 'Acme')],
		});
		const document = await call('GET', 'Documents/1');
		expect(fieldIn(document, 'INVOICEDATE')).toMatchObject({ Item: '/Date(1577833200000+0100)/' });
		expect(fieldIn(document, 'RECEIVED')).toMatchObject({
			Item: '/Date(-62135596800000)/',
			IsNull: false,
		});
		await call('PUT', 'Documents/1/Fields', {
			Field: [sent('RECEIVED', '2020-01-01 10:00:00', 'String')],
		});
		expect(fieldIn(await call('GET', 'Documents/1'), 'RECEIVED')).toMatchObject({
			Item: '/Date(1577869200000+0100)/',
		});
	});
});
