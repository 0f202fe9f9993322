import type { IDataObject } from 'n8n-workflow';
import { operation, type NodeFixture } from '../../node/support/nodeFixture';
import { cabinet, dialog, INVOICES, type Scenario } from './scenario';

/** Changes the document and returns what the node gives. */
async function update(
	{ run }: NodeFixture,
	documentId: number,
	fields: object,
): Promise<IDataObject | undefined> {
	const parameters = { ...cabinet, documentId, dataMode: 'json', json: JSON.stringify(fields) };
	const { items } = await run(operation('document', 'updateIndexFields', parameters));
	return items[0]?.json;
}

/** Values of each type are written and read back alike, and a field is cleared. */
export const writeReadClear: Scenario = async (start, reading) => {
	const fixture = await start(reading);
	const { first } = fixture.simulator.addDocuments(INVOICES, [{ COMPANY: 'Acme', STATUS: 'open' }]);
	const values = {
		COMPANY: 'Peters',
		AMOUNT: 12.5,
		INVOICEDATE: '2026-02-28',
		RECEIVED: '2026-02-28T10:00:00Z',
		INVOICENO: 42,
		KEYWORDS: ['a', 'b'],
		REMARKS: 'long',
		POSITIONS: [{ POSIT_ARTICLE: 'Bolt', POSIT_DELIVERED: '2026-03-01' }],
	};
	await update(fixture, first, { ...values, STATUS: null });
	expect(fixture.simulator.state.documents.find(INVOICES, first)?.values).toEqual({
		...values,
		INVOICEDATE: Date.UTC(2026, 1, 28),
		RECEIVED: Date.UTC(2026, 1, 28, 10),
		POSITIONS: [{ POSIT_ARTICLE: 'Bolt', POSIT_DELIVERED: Date.UTC(2026, 2, 1) }],
	});
	const { items } = await fixture.run(
		operation('document', 'get', { ...cabinet, documentId: first }),
	);
	const empty = { POSIT_QUANTITY: null, POSIT_PRICE: null };
	expect(items[0]?.json).toMatchObject({
		...values,
		STATUS: null,
		RATE: null,
		DOCTYPE: null,
		POSITIONS: [{ ...values.POSITIONS[0], ...empty }],
	});
};

/** What the cabinet does not take is refused by the node, which sends nothing. */
export const refuseBeforehand =
	(fields: object): Scenario =>
	async (start, reading) => {
		const fixture = await start(reading);
		const { first } = fixture.simulator.addDocuments(INVOICES, [{ COMPANY: 'Acme' }]);
		await expect(update(fixture, first, fields)).rejects.toThrow();
		expect(fixture.simulator.counters.documentsUpdated).toBe(0);
		await writeReadClear(start, reading);
	};

/** What is on the list of a field is stored, whatever the form knows of it; else the service refuses it. */
export const storeByList: Scenario = async (start, reading) => {
	const { run, simulator } = await start(reading);
	const upload = (DOCTYPE: string) =>
		operation('document', 'upload', {
			...{ ...cabinet, ...dialog('Store invoice'), uploadContent: 'record', dataMode: 'json' },
			json: JSON.stringify({ COMPANY: 'Peters', DOCTYPE }),
		});
	await expect(run(upload('Letter'))).rejects.toMatchObject({
		message: expect.stringContaining('[DOCUWARE_VALIDATION]'),
	});
	expect((await run(upload('Invoice'))).items[0]?.json).toMatchObject({ DOCTYPE: 'Invoice' });
	expect(simulator.state.documents.inCabinet(INVOICES)).toHaveLength(1);
};
