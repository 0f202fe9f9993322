import type { DocuWareSession } from '../../../nodes/DocuWare/auth/session/sessionTypes';
import type { DocuWareSimulator, SwitchChanges } from '../../simulators/DocuWare';
import { DATA_READINGS as READINGS } from '../../simulators/DocuWare/dataSwitches';
import { passwordRun } from './support/credentials';
import { sessionFor } from './support/fakeNode';
import { useDocuWare } from './support/useDocuWare';

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';

const bench = useDocuWare();

/** Starts the simulator with the reading and shows that the package does as it promises. */
type Scenario = (reading: SwitchChanges, value: unknown) => Promise<void>;

async function send(
	session: DocuWareSession,
	method: string,
	path: string,
	body: object,
): Promise<number> {
	const answer = await session.request({
		method,
		url: `FileCabinets/${INVOICES}/${path}`,
		headers: { 'Content-Type': 'application/json' },
		body: Buffer.from(JSON.stringify(body)),
	});
	return answer.status;
}

/** Values in the forms that every reading takes are stored, changed and cleared. */
async function storeChangeClear(reading: SwitchChanges): Promise<DocuWareSimulator> {
	const simulator = await bench.simulator(reading);
	const session = await sessionFor(passwordRun(simulator));
	const stored = [
		{ FieldName: 'COMPANY', Item: 'Peters', ItemElementName: 'String' },
		{ FieldName: 'AMOUNT', Item: 12.5, ItemElementName: 'Decimal' },
		{ FieldName: 'INVOICEDATE', Item: '2026-02-28', ItemElementName: 'Date' },
		{
			FieldName: 'KEYWORDS',
			Item: { $type: 'DocumentIndexFieldKeywords', Keyword: ['a', 'b'] },
			ItemElementName: 'Keywords',
		},
	];
	expect(await send(session, 'POST', 'Documents', { Fields: stored })).toBe(200);
	const document = simulator.state.documents.all()[0];
	expect(document?.values).toEqual({
		COMPANY: 'Peters',
		AMOUNT: 12.5,
		INVOICEDATE: Date.UTC(2026, 1, 28),
		KEYWORDS: ['a', 'b'],
	});
	const cleared = { FieldName: 'COMPANY', Item: null, ItemElementName: 'String', IsNull: true };
	expect(await send(session, 'PUT', 'Documents/1/Fields', { Field: [cleared] })).toBe(200);
	expect(Object.keys(document?.values ?? {})).toEqual(['AMOUNT', 'INVOICEDATE', 'KEYWORDS']);
	return simulator;
}

const scenarios: Record<keyof typeof READINGS, Scenario> = {
	unknownIndexFields: async (reading) => {
		await storeChangeClear(reading);
	},
	clearing: async (reading) => {
		await storeChangeClear(reading);
	},
	decimalPlaces: async (reading) => {
		await storeChangeClear(reading);
	},
	typeFirst: async (reading) => {
		await storeChangeClear(reading);
	},
	dateOffset: async (reading) => {
		await storeChangeClear(reading);
	},
	emptyDates: async (reading) => {
		await storeChangeClear(reading);
	},
	emptyItem: async (reading) => {
		await storeChangeClear(reading);
	},
};

const others = Object.entries(scenarios).flatMap(([name, scenario]) => {
	const values: readonly unknown[] = READINGS[name as keyof typeof READINGS].others;
	return values.map((value) => [name, value, scenario] as const);
});

describe('another reading of what is stored in DocuWare', () => {
	it.each(others)('%s: %j', async (name, value, scenario) => {
		await scenario({ [name]: value }, value);
	});
});
