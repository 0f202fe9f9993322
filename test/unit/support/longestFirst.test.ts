import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', '..');

interface SequencedTest {
	path: string;
	context: { config: { rootDir: string; cacheDirectory: string }; hasteFS: unknown };
}

const LongestFirst = jest.requireActual<{
	longest: readonly string[];
	new (): { sort(tests: SequencedTest[]): SequencedTest[] };
}>('../../support/longestFirst');

const longest = LongestFirst.longest.map((path) => join(root, path));

describe('the order of test files', () => {
	it.each(longest)('names a file that there is: %s', (path) => {
		expect(existsSync(path)).toBe(true);
	});

	it('begins with those that take longest, however small they are', () => {
		const hasteFS = { getSize: (path: string) => (path === __filename ? 1_000 : 1) };
		const config = { rootDir: root, cacheDirectory: join(root, '.cache', 'none') };
		const tests = [__filename, ...longest].reverse();
		const sorted = new LongestFirst().sort(
			tests.map((path) => ({ path, context: { config, hasteFS } })),
		);
		expect(sorted.map(({ path }) => path)).toEqual([...longest, __filename]);
	});
});
