interface Reason {
	file: string;
	name: string;
	why: string;
	program?: string;
	setting?: string;
}

interface Skipped {
	file: string;
	names: string[];
}

const { couldHaveRun, toldReasons } = jest.requireActual<{
	couldHaveRun(skipped: Skipped[], reasons: Reason[], machine: { installs: boolean }): string[];
	toldReasons(reasons: Reason[]): string;
}>('../../../scripts/notRun');

const redis: Reason = {
	...{ file: '/a.test.ts', name: 'queue mode' },
	...{ why: 'no redis-server is on the path', program: 'redis-server' },
};
const namespaces: Reason = {
	...{ file: '/b.test.ts', name: 'cut link', why: 'network namespaces are not allowed here' },
};
const inQueueMode = { file: '/a.test.ts', names: ['queue mode', 'kills', 'one worker'] };

it('nothing was skipped: nothing is said', () => {
	expect(couldHaveRun([], [], { installs: true })).toEqual([]);
	expect(toldReasons([])).toBe('');
});

it('a program that the machine cannot install excuses the tests that need it', () => {
	expect(couldHaveRun([inQueueMode], [redis], { installs: false })).toEqual([]);
});

it('a program that the machine can install, and has not, is a failure', () => {
	expect(couldHaveRun([inQueueMode], [redis], { installs: true })).toEqual([
		'queue mode: apt-get can install redis-server on this machine, and it is not there',
	]);
});

it('what the machine does not allow excuses, whatever it can install', () => {
	const skipped = [{ file: '/b.test.ts', names: ['fleet', 'cut link'] }];
	expect(couldHaveRun(skipped, [namespaces], { installs: true })).toEqual([]);
});

it('a variable that keeps tests from running is a failure everywhere', () => {
	const pair = { file: '/c.test.ts', name: 'fail-over', why: 'x', setting: 'TEST_POSTGRES_URL' };
	const skipped = [{ file: '/c.test.ts', names: ['fail-over', 'one'] }];
	expect(couldHaveRun(skipped, [pair], { installs: false })).toEqual([
		'fail-over: unset TEST_POSTGRES_URL',
	]);
});

it.each([
	['of another name', { file: '/a.test.ts', names: ['on one machine', 'kills'] }],
	['in another file', { file: '/d.test.ts', names: ['queue mode', 'kills'] }],
])('one reason excuses no test %s', (_what, other) => {
	expect(couldHaveRun([inQueueMode, other], [redis], { installs: false })).toEqual([
		`${other.names.join(' > ')} (${other.file}): skipped without a reason`,
	]);
});

it('tells each reason once', () => {
	expect(toldReasons([redis, { ...redis, file: '/d.test.ts' }, namespaces])).toBe(
		'NOT RUN: queue mode: no redis-server is on the path.\n' +
			'NOT RUN: cut link: network namespaces are not allowed here.\n',
	);
});
