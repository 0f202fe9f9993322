import fc from 'fast-check';
import { readWebhookBody } from '../../../../../nodes/DocuWare/trigger/webhook/webhookBody';

const read = (text: string) => readWebhookBody(Buffer.from(text));

it('gives the members of the template, the document and the time of its change', () => {
	const body =
		'{"DWDOCID": 80, "AMOUNT": 5.30, "DWMODDATETIME": "2026-11-26T09:00:01", "EMPTY": null}';
	expect(read(body)).toEqual({
		documentId: 80,
		changedAt: '2026-11-26T09:00:01',
		values: { DWDOCID: 80, AMOUNT: 5.3, DWMODDATETIME: '2026-11-26T09:00:01', EMPTY: null },
	});
});

it.each([
	['{"DWDOCID": "80"}', 80],
	['{"dwDocId": 80}', 80],
	['{"DWDOCID": ""}', null],
	['{"DWDOCID": 0}', null],
	['{"DWDOCID": 1.5}', null],
	['{"DWDOCID": {"a": 1}}', null],
	['{}', null],
])('finds in %s the document %s', (text, expected) => {
	expect(read(text)?.documentId).toBe(expected);
});

it.each([
	['{"DWMODDATETIME": "26.11.2026 09:00:01"}', '26.11.2026 09:00:01'],
	['{"DWMODDATETIME": ""}', null],
	['{"DWMODDATETIME": 1764151201000}', '1764151201000'],
	['{"DWMODDATETIME": 0}', null],
	['{"DWMODDATETIME": {"a": 1}}', null],
	['{"DWMODDATETIME": "INSERT THE VARIABLE HERE"}', null],
])('finds in %s the time of change %p', (text, expected) => {
	expect(read(text)?.changedAt).toBe(expected);
});

it('keeps numbers as texts where JavaScript could not hold their digits', () => {
	const body = '{"A": 12345678901234567.89, "B": [0.1234567890123456789], "C": 1e999, "D": -0.50}';
	expect(read(body)?.values).toEqual({
		A: '12345678901234567.89',
		B: ['0.1234567890123456789'],
		C: '1e999',
		D: -0.5,
	});
});

it('gives a body that is no object as a whole, and nothing for what is no JSON', () => {
	expect(read('[1, 2]')?.values).toEqual({ body: [1, 2] });
	expect(read('\ufeff{"A": 1}')?.values).toEqual({ A: 1 });
	for (const text of ['', '{', '{"A": 1}}', 'null,']) expect(read(text)).toBeUndefined();
});

it('reads the charset that the content type names, and UTF-8 where it names none', () => {
	const text = '{"COMPANY": "Söhne"}';
	const latin = Buffer.from(text, 'latin1');
	const type = 'application/json; charset=iso-8859-1';
	expect(readWebhookBody(latin, type)?.values).toEqual({ COMPANY: 'Söhne' });
	expect(readWebhookBody(Buffer.from(text), 'application/json')?.values).toEqual({
		COMPANY: 'Söhne',
	});
});

it('fails at no bytes', () => {
	fc.assert(
		fc.property(
			fc.oneof(
				fc.uint8Array(),
				fc.json().map((one) => Buffer.from(one)),
			),
			(bytes) => {
				const event = readWebhookBody(Buffer.from(bytes));
				expect(event === undefined || typeof event.values === 'object').toBe(true);
			},
		),
	);
});
