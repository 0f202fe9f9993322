import { readExactDate } from '../../../../nodes/ExactOnline/odata/dateTimes';
import { simplify } from '../../../../nodes/ExactOnline/resources/common/simplify';

it('drops metadata and deferred links, also inside', () => {
	expect(
		simplify({
			__metadata: { uri: 'x' },
			ID: 'a',
			Nothing: null,
			Count: 0,
			Lines: { __deferred: { uri: 'x' } },
			Expanded: {
				results: [{ __metadata: {}, Date: '/Date(0)/', Sub: { __deferred: {} } }],
				__next: 'x',
			},
			One: { __metadata: {}, Name: 'n' },
		}),
	).toEqual({
		ID: 'a',
		Nothing: null,
		Count: 0,
		Expanded: [{ Date: '1970-01-01T00:00:00' }],
		One: { Name: 'n' },
	});
});

it.each([
	['/Date(1700000000000)/', '2023-11-14T22:13:20'],
	['/Date(1700000000123)/', '2023-11-14T22:13:20.123'],
	['/Date(-62135596800000)/', '0001-01-01T00:00:00'],
	['/Date(1700000000000+0100)/', '2023-11-14T22:13:20'],
	['/Date(99999999999999999)/', '/Date(99999999999999999)/'],
	['Date(1)', 'Date(1)'],
	['text /Date(1)/', 'text /Date(1)/'],
])('%s becomes %s', (text, expected) => {
	expect(readExactDate(text)).toBe(expected);
});
