import { withoutGaps } from '../../../../nodes/shared/values/emptyValues';

describe('empty values', () => {
	const values = { a: 1, b: '', c: null, d: undefined, e: 0, f: false, g: [], h: Number.NaN };

	it('are left out or clear the field', () => {
		expect(withoutGaps(values, 'leaveOut', 'item 0', 'A_CODE')).toEqual({
			a: 1,
			e: 0,
			f: false,
			g: [],
		});
		expect(withoutGaps(values, 'clear', 'item 0', 'A_CODE')).toEqual({
			...{ a: 1, b: null, c: null, d: null },
			...{ e: 0, f: false, g: [], h: null },
		});
	});

	it('or are an error that names all of them', () => {
		expect(() => withoutGaps(values, 'error', 'item 3', 'A_CODE')).toThrow(
			'b, c, d, h is empty in item 3.',
		);
		expect(withoutGaps({ a: 1 }, 'error', 'item 3', 'A_CODE')).toEqual({ a: 1 });
	});
});
