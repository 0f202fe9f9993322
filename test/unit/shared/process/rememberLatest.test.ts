import { rememberLatest } from '../../../../nodes/shared/process/rememberLatest';

it('forgets what was put there longest ago, and a value that is put again counts as the latest', () => {
	const map = new Map<string, number>();
	for (const [key, value] of [
		['a', 1],
		['b', 2],
		['a', 3],
		['c', 4],
	] as const) {
		rememberLatest(map, key, value, 2);
	}
	expect([...map]).toEqual([
		['a', 3],
		['c', 4],
	]);
});
