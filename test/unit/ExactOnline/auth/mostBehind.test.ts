import { mostBehindMs, REGIONS } from '../../../../nodes/ExactOnline/auth/regions';

it('only the American service may be behind Greenwich', () => {
	const behind = REGIONS.filter(({ host }) => mostBehindMs(`https://${host}`) > 0);
	expect(behind.map(({ name }) => name)).toEqual(['United States']);
	expect(mostBehindMs('http://127.0.0.1:4010')).toBe(0);
});
