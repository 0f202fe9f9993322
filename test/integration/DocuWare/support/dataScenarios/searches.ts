import type { IDataObject } from 'n8n-workflow';
import { operation } from '../../node/support/nodeFixture';
import { cabinet, dialog, idsOf, INVOICES, type Scenario, TRAY, tray } from './scenario';

/** Conditions find the same documents in each reading, to the end of all pages. */
export const searchToTheEnd: Scenario = async (start, reading) => {
	const fixture = await start(reading);
	const companies = ['Peters', 'say "no"', 'C:\\temp (UK)'];
	fixture.simulator.addDocuments(
		INVOICES,
		Array.from({ length: 180 }, (_, index) => ({
			COMPANY: companies[index % 3],
			RECEIVED: index === 7 ? '2026-02-01T23:59:59Z' : '2026-02-02T00:00:00Z',
			...(index === 8 ? {} : { STATUS: 'open' }),
		})),
	);
	const found = async (...condition: IDataObject[]): Promise<unknown[]> => {
		const parameters = { ...cabinet, conditions: { condition }, returnAll: true };
		const { items } = await fixture.run(operation('document', 'search', parameters));
		return idsOf(items);
	};
	const every = Array.from({ length: 180 }, (_, index) => index + 1);
	expect(await found()).toEqual(every);
	for (const [at, value] of companies.entries()) {
		expect(await found({ field: 'COMPANY', operator: 'is', value })).toEqual(
			every.filter((id) => (id - 1) % 3 === at),
		);
	}
	expect(
		await found({ field: 'COMPANY', operator: 'anyOf', value: companies.slice(0, 2) }),
	).toHaveLength(120);
	expect(await found({ field: 'STATUS', operator: 'isEmpty' })).toEqual([9]);
	expect(await found({ field: 'RECEIVED', operator: 'to', value: '2026-02-01T23:59:59Z' })).toEqual(
		[8],
	);
	const count = await fixture.run(
		operation('document', 'getCount', {
			...cabinet,
			conditions: { condition: [{ field: 'COMPANY', operator: 'is', value: 'Peters' }] },
		}),
	);
	expect(count.items[0]?.json).toMatchObject({ count: 60 });
};

/** Documents in another order than that of their numbers come to the end, of a search as of a list. */
export const sortToTheEnd: Scenario = async (start, reading) => {
	const { run, simulator } = await start(reading);
	const values = Array.from({ length: 2_350 }, (_, index) => ({ AMOUNT: index % 7 }));
	simulator.addDocuments(INVOICES, values);
	simulator.addDocuments(
		TRAY,
		Array.from({ length: 1_100 }, () => ({})),
	);
	const sort = { fields: [{ field: 'AMOUNT', direction: 'Desc' }] };
	const sought = operation('document', 'search', { ...cabinet, sort, returnAll: true });
	const amounts = (await run(sought)).items.map(({ json }) => Number(json.AMOUNT));
	expect(amounts).toEqual(values.map(({ AMOUNT }) => AMOUNT).sort((one, other) => other - one));
	const listed = operation('documentTray', 'getDocuments', { ...tray, returnAll: true });
	expect(new Set(idsOf((await run(listed)).items)).size).toBe(1_100);
};

/** An order by two fields is that of all pages. */
export const sortByTwo: Scenario = async (start, reading) => {
	const { run, simulator } = await start(reading);
	const values = Array.from({ length: 2_350 }, (_, index) => ({
		...{ AMOUNT: index % 7, INVOICENO: index },
	}));
	simulator.addDocuments(INVOICES, values);
	const fields = ['AMOUNT', 'INVOICENO'].map((field) => ({ field, direction: 'Desc' }));
	const sort = { fields };
	const sought = operation('document', 'search', { ...cabinet, sort, returnAll: true });
	const found = (await run(sought)).items.map(({ json }) => json.INVOICENO);
	const all = [...values].sort(
		(one, other) => other.AMOUNT - one.AMOUNT || other.INVOICENO - one.INVOICENO,
	);
	expect(found).toEqual(all.map(({ INVOICENO }) => INVOICENO));
};

/** Texts with parentheses are found, whatever else they hold, by all that is asked of texts. */
export const searchTexts: Scenario = async (start, reading) => {
	const { run, simulator } = await start(reading);
	const texts = [
		'Price List (UK)',
		'(a)',
		'x AND (y)',
		'say "(no)"',
		'C:\\(x)',
		'*(b)?',
		'two  (c)',
	];
	simulator.addDocuments(
		INVOICES,
		texts.map((COMPANY) => ({ COMPANY })),
	);
	const found = async (operator: string, value: unknown) => {
		const condition = [{ field: 'COMPANY', operator, value }] as IDataObject[];
		const parameters = { ...cabinet, conditions: { condition } };
		return idsOf((await run(operation('document', 'search', parameters))).items);
	};
	for (const [index, text] of texts.entries()) {
		for (const operator of ['is', 'contains', 'startsWith', 'endsWith']) {
			expect([text, operator, await found(operator, text)]).toEqual([text, operator, [index + 1]]);
		}
		expect(await found('isNot', text)).toHaveLength(texts.length - 1);
	}
	expect(await found('anyOf', texts)).toHaveLength(texts.length);
	expect(await found('like', '*(*K)')).toEqual([1]);
};

