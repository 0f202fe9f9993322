import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { IndexValues } from '../../../simulators/DocuWare/world/documents';
import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const BY_COMPANY = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d14';

const row = (field: string, operator: string, value?: unknown, valueTo?: unknown) =>
	({ field, operator, value, valueTo }) as IDataObject;

const search = (conditions: IDataObject[], more: IDataObject = {}) =>
	operation('document', 'search', {
		fileCabinetId: { __rl: true, mode: 'name', value: 'Invoices' },
		conditions: { condition: conditions },
		returnAll: true,
		...more,
	});

/** Puts documents into the cabinet, past its interface. */
function seed({ simulator }: NodeFixture, values: readonly IndexValues[]): number[] {
	return values.map(
		(one) =>
			simulator.state.documents.add({
				fileCabinetId: INVOICES,
				values: one,
				storedBy: 'api',
				storedAt: Date.UTC(2026, 3, 7, 11, 30),
			}).id,
	);
}

const idsOf = (items: INodeExecutionData[]) => items.map(({ json }) => json.documentId);

const day = (text: string) => Date.parse(`${text}T00:00:00Z`);

const NAMES = [
	'Peters',
	'Peters (UK)',
	'MILLER AND SON',
	'Program "Othello"',
	'C:\\Documents',
	'Clever?123',
	'100*',
	'NOT A COMPANY',
	'NOW OR NEVER',
	'EMPTY()',
];

