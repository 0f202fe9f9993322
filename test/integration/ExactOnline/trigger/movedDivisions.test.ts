import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { names } from './support/polledRows';
import { useTrigger } from './support/triggerBench';

// All clocks go together.
const bench = useTrigger(0, () => Date.now());

const MINUTE_MS = 60_000;

let clock: jest.SpyInstance | undefined;

/** So much later, by all clocks. */
function pass(minutes: number): void {
	const now = Date.now() + minutes * MINUTE_MS;
	clock?.mockRestore();
	clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
}

afterEach(() => clock?.mockRestore());

const FIVE = ['One', 'Two', 'Three', 'Four', 'Five'];

const add = (all = FIVE) =>
	bench.simulator.addRows(
		FIRST_DIVISION,
		'crm/Accounts',
		all.map((Name) => ({ Name })),
	);

/** Moves the division, whose rows have other versions then. */
const move = () => bench.simulator.moveDivision(FIRST_DIVISION);

const settings = (parameters = {}) => bench.context({ ...parameters, options: { mostItems: 2 } });

/** All that is given until nothing comes any more. */
async function drained(parameters = {}): Promise<unknown[]> {
	const given: unknown[] = [];
	for (;;) {
		const polled = await bench.poll(settings(parameters));
		if (polled.isNull) return given;
		given.push(...names(polled));
	}
}

const dated = { start: 'date', startDate: '2001-01-01' };

it('a division that moves while a backlog is worked off loses nothing of it', async () => {
	add();
	pass(180);
	expect(names(await bench.poll(settings(dated)))).toHaveLength(2);
	pass(5);
	move();
	pass(60);
	expect(await drained(dated)).toEqual(expect.arrayContaining(['Three', 'Four', 'Five']));
});

it('nor of what has changed since all was read last', async () => {
	await drained();
	pass(62);
	add();
	pass(180);
	expect(names(await bench.poll(settings()))).toHaveLength(2);
	pass(180);
	move();
	add(['Later']);
	pass(1);
	expect(await drained()).toEqual(expect.arrayContaining(['Three', 'Four', 'Five', 'Later']));
});

it('nor of a backlog that seemed to be worked off, since its old versions said so', async () => {
	add();
	pass(180);
	expect(names(await bench.poll(settings(dated)))).toHaveLength(2);
	bench.simulator.addRows(FIRST_DIVISION + 7, 'crm/Accounts', [{ Name: 'Elsewhere' }]);
	move();
	pass(5);
	await drained(dated);
	pass(60);
	const given = await drained(dated);
	expect(given).toEqual(expect.arrayContaining(FIVE));
});

it('what all was read of before the last look comes no more', async () => {
	await drained();
	pass(120);
	add();
	pass(1);
	expect(await drained()).toHaveLength(5);
	pass(180);
	expect(await drained()).toEqual([]);
	pass(180);
	move();
	add(['Later']);
	pass(1);
	expect(await drained()).toEqual(['Later']);
});

it('nor of a list that does not say when records were changed', async () => {
	const attachments = { entity: 'documentAttachment' };
	const attach = (FileName: string) =>
		bench.simulator.addRows(FIRST_DIVISION, 'documents/DocumentAttachments', [{ FileName }]);
	const files = async () =>
		(await bench.poll(bench.context(attachments))).rows.map(({ FileName }) => FileName);
	expect(await files()).toEqual([]);
	attach('Before');
	expect(await files()).toEqual(['Before']);
	pass(180);
	attach('Between');
	move();
	pass(1);
	expect(await files()).toContain('Between');
});

it('nor of what has changed while nobody was told whether the division has moved', async () => {
	await drained();
	pass(120);
	add(['Before']);
	expect(await drained()).toEqual(['Before']);
	// Versions after the move are before those of before it.
	bench.simulator.addRows(FIRST_DIVISION + 7, 'crm/Accounts', [{ Name: 'Elsewhere' }]);
	pass(60);
	move();
	add();
	const { faults } = bench.simulator;
	// Of the one list of divisions, and of the other: a refusal is believed for a day.
	const refused = { kind: 'status' as const, status: 403, where: { path: 'Divisions' } };
	faults.api.push(refused, refused);
	pass(61);
	await drained();
	expect(faults.api.size).toBe(0);
	pass(61);
	await drained();
	pass(25 * 60);
	expect(await drained()).toEqual(expect.arrayContaining(FIVE));
});
