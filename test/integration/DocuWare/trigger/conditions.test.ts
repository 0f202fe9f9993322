import type { IDataObject } from 'n8n-workflow';
import { INVOICES, usePolls } from './support/pollFixture';

const { start } = usePolls();

const NOW = Date.UTC(2026, 10, 26, 12);

const where = { tags: { route: 'FileCabinets/{fileCabinetId}/Query/DialogExpression' } };

const condition = { field: 'STATUS', operator: 'is', value: { __rl: true, mode: 'text' } };
const onlyApproved = {
	onlySome: true,
	conditions: { condition: [{ ...condition, value: { ...condition.value, value: 'Approved' } }] },
};

const told = (documents: IDataObject[]) =>
	documents.map(({ event, documentId }) => `${String(event)} ${String(documentId)}`);

afterEach(() => jest.restoreAllMocks());

/** A trigger on approved documents before a server with ten others, and what approves some. */
async function begin(parameters: IDataObject = {}) {
	const fixture = await start();
	const { store, change } = fixture;
	for (let minute = 10; minute > 0; minute -= 1) store(1, NOW - minute * 60_000);
	const approve = (id: number, at: number) => change(id, at, { STATUS: 'Approved' });
	return { ...fixture, approve, trigger: fixture.publish({ ...onlyApproved, ...parameters }) };
}

it.each([
	['none meets the conditions', []],
	['one of the oldest meets the conditions', [1]],
])(
	'what was stored before publishing, where %s, never comes as stored, however late it meets them',
	async (_what, approved) => {
		const { trigger, store, approve } = await begin();
		for (const id of approved) approve(id, NOW - 60_000);
		expect(await trigger.ids()).toEqual([]);
		for (const id of [2, 5, 10]) approve(id, NOW);
		expect(await trigger.ids()).toEqual([]);
		store(1, NOW + 1_000);
		approve(11, NOW + 2_000);
		expect(await trigger.ids()).toEqual([11]);
		approve(6, NOW + 3_000);
		expect(await trigger.ids()).toEqual([]);
	},
);

it('with both events it comes as changed', async () => {
	const { trigger, store, approve } = await begin({ events: ['stored', 'changed'] });
	expect(await trigger.ids()).toEqual([]);
	approve(2, NOW);
	expect(told(await trigger.documents())).toEqual(['changed 2']);
	store(1, NOW + 1_000);
	approve(11, NOW + 2_000);
	approve(3, NOW + 3_000);
	expect(told(await trigger.documents())).toEqual(['stored 11', 'changed 3']);
	expect(await trigger.ids()).toEqual([]);
});

it('with both events each document comes once, as stored where none that was stored later has come so', async () => {
	const { trigger, store, approve } = await begin({ events: ['stored', 'changed'] });
	expect(await trigger.ids()).toEqual([]);
	for (const minute of [1, 9, 10, 11]) store(1, NOW + minute * 60_000);
	approve(13, NOW + 700_000);
	expect(told(await trigger.documents())).toEqual(['stored 13']);
	for (const id of [11, 12, 14]) approve(id, NOW + 800_000);
	expect(told(await trigger.documents()).sort()).toEqual(['changed 11', 'stored 12', 'stored 14']);
	expect(await trigger.ids()).toEqual([]);
});

it('where the server refuses a search without conditions, the trigger begins with what meets them', async () => {
	const { simulator, trigger, store, approve } = await begin();
	approve(1, NOW - 60_000);
	simulator.faults.push({ kind: 'status', status: 400, where });
	expect(await trigger.ids()).toEqual([]);
	expect(simulator.faults.size).toBe(0);
	store(1, NOW);
	approve(11, NOW + 1_000);
	expect(await trigger.ids()).toEqual([11]);
});

it('with a date what was stored since then comes once it meets the conditions', async () => {
	const startDate = new Date(NOW - 5.5 * 60_000).toISOString();
	const { trigger, store, approve } = await begin({ start: 'date', startDate });
	expect(await trigger.ids()).toEqual([]);
	for (const id of [2, 7]) approve(id, NOW);
	expect(await trigger.ids()).toEqual([7]);
	store(1, NOW + 1_000);
	approve(11, NOW + 2_000);
	expect(await trigger.ids()).toEqual([11]);
});

