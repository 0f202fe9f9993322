import { timeTaken } from '../../../../scripts/screenshots/timeTaken';

const goal = 'the 360 s that the tests of the editor and the pictures may take together.';

it.each([
	[95_400, `Pictures: 95 s of ${goal}`],
	[360_000, `Pictures: 360 s of ${goal}`],
	[361_000, `Pictures: 361 s, more than ${goal}`],
])('says what %i ms are of the time that there is', (took, expected) => {
	expect(timeTaken('Pictures', 1_000, 1_000 + took)).toBe(expected);
});