/** Times are searched to the second, of fields and of the system, in each form that the service may take alone. */
export const searchTimes: Scenario = async (start, reading) => {
	for (const dateOffset of ['none', 'local'] as const) {
		const { run, simulator } = await start({ dateOffset, ...reading });
		const times = ['2026-02-01T22:59:59Z', '2026-02-01T23:00:00Z', '2026-02-01T23:59:59Z'];
		simulator.addDocuments(
			INVOICES,
			[...times, '2026-02-02T00:00:00Z'].map((RECEIVED) => ({ RECEIVED })),
		);
		const condition = (operator: string, value: string, field = 'RECEIVED') => ({
			conditions: { condition: [{ field, operator, value }] },
		});
		const found = async (operator: string, value: string, field?: string) => {
			const parameters = { ...cabinet, ...condition(operator, value, field) };
			return idsOf((await run(operation('document', 'search', parameters))).items);
		};
		expect(await found('is', '2026-02-01T23:00:00Z')).toEqual([2]);
		expect(await found('to', '2026-02-01T23:59:59Z')).toEqual([1, 2, 3]);
		expect(await found('from', '2026-02-02T00:59:59+01:00')).toEqual([3, 4]);
		expect(await found('anyOf', `${times[0]}, ${times[2]}`)).toEqual([1, 3]);
		expect(await found('from', '2026-01-01', 'DWSTOREDATETIME')).toHaveLength(4);
		expect(await found('to', '2026-01-01', 'DWSTOREDATETIME')).toEqual([]);
		const count = operation('document', 'getCount', {
			...cabinet,
			...condition('from', '2026-02-02T00:00:00Z'),
		});
		expect((await run(count)).items[0]?.json).toMatchObject({ count: 1 });
		// What the service refuses is found out once.
		const refused = () => Number(simulator.counters.statuses['422'] ?? 0);
		const before = refused();
		const parameters = { ...cabinet, ...condition('is', '2026-02-01T23:00:00Z') };
		const items = [{ json: {} }, { json: {} }];
		const twice = await run(operation('document', 'search', parameters), { items });
		expect(idsOf(twice.items)).toEqual([2, 2]);
		expect([before, refused()]).toEqual(reading.zonedTimes === 'refused' ? [1, 1] : [0, 0]);
		const { documents } = simulator.state;
		for (const document of documents.inCabinet(INVOICES)) {
			documents.discard(document, 'api', simulator.state.now());
		}
		const trashed = operation('trashBin', 'search', {
			trashConditions: {
				condition: [
					{
						...{ field: 'DELETEDATETIME', type: 'DateTime' },
						...{ operator: 'from', value: '2026-01-01T00:00:00Z' },
					},
				],
			},
		});
		expect((await run(trashed)).items).toHaveLength(4);
	}
};

/** A dialog that does not show the number of a document is searched, and what it refuses is found out once. */
export const searchByDialog: Scenario = async (start, reading) => {
	const { run, simulator } = await start(reading);
	const companies = ['Peters', 'Miller', 'Peters'];
	simulator.addDocuments(
		INVOICES,
		companies.map((COMPANY) => ({ COMPANY })),
	);
	const search = (value: string, more: IDataObject = {}) =>
		operation('document', 'search', {
			...{ ...cabinet, ...dialog('Search by company'), limit: 50, returnAll: false },
			conditions: { condition: [{ field: 'Supplier', operator: 'is', value }] },
			...more,
		});
	const items = [{ json: {} }, { json: {} }, { json: {} }];
	expect(idsOf((await run(search('Peters'), { items })).items)).toEqual([1, 3, 1, 3, 1, 3]);
	const refused = reading.sortByUnshown === 'refused' ? 1 : 0;
	expect(Number(simulator.counters.statuses['422'] ?? 0)).toBe(refused);
	// An order that somebody has asked for is not left out.
	const sort = { fields: [{ field: 'DWDOCID', direction: 'Desc' }] };
	const sorted = run(search('Peters', { sort }));
	if (refused === 0) expect(idsOf((await sorted).items)).toEqual([3, 1]);
	else await expect(sorted).rejects.toThrow('[DOCUWARE_VALIDATION]');
};

/** A count is that of the hits, however the server wants to be asked, and in each form of what they are limited by. */
export const countHits: Scenario = async (start, reading) => {
	const { run, simulator } = await start(reading);
	const { documents } = simulator.state;
	for (const COMPANY of ['Peters', 'Miller', 'Peters', 'Peters']) {
		documents.add({ fileCabinetId: INVOICES, values: { COMPANY }, storedBy: 'api', storedAt: 0 });
	}
	const countOf = async (value: string, more: IDataObject = {}) => {
		const condition = [{ field: 'COMPANY', operator: 'is', value }];
		const given = { ...cabinet, conditions: { condition }, ...more };
		return (await run(operation('document', 'getCount', given))).items[0]?.json.count;
	};
	expect(await countOf('Peters')).toBe(3);
	expect(await countOf('Peters', dialog('Search by company'))).toBe(3);
	expect([await countOf('Miller'), await countOf('Nobody')]).toEqual([1, 0]);
	const unreadable = {
		conditionsAs: 'json',
		conditionsJson: '[{"DBName":"NOWHERE","Value":["x"]}]',
	};
	await expect(countOf('', unreadable)).rejects.toMatchObject({
		message: expect.stringContaining('[DOCUWARE_VALIDATION]'),
	});
};
