import fc from 'fast-check';
import { readValidationRequest } from '../../../../../nodes/DocuWare/trigger/validation/validationRequest';
import { validationBody, type AskedValue } from '../../../../support/docuWareCalls';

const read = (text: string) => readValidationRequest(Buffer.from(text));

const value = (FieldName: string, ItemElementName: string, Item: unknown): AskedValue => ({
	FieldName,
	ItemElementName,
	Item,
});

it('reads the charset that the content type names, and UTF-8 where it names none', () => {
	const text = validationBody([value('COMPANY', 'String', 'Söhne')]);
	const company = (bytes: Buffer, type?: string) => {
		const request = readValidationRequest(bytes, type);
		return request.kind === 'document' && request.item.values;
	};
	const latin = Buffer.from(text, 'latin1');
	expect(company(latin, 'application/json; charset=iso-8859-1')).toEqual({ COMPANY: 'Söhne' });
	expect(company(Buffer.from(text), 'application/json')).toEqual({ COMPANY: 'Söhne' });
});

it('types every value by the name of its element', () => {
	const body = validationBody([
		value('TEXTFIELD', 'String', 'some text'),
		value('INTFIELD', 'Int', 1234),
		value('DECIMALFIELD', 'Decimal', 123.45),
		value('DECIMALTEXT', 'Decimal', '12.10'),
		value('MEMOFIELD', 'Memo', 'long'),
		value('DATEFIELD', 'Date', '2017-04-01T00:00:00Z'),
		value('DATETIMEFIELD', 'DateTime', '2017-04-02T12:30:00Z'),
		value('KEYWORDFIELD', 'Keywords', { Keyword: ['one', 'two'] }),
		value('EMPTY', 'String', null),
		value('TABLE', 'Table', {
			Row: [
				{
					ColumnValue: [value('NAME', 'String', 'a'), value('DAY', 'Date', '2020-02-14T00:00:00Z')],
				},
				{ ColumnValue: [] },
			],
		}),
	]);
	expect(read(body)).toEqual({
		kind: 'document',
		item: {
			user: 'John Doe',
			organization: 'Peters Engineering',
			fileCabinetId: '8d36692d-e694-4d8c-93db-e97c98897515',
			dialogId: 'ac07d242-0120-4575-8722-7c5ae7286026',
			dialogType: 'Store',
			askedAt: '2026-11-26T13:10:44.8888824Z',
			values: {
				TEXTFIELD: 'some text',
				INTFIELD: 1234,
				DECIMALFIELD: 123.45,
				DECIMALTEXT: 12.1,
				MEMOFIELD: 'long',
				DATEFIELD: '2017-04-01',
				DATETIMEFIELD: '2017-04-02T12:30:00Z',
				KEYWORDFIELD: ['one', 'two'],
				EMPTY: null,
				TABLE: [{ NAME: 'a', DAY: '2020-02-14' }, {}],
			},
		},
	});
});

it('keeps a decimal with more digits than JavaScript holds', () => {
	const body = validationBody([value('A', 'Decimal', 1)]).replace(
		'"Item":1',
		'"Item":12345678901234567.10',
	);
	expect(read(body)).toMatchObject({ item: { values: { A: '12345678901234567.10' } } });
});

it.each(['', validationBody([])])('takes %j for the test of availability', (text) => {
	expect(read(text)).toEqual({ kind: 'availability' });
});

it.each([
	['no JSON', '{"Values": ['],
	['no object', '[]'],
	['values under another name', '{"values": [{"FieldName": "A"}]}'],
	['values that are no list', '{"Values": {}}'],
	['a value without a name', '{"Values": [{"Item": 1}]}'],
	['a value that is none', '{"Values": [null]}'],
	[
		'a table without rows',
		'{"Values": [{"FieldName": "T", "ItemElementName": "Table", "Item": {"Row": 1}}]}',
	],
	[
		'a column without a name',
		'{"Values": [{"FieldName": "T", "ItemElementName": "Table", "Item": {"Row": [{"ColumnValue": [{}]}]}}]}',
	],
])('refuses %s, since a part could be what matters', (_name, text) => {
	expect(read(text)).toMatchObject({ kind: 'unreadable' });
});

it.each(['{}', '{"Values": null}', '{"UserName": "", "Values": []}', '{"UserName": null}'])(
	'takes %s, which has no values at all, for the question whether it is there',
	(text) => {
		expect(read(text)).toEqual({ kind: 'availability' });
	},
);

it('fails at no bytes', () => {
	const values = fc.array(
		fc.record(
			{
				FieldName: fc.anything(),
				ItemElementName: fc.constantFrom('Table', 'Date', 'Keywords', 'Int', 1),
				Item: fc.anything(),
			},
			{ requiredKeys: [] },
		),
	);
	const body = fc.oneof(
		fc.uint8Array().map((bytes) => Buffer.from(bytes)),
		values.map((Values) => {
			try {
				return Buffer.from(JSON.stringify({ Values }) ?? '');
			} catch {
				return Buffer.alloc(1);
			}
		}),
	);
	fc.assert(
		fc.property(body, (bytes) => {
			expect(['availability', 'document', 'unreadable']).toContain(
				readValidationRequest(bytes).kind,
			);
		}),
	);
});

it('keeps values apart whose fields have names that objects of JavaScript have', () => {
	const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
	const body = validationBody(names.map((name) => value(name, 'String', `value of ${name}`)));
	const request = read(body.replace('{', '{"__proto__":{"Values":[]},'));
	if (request.kind !== 'document') throw new Error(`It is ${request.kind}.`);
	expect(Object.entries(request.item.values as object)).toEqual(
		names.map((name) => [name, `value of ${name}`]),
	);
	expect(({} as Record<string, unknown>)['Values']).toBeUndefined();
});

it('refuses two values of one field, since one of them would be checked alone, and takes the same one twice', () => {
	const first = value('AMOUNT', 'Decimal', 10);
	expect(read(validationBody([first, value('AMOUNT', 'Decimal', 9_999)]))).toMatchObject({
		kind: 'unreadable',
	});
	expect(read(validationBody([first, first]))).toMatchObject({
		item: { values: { AMOUNT: 10 } },
	});
});