describe('Document: Search', () => {
	it('finds texts literally, whatever they mean in a search', async () => {
		const fixture = await start();
		const ids = seed(
			fixture,
			NAMES.map((COMPANY) => ({ COMPANY })),
		);
		for (const [at, name] of NAMES.entries()) {
			const exact = await fixture.run(search([row('COMPANY', 'is', name)]));
			expect([name, idsOf(exact.items)]).toEqual([name, [ids[at]]]);
			const part = await fixture.run(search([row('Company', 'contains', name.slice(1))]));
			expect(idsOf(part.items)).toContain(ids[at]);
			const begin = await fixture.run(search([row('COMPANY', 'startsWith', name.slice(0, -1))]));
			expect(idsOf(begin.items)).toContain(ids[at]);
			const others = await fixture.run(search([row('COMPANY', 'isNot', name)]));
			expect(idsOf(others.items)).not.toContain(ids[at]);
		}
		const several = await fixture.run(search([row('COMPANY', 'anyOf', NAMES.slice(1, 6))]));
		expect(idsOf(several.items)).toEqual(ids.slice(1, 6));
		const like = await fixture.run(search([row('COMPANY', 'like', 'P*(??)')]));
		expect(idsOf(like.items)).toEqual([ids[1]]);
	});

	it('compares numbers, dates, times, keywords, columns and emptiness', async () => {
		const fixture = await start();
		const [first, second, third] = seed(fixture, [
			{
				AMOUNT: 1234.5,
				INVOICENO: 1,
				INVOICEDATE: day('2026-01-31'),
				RECEIVED: Date.parse('2026-02-01T08:00:00Z'),
				KEYWORDS: ['paid', 'urgent'],
			},
			{
				AMOUNT: 7,
				INVOICENO: 2,
				INVOICEDATE: day('2026-02-01'),
				RECEIVED: Date.parse('2026-02-01T23:59:59Z'),
				POSITIONS: [{ POSIT_ARTICLE: 'Bolt', POSIT_QUANTITY: 3 }],
			},
			{ INVOICENO: 3, RECEIVED: Date.parse('2026-02-02T00:00:00Z'), REMARKS: 'Paid twice (see 2)' },
		]);
		const found = async (...conditions: IDataObject[]) =>
			idsOf((await fixture.run(search(conditions))).items);
		expect(await found(row('AMOUNT', 'is', '1.234,50'))).toEqual([first]);
		expect(await found(row('AMOUNT', 'between', '6,5', 7))).toEqual([second]);
		expect(await found(row('AMOUNT', 'isEmpty'))).toEqual([third]);
		expect(await found(row('INVOICENO', 'anyOf', '1,3'))).toEqual([first, third]);
		expect(await found(row('INVOICENO', 'anyOf', '1,3'), row('AMOUNT', 'isNotEmpty'))).toEqual([
			first,
		]);
		expect(await found(row('INVOICEDATE', 'to', '2026-01-31'))).toEqual([first]);
		expect(await found(row('INVOICEDATE', 'from', '2026-02-01T00:00:00Z'))).toEqual([second]);
		expect(await found(row('RECEIVED', 'is', '2026-02-01'))).toEqual([first, second]);
		expect(await found(row('RECEIVED', 'between', '2026-02-01T09:00', '2026-02-01'))).toEqual([
			second,
		]);
		expect(await found(row('KEYWORDS', 'is', 'urgent'))).toEqual([first]);
		expect(await found(row('POSITIONS.POSIT_QUANTITY', 'from', 3))).toEqual([second]);
		expect(await found(row('Remarks', 'contains', '(see 2)'))).toEqual([third]);
		expect(
			idsOf(
				(
					await fixture.run(
						search([row('AMOUNT', 'is', 7), row('REMARKS', 'isNotEmpty')], { combine: 'Or' }),
					)
				).items,
			),
		).toEqual([second, third]);
	});

	it('takes a dialog, its fields and labels, and says what it lacks', async () => {
		const fixture = await start();
		seed(fixture, [{ COMPANY: 'Peters', AMOUNT: 1 }]);
		const dialogId = { __rl: true, mode: 'name', value: 'Search by company' };
		const { items } = await fixture.run(search([row('Supplier', 'is', 'Peters')], { dialogId }));
		expect(items).toHaveLength(1);
		await expect(fixture.run(search([row('AMOUNT', 'is', 1)], { dialogId }))).rejects.toMatchObject(
			{ message: expect.stringContaining('the dialog Search by company') },
		);
	});

	it('sorts by several fields, and gives the chosen ones', async () => {
		const fixture = await start();
		const ids = seed(fixture, [
			{ COMPANY: 'B', AMOUNT: 1 },
			{ COMPANY: 'A', AMOUNT: 1 },
			{ COMPANY: 'A', AMOUNT: 2 },
		]);
		const fields = [{ field: 'COMPANY' }, { field: 'AMOUNT', direction: 'Desc' }];
		const { items } = await fixture.run(
			search([], {
				sort: { fields },
				options: { totalCount: true },
				output: 'selected',
				fieldsToReturn: ['COMPANY'],
			}),
		);
		expect(idsOf(items)).toEqual([ids[2], ids[1], ids[0]]);
		expect(items[0]?.json).toEqual({ documentId: ids[2], COMPANY: 'A', totalCount: 3 });
	});

	it('sorts what Is Any Of for numbers finds beside other conditions, by the time of storing too', async () => {
		const fixture = await start();
		const { documents } = fixture.simulator.state;
		const ids = [4, 1, 3, 2].map(
			(age, at) =>
				documents.add({
					fileCabinetId: INVOICES,
					values: { COMPANY: 'Peters', INVOICENO: at % 2, INVOICEDATE: day(`2026-04-0${age}`) },
					storedBy: 'api',
					storedAt: Date.UTC(2026, 3, 10 - age),
				}).id,
		);
		const conditions = [row('COMPANY', 'is', 'Peters'), row('INVOICENO', 'anyOf', '0, 1')];
		const sortedBy = async (field: string, more: IDataObject = {}) => {
			const sort = { fields: [{ field, direction: 'Desc' }] };
			return (await fixture.run(search(conditions, { sort, ...more }))).items;
		};
		const latest = [1, 3, 2, 0].map((at) => ids[at]);
		expect(idsOf(await sortedBy('DWSTOREDATETIME'))).toEqual(latest);
		expect(idsOf(await sortedBy('INVOICEDATE', { returnAll: false, limit: 3 }))).toEqual(
			[...latest].reverse().slice(0, 3),
		);
		const selected = await sortedBy('DWSTOREDATETIME', {
			...{ output: 'selected', fieldsToReturn: ['INVOICENO'] },
		});
		expect(selected.map(({ json }) => json)).toEqual(
			latest.map((documentId, at) => ({ documentId, INVOICENO: [1, 1, 0, 0][at] })),
		);
	});

	it('finds words and phrases in the full text', async () => {
		const fixture = await start();
		const texts = ['Reminder (unpaid) of invoice 4711.pdf', 'The invoice is paid'];
		const items = texts.map((text, at) => ({
			binary: {
				data: {
					data: Buffer.from(text).toString('base64'),
					...{ mimeType: 'text/plain', fileName: `${at}.txt` },
				},
			},
		}));
		const fileCabinetId = { __rl: true, mode: 'id', value: INVOICES };
		const stored = await fixture.run(operation('document', 'upload', { fileCabinetId }), { items });
		const [first, second] = idsOf(stored.items);
		const found = async (operator: string, value: string) =>
			idsOf((await fixture.run(search([row('DocuWareFulltext', operator, value)]))).items);
		expect(await found('contains', 'invoice')).toEqual([first, second]);
		expect(await found('contains', 'invoice 4711.pdf')).toEqual([first]);
		expect(await found('like', 'unpa*')).toEqual([first]);
		expect(await found('anyOf', 'reminder, paid')).toEqual([first, second]);
	});

	it('shows the words of a 422', async () => {
		const fixture = await start();
		const conditionsJson = '[{"DBName": "COMPANY", "Value": ["Peters (UK)"]}]';
		await expect(
			fixture.run(search([], { conditionsAs: 'json', conditionsJson })),
		).rejects.toMatchObject({ message: expect.stringMatching(/malformed.*DOCUWARE_VALIDATION/s) });
	});

	it('counts without reading', async () => {
		const fixture = await start({ countRequest: 'wrapped' });
		seed(
			fixture,
			NAMES.map((COMPANY, INVOICENO) => ({ COMPANY, INVOICENO })),
		);
		const counted = await fixture.run({
			...search([row('COMPANY', 'contains', 'o'), row('INVOICENO', 'anyOf', [2, 3, 4])]),
			operation: 'getCount',
		});
		expect(counted.items[0]?.json).toMatchObject({ count: 3, fileCabinetId: INVOICES });
		const { requests } = fixture.simulator.counters;
		expect(Object.keys(requests).filter((name) => /DialogExpression/.test(name))).toEqual([]);
	});
});