it.each([
	['none is left', 0],
	['an older one is left', 1],
])(
	'where what was told meets the conditions no more, and %s, a poll without news costs one request, and one more in ten minutes',
	async (_what, before) => {
		const { simulator, trigger, store, approve, change } = await begin();
		for (let id = 1; id <= before; id += 1) approve(id, NOW - 60_000);
		await trigger.poll();
		store(1, NOW);
		approve(11, NOW + 1_000);
		expect(await trigger.ids()).toEqual([11]);
		change(11, NOW + 2_000, { STATUS: 'Booked' });
		const real = Date.now;
		let passed = 0;
		jest.spyOn(Date, 'now').mockImplementation(() => real() + passed);
		const searches = () => simulator.counters.requests[`POST ${where.tags.route}`] ?? 0;
		const idle = async () => {
			const asked = searches();
			expect(await trigger.ids()).toEqual([]);
			return searches() - asked;
		};
		for (let times = 0; times < 3; times += 1) {
			passed += 11 * 60_000;
			simulator.advanceClock(11 * 60_000);
			expect([await idle(), await idle(), await idle()]).toEqual([2, 1, 1]);
		}
	},
);

/** Conditions as JSON. */
const asJson = (expression: object) => ({
	onlySome: true,
	conditionsAs: 'json',
	conditionsJson: JSON.stringify({ Condition: [], ...expression }),
});

it.each([
	[[1, 2], {}],
	[[1, 2], { IncludeAppended: false }],
	[[1, 2], { IncludeCheckedOut: null }],
	[[1], { IncludeCheckedOut: false }],
])(
	'gives %j where one of two is checked out and the conditions have the flags %j',
	async (expected, FlagConditions) => {
		const { simulator, store, publish } = await start({ checkedOutUntold: 'leftOut' });
		const trigger = publish(asJson({ FlagConditions }));
		await trigger.poll();
		store(2, NOW);
		const [, second] = simulator.state.documents.inCabinet(INVOICES);
		if (second) second.checkedOutBy = 'api';
		expect(await trigger.ids()).toEqual(expected);
	},
);

it.each([
	['DWDOCID', ['DWSTOREDATETIME']],
	['DWSTOREDATETIME', ['DWDOCID']],
	['DWDOCID and DWSTOREDATETIME', ['COMPANY']],
])('refuses a search dialog that lacks %s', async (lacking, names) => {
	const { simulator, publish } = await start();
	const dialogId = 'b7d0c3f4-6a1e-4f0b-8c55-2d9e7f1a3b60';
	const cabinet = simulator.world.fileCabinets.find(({ id }) => id === INVOICES);
	cabinet?.dialogs.push({
		...{ id: dialogId, displayName: 'Little', type: 'Search', isDefault: false },
		fields: names.map((name) => ({ name })),
	});
	const dialog = { __rl: true, mode: 'id', value: dialogId };
	const trigger = publish({ onlySome: true, dialogId: dialog }, { activation: 'activate' });
	await expect(trigger.poll()).rejects.toThrow(`Little lacks ${lacking},`);
});

it('follows documents that meet any of several conditions', async () => {
	const { simulator, publish, store } = await start();
	store(1, NOW);
	const trigger = publish({
		onlySome: true,
		combine: 'Or',
		conditions: {
			condition: [
				{ field: 'COMPANY', operator: 'is', value: { __rl: true, mode: 'list', value: 'Acme' } },
				{ field: 'AMOUNT', operator: 'from', value: '100' },
			],
		},
	});
	await trigger.poll();
	const [{ id: cabinet } = { id: '' }] = simulator.world.fileCabinets;
	simulator.addDocuments(cabinet, [
		{ COMPANY: 'Acme', AMOUNT: 5 },
		{ COMPANY: 'Peters', AMOUNT: 5 },
		{ COMPANY: 'Peters', AMOUNT: 500 },
		{ COMPANY: 'Acme', AMOUNT: 500 },
	]);
	expect(await trigger.ids()).toEqual([2, 4, 5]);
	expect(await trigger.ids()).toEqual([]);
});
