import { openVault } from '../../../../nodes/shared/vault/place/openVault';
import { itemsBelow, putItem } from '../../../../nodes/shared/vault/rows/items';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { locator } from '../../../support/n8nContext';
import { names } from './support/polledRows';
import { useTrigger } from './support/triggerBench';

const bench = useTrigger();

it('rows that n8n has not taken, or of a process that has died, come again, marked', async () => {
	await bench.poll();
	await bench.account('First');
	expect(names(await bench.poll())).toEqual(['First']);
	await bench.account('Second');
	expect(names(await bench.pollDropped())).toEqual(['Second']);
	expect((await bench.poll()).rows).toEqual([
		expect.objectContaining({ Name: 'Second', repeated: true }),
	]);
	bench.restart();
	await bench.account('Third');
	const again = await bench.poll();
	expect(again.rows.map(({ Name, repeated }) => [Name, repeated])).toEqual([
		['Second', true],
		['Third', undefined],
	]);
});

it('another output of an entity without a twin repeats nothing, and later changes come', async () => {
	const of = (parameters = {}) => bench.context({ entity: 'costCenter', ...parameters });
	const { simulator } = bench;
	simulator.addRows(FIRST_DIVISION, 'hrm/Costcenters', [{ Code: 'C0', Description: 'Before' }]);
	await bench.poll(of());
	simulator.addRows(FIRST_DIVISION, 'hrm/Costcenters', [{ Code: 'C1', Description: 'New' }]);
	expect((await bench.poll(of())).rows).toMatchObject([{ Code: 'C1' }]);
	const selected = { output: 'selected', fieldsToReturn: ['Code'] };
	expect((await bench.poll(of(selected))).rows).toEqual([]);
	simulator.changeRows(FIRST_DIVISION, 'hrm/Costcenters', { Code: 'C2' }, { last: 1 });
	expect((await bench.poll(of(selected))).rows).toMatchObject([{ Code: 'C2' }]);
	expect((await bench.poll(of())).rows).toEqual([]);
	expect((await bench.poll(of(selected))).rows).toEqual([]);
});

it('goes on with an entity and a division that were left meanwhile, with what was pending there', async () => {
	const [, other] = bench.simulator.world.divisions;
	const polled = async (parameters = {}) => await bench.poll(bench.context(parameters));
	await polled();
	await bench.account('A');
	expect(names(await polled())).toEqual(['A']);
	bench.restart();
	for (const left of [{ entity: 'contact' }, { division: locator(String(other)) }]) {
		expect((await polled(left)).rows).toEqual([]);
		await bench.account('B');
		expect((await polled(left)).rows).toEqual([]);
	}
	expect((await polled()).rows).toMatchObject([
		{ Name: 'A', repeated: true },
		{ Name: 'B' },
		{ Name: 'B' },
	]);
	expect((await polled()).isNull).toBe(true);
});

it('a place that another version of the package has written begins anew, and is not silent for ever', async () => {
	await bench.poll(bench.context({}, { activation: 'activate' }));
	const vault = await openVault();
	const kept = await vault.read(() => itemsBelow('cursors1', ''));
	const known = kept.filter(([, value]) => value.includes('"kind":"sync"'));
	expect(known).toHaveLength(1);
	for (const [name, value] of known) {
		const other = value
			.replaceAll('"kind":"sync"', '"kind":"later"')
			.replace(/"from":\{[^}]*\},?/, '');
		await vault.write(() => putItem('cursors1', name, other));
	}
	expect((await bench.poll()).isNull).toBe(true);
	await bench.account('New');
	expect(names(await bench.poll())).toEqual(['New']);
});
