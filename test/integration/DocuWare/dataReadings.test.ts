import type { DocuWareSession } from '../../../nodes/DocuWare/auth/session/sessionTypes';
import type { DocuWareSimulator, SwitchChanges } from '../../simulators/DocuWare';
import {
	DATA_READINGS as READINGS,
	type DataReadingName,
} from '../../simulators/DocuWare/dataSwitches';
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

/** Searches in forms that mean the same in every reading, page by page to the end. */
async function searchToTheEnd(reading: SwitchChanges): Promise<void> {
	const simulator = await bench.simulator(reading);
	for (const COMPANY of ['Peters', 'Smith', 'say "no"']) {
		const values = { COMPANY, RECEIVED: Date.UTC(2026, 1, 1, 12) };
		const who = { fileCabinetId: INVOICES, storedBy: 'api', storedAt: 0 };
		for (let number = 0; number < 60; number += 1)
			simulator.state.documents.add({ ...who, values });
	}
	const session = await sessionFor(passwordRun(simulator));
	const found = async (DBName: string, ...Value: Array<string | null>): Promise<number> => {
		const body = { Condition: [{ DBName, Value }], Operation: 'And', Count: 50 };
		let path: string | undefined = `FileCabinets/${INVOICES}/Query/DialogExpression`;
		let request: Partial<Parameters<DocuWareSession['request']>[0]> = {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: Buffer.from(JSON.stringify(body)),
		};
		let count = 0;
		while (path !== undefined) {
			const answer = await session.request({ method: 'GET', ...request, url: path });
			const page = JSON.parse(answer.body.toString()) as {
				Items: unknown[];
				Links: Array<{ rel: string; href: string }>;
			};
			count += page.Items.length;
			path = page.Links.find(({ rel }) => rel === 'next')?.href;
			request = {};
		}
		return count;
	};
	expect(await found('COMPANY', 'Peters')).toBe(60);
	expect(await found('COMPANY', 'say \\"no\\"')).toBe(60);
	expect(await found('RECEIVED', '2026-02-01T00:00:00Z', '2026-02-01T23:59:59Z')).toBe(180);
}

const writing: Scenario = async (reading) => {
	await storeChangeClear(reading);
};

const scenarios: Record<DataReadingName, Scenario> = {
	unknownIndexFields: writing,
	clearing: writing,
	decimalPlaces: writing,
	typeFirst: writing,
	dateOffset: writing,
	emptyDates: writing,
	emptyItem: writing,
	countValue: searchToTheEnd,
	defaultPageSize: searchToTheEnd,
	deepPages: searchToTheEnd,
	notFindsEmpty: searchToTheEnd,
	quotedBackslash: searchToTheEnd,
	severalValues: searchToTheEnd,
	dayOfTimes: searchToTheEnd,
};

const others = Object.entries(scenarios).flatMap(([name, scenario]) => {
	const values: readonly unknown[] = READINGS[name as DataReadingName].others;
	return values.map((value) => [name, value, scenario] as const);
});

describe('another reading of what is stored in DocuWare', () => {
	it.each(others)('%s: %j', async (name, value, scenario) => {
		await scenario({ [name]: value }, value);
	});
});
