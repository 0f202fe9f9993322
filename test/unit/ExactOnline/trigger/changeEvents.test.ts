import {
	eventOf,
	newestOf,
	type ChangeEvent,
} from '../../../../nodes/ExactOnline/trigger/changeEvents';
import { invalidEvents } from '../../../../nodes/ExactOnline/trigger/eventProblem';

const NOON = '2026-11-26T12:00:00';
const LATER = '2026-11-26T12:30:00';

it.each([
	['never changed since it was made', { Created: NOON, Modified: NOON }, '', 'created'],
	['made and changed since', { Created: NOON, Modified: LATER }, LATER, 'changed'],
	[
		'changed, but made after all that was read',
		{ Created: LATER, Modified: LATER },
		NOON,
		'created',
	],
	[
		'made, then changed, since the last poll',
		{ Created: '2026-11-26T12:10:00', Modified: LATER },
		NOON,
		'created',
	],
	['that does not say when it was made', { Modified: NOON }, '', 'changed'],
	['of which lines alone have changed', undefined, NOON, 'changed'],
	[
		'in the form of answers',
		{ Created: '/Date(1795694400123)/', Modified: '/Date(1795694400456)/' },
		'',
		'created',
	],
])('a record %s', (_name, row, newest, expected) => {
	expect(eventOf(row, newest)).toBe(expected);
});

it('the latest change is that of all rows', () => {
	expect(newestOf([{ Modified: NOON }, undefined, { Modified: LATER }, {}], '')).toBe(LATER);
	expect(newestOf([{ Modified: NOON }], LATER)).toBe(LATER);
});

it.each([
	[[], true, true, false],
	[['changed'], false, false, true],
	[['created'], true, false, true],
	[['created'], false, true, false],
	[['deleted'], true, false, false],
	[['created', 'deleted'], false, true, true],
] as Array<[ChangeEvent[], boolean, boolean, boolean]>)(
	'%j of an entity that tells created: %s, deleted: %s',
	(events, tellsCreated, tellsDeleted, isGood) => {
		const problem = invalidEvents(new Set(events), { name: 'X', tellsCreated, tellsDeleted });
		expect(problem === undefined).toBe(isGood);
		expect(problem?.code ?? 'EXACT_INVALID_VALUE').toBe('EXACT_INVALID_VALUE');
	},
);
