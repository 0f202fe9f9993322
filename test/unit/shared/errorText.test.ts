import { quoted, said } from '../../../nodes/shared/errorText';

describe("a service's own words", () => {
	it('stand in quotes at the end of a sentence', () => {
		expect(`Refused${quoted('the "old" token')}.`).toBe(`Refused ("the 'old' token").`);
	});

	it.each([null, ''])('leave no trace where there are none: %p', (detail) => {
		expect(quoted(detail)).toBe('');
		expect(said(detail)).toEqual({});
	});

	it('are a fact of the error, with the status that came with them', () => {
		expect(said('words', 400)).toEqual({ serviceMessage: 'words', httpStatus: 400 });
		expect(said(null, 400)).toEqual({ httpStatus: 400 });
	});
});