describe('Document: Search beyond 10,000 hits', () => {
	const wanted = { output: 'selected', fieldsToReturn: ['COMPANY'] };
	const ROUTE = 'FileCabinets/{fileCabinetId}/Query/DialogExpression';

	/** 25,000 documents: every second one is red, every third one small. */
	function seedMany(fixture: NodeFixture): number[] {
		return seed(
			fixture,
			Array.from({ length: 25_000 }, (_, index) => ({
				COMPANY: index % 2 === 1 ? 'red' : 'blue',
				STATUS: index % 3 === 2 ? 'small' : 'large',
			})),
		);
	}

	/** Before each request but the first one document is added, and some are deleted while there are any. */
	async function whileChanging<T>(
		{ simulator }: NodeFixture,
		deleted: readonly number[],
		work: () => Promise<T>,
	): Promise<T> {
		const { documents } = simulator.state;
		const ids = [...deleted];
		const route = { where: { tags: { route: ROUTE } }, times: Infinity };
		const hold = simulator.holds.hold('platform.received', route);
		const end = new AbortController();
		const changing = (async () => {
			(await hold.waiting(end.signal)).release();
			for (;;) {
				const held = await hold.waiting(end.signal);
				for (const id of ids.splice(0, 100)) documents.remove(INVOICES, id);
				const values = { COMPANY: 'red', STATUS: 'small' };
				documents.add({ fileCabinetId: INVOICES, values, storedBy: 'api', storedAt: 0 });
				held.release();
			}
		})().catch(() => undefined);
		try {
			return await work();
		} finally {
			end.abort();
			await changing;
			hold.release();
			expect(ids).toEqual([]);
			expect(deleted.some((id) => documents.find(INVOICES, id))).toBe(false);
		}
	}

	it('is complete and without repeats with And, though documents come and go', async () => {
		const fixture = await start();
		const ids = seedMany(fixture);
		const deleted = ids.filter((id) => id % 50 === 0);
		const { items } = await whileChanging(
			fixture,
			deleted,
			async () => await fixture.run(search([row('COMPANY', 'isNotEmpty')], wanted)),
		);
		const found = idsOf(items);
		expect(new Set(found).size).toBe(found.length);
		const gone = new Set(deleted);
		const seen = new Set(found);
		expect(ids.filter((id) => !gone.has(id) && !seen.has(id))).toEqual([]);
	});

	it('is complete and without repeats with Or', async () => {
		const fixture = await start();
		const ids = seedMany(fixture);
		const conditions = [row('COMPANY', 'is', 'red'), row('STATUS', 'is', 'small')];
		const deleted = ids.filter((id) => id % 120 === 0);
		const { items } = await whileChanging(
			fixture,
			deleted,
			async () => await fixture.run(search(conditions, { ...wanted, combine: 'Or' })),
		);
		const found = idsOf(items);
		expect(new Set(found).size).toBe(found.length);
		const gone = new Set(deleted);
		const seen = new Set(found);
		const fits = (id: number) => id % 2 === 0 || id % 3 === 0;
		expect(ids.filter((id) => fits(id) && !gone.has(id) && !seen.has(id))).toEqual([]);
		expect(ids.filter((id) => !fits(id) && seen.has(id))).toEqual([]);
	});

	it('is an error in another order, unless Limit stays within 10,000', async () => {
		const fixture = await start();
		seedMany(fixture);
		const sort = { fields: [{ field: 'COMPANY' }] };
		await expect(fixture.run(search([], { ...wanted, sort }))).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_TOO_MANY_RESULTS]'),
		});
		const limited = await fixture.run(
			search([], { ...wanted, sort, returnAll: false, limit: 2_500 }),
		);
		expect(new Set(idsOf(limited.items)).size).toBe(2_500);
		expect(limited.items.every(({ json }) => json.COMPANY === 'blue')).toBe(true);
	});

	it('is an error with a dialog that lacks DWDOCID, which says so', async () => {
		const fixture = await start();
		seedMany(fixture);
		const dialogId = { __rl: true, mode: 'id', value: BY_COMPANY };
		await expect(fixture.run(search([], { ...wanted, dialogId }))).rejects.toMatchObject({
			message: expect.stringMatching(/lacks the field DWDOCID.*DOCUWARE_TOO_MANY_RESULTS/s),
		});
	});
});

