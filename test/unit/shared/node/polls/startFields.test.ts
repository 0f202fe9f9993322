import {
	givenStartDate,
	mostItemsOption,
	readMostItems,
	startFields,
	startSettings,
} from '../../../../../nodes/shared/node/polls/startFields';
import { pollContext } from '../../../../support/n8nContext';

const properties = startFields({ date: 'Since a date', now: 'From now on', from: 'The date' });

const contextOf = (parameters: Record<string, string>) =>
	pollContext({ description: { displayName: 'T', name: 't', properties } as never, parameters });

it('another start or date begins anew, the value of a date that is not shown does not', () => {
	const settings = (...given: Parameters<typeof contextOf>) => startSettings(contextOf(...given));
	const now = settings({});
	expect(settings({ start: 'now', startDate: '2026-01-01' })).toBe(now);
	const date = settings({ start: 'date', startDate: '2026-01-01' });
	expect(date).not.toBe(now);
	expect(settings({ start: 'date', startDate: '2026-01-02' })).not.toBe(date);
	expect(givenStartDate(contextOf({ startDate: '2026-01-01' }))).toBeUndefined();
	expect(givenStartDate(contextOf({ start: 'date', startDate: '2026-01-01' }))).toBe('2026-01-01');
	expect(givenStartDate(contextOf({ start: 'date' }))).toBe('');
});

it.each([
	[undefined, 1_000],
	['', 1_000],
	['many', 1_000],
	[0, 1_000],
	[-5, 1_000],
	['7', 7],
	[7.9, 7],
	[1_000_000, 10_000],
	[Infinity, 10_000],
])('%j as Most Items per Poll means %i', (mostItems, most) => {
	expect(readMostItems({ mostItems }, 10_000)).toBe(most);
	expect(mostItemsOption('How many').default).toBe(1_000);
});
