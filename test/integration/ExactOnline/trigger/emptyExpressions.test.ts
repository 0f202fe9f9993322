import type { IDataObject } from 'n8n-workflow';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { locator } from '../../../support/n8nContext';
import { useTrigger } from './support/triggerBench';

/** Fields of the trigger that an expression leaves empty: never a default. */

const bench = useTrigger();

const EMPTY = '={{ null }}';

// Red before: each of these began, and followed something else, or everything.
it.each<[label: string, parameters: IDataObject]>([
	['Entity', { entity: EMPTY }],
	['Division', { division: locator(EMPTY, 'id') }],
	['Output', { output: EMPTY }],
	['Fields to Return', { output: 'selected', fieldsToReturn: '={{ [] }}' }],
	['Options > Several Divisions', { options: { severalDivisions: EMPTY } }],
	[
		'Options > Chosen Division Names or IDs',
		{ options: { severalDivisions: 'chosen', divisions: `={{ [${FIRST_DIVISION}, null] }}` } },
	],
	['Options > Most Items per Poll', { options: { mostItems: '={{ undefined }}' } }],
])(
	'a poll of which an expression leaves %s empty is refused, and asks for nothing',
	async (label, set) => {
		const { apiCalls } = bench.simulator.counters;
		for (const mode of ['trigger', 'manual']) {
			const refused = bench.poll(bench.context(set, { mode }));
			await expect(refused).rejects.toThrow(`The expression of ${label} gives `);
			await expect(refused).rejects.toThrow('[EXACT_EMPTY_VALUE]');
		}
		expect(bench.simulator.counters.apiCalls).toBe(apiCalls);
	},
);

it.each([
	['Trigger On', { events: '={{ [] }}' }],
	['Date', { start: 'date', startDate: EMPTY }],
])('a poll to which an expression gives no %s is refused by its name', async (label, set) => {
	await expect(bench.poll(bench.context(set))).rejects.toThrow(label);
});

it('a choice may be given in its words, and the events in one text', async () => {
	const set = { output: '={{ "Selected Fields" }}', fieldsToReturn: ['Name'] };
	const context = () => bench.context({ ...set, events: '={{ "created, changed" }}' });
	await bench.poll(context());
	await bench.account('Told');
	const { rows } = await bench.poll(context());
	expect(rows.map((row) => Object.keys(row).sort())).toEqual([
		['ID', 'Name', 'change', 'recordId'],
	]);
});