describe('a condition', () => {
	const chosen = (value: unknown) => ({ __rl: true, mode: 'list', value });

	it('has a value of the list or a text, and a list of them where an expression gives one', async () => {
		const fixture = await start();
		const [first, second] = seed(fixture, [
			{ COMPANY: 'Peters', AMOUNT: 1 },
			{ COMPANY: 'Miller', AMOUNT: 5 },
			{ COMPANY: 'Smith', AMOUNT: 9 },
		]);
		const found = async (...conditions: IDataObject[]) =>
			idsOf((await fixture.run(search(conditions))).items);
		expect(await found(row('COMPANY', 'is', chosen('Peters')))).toEqual([first]);
		expect(await found(row('COMPANY', 'anyOf', chosen(['Peters', 'Miller'])))).toEqual([
			first,
			second,
		]);
		expect(await found(row('AMOUNT', 'between', chosen(2), chosen('6')))).toEqual([second]);
	});

	it.each<[string, IDataObject[], RegExp]>([
		[
			'value',
			[row('COMPANY', 'is', 'x'), row('AMOUNT', 'is', 'many')],
			/Condition 2, AMOUNT: "many"/,
		],
		[
			'empty value',
			[row('COMPANY', 'is', 'x'), row('COMPANY', 'is', '')],
			/Condition 2, COMPANY: /,
		],
		['operator', [row('AMOUNT', 'contains', '1')], /Condition 1, AMOUNT: "Contains"/],
		[
			'field',
			[row('COMPANY', 'is', 'x'), row('COMPNY', 'is', 'x')],
			/Condition 2, COMPNY: .*Did you mean COMPANY/,
		],
	])('with a wrong %s is named by its row and its field', async (_what, conditions, message) => {
		const fixture = await start();
		const failing = expect(fixture.run(search(conditions))).rejects;
		await failing.toMatchObject({ message: expect.stringMatching(message) });
		const json = search([], { conditionsAs: 'json', conditionsJson: JSON.stringify(conditions) });
		const failingJson = expect(fixture.run(json)).rejects;
		await failingJson.toMatchObject({ message: expect.stringMatching(message) });
	});
});
