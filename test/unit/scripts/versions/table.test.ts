import { existsSync } from 'node:fs';
import { join } from 'node:path';

interface Outcome {
	file: string;
	name: string;
	status: string;
}

interface Promised {
	what: string;
	files: string[];
}

const { allHold, outcomesOf, tableOf } = jest.requireActual<{
	allHold(promises: Promised[], outcomes: Outcome[]): boolean;
	outcomesOf(report: unknown): Outcome[];
	tableOf(promises: Promised[], runs: Array<{ version: string; outcomes: Outcome[] }>): string;
}>('../../../../scripts/versions/table');

const { promises } = jest.requireActual<{ promises: Promised[] }>(
	'../../../../scripts/versions/promises',
);

const test = (file: string, name: string, status: string) => ({ file, name, status });

const rows = [
	{ what: 'One', files: ['e2e/one', 'e2e/other'] },
	{ what: 'Two', files: ['versions/two'] },
];

it('tells for each version what holds, and how many tests say so', () => {
	const runs = [
		{
			version: '2.41.0',
			outcomes: [
				test('e2e/one', 'a', 'passed'),
				test('e2e/other', 'b', 'passed'),
				test('versions/two', 'c', 'passed'),
				test('versions/two', 'd', 'pending'),
			],
		},
		{
			version: '2.20.0',
			outcomes: [test('e2e/one', 'a', 'failed'), test('e2e/other', 'b', 'passed')],
		},
	];
	expect(tableOf(rows, runs).split('\n')).toEqual([
		'| What was tested | n8n 2.41.0 | n8n 2.20.0 |',
		'| --- | --- | --- |',
		'| One | yes, 2 tests | no, 1 of 2 tests |',
		'| Two | yes, 1 test, 1 not run | not run |',
		'',
	]);
	expect(runs.map(({ outcomes }) => allHold(rows, outcomes))).toEqual([true, false]);
});

it('does not hold what no test has shown', () => {
	expect(allHold(rows, [test('e2e/one', 'a', 'passed'), test('e2e/other', 'b', 'passed')])).toBe(
		false,
	);
});

it('takes a file that could not run for a failure', () => {
	const report = {
		testResults: [
			{
				name: '/checkout/test/e2e/one.test.ts',
				assertionResults: [{ fullName: 'a b', status: 'passed' }],
				message: '',
			},
			{ name: '/checkout/test/e2e/other.test.ts', assertionResults: [], message: 'no module' },
		],
	};
	expect(outcomesOf(report)).toEqual([
		test('e2e/one', 'a b', 'passed'),
		test('e2e/other', 'the file could not run: no module', 'failed'),
	]);
});

it('names test files that are there', () => {
	const files = promises.flatMap((one) => one.files);
	const missing = files.filter(
		(file) => !existsSync(join(__dirname, '../../..', `${file}.test.ts`)),
	);
	expect(missing).toEqual([]);
});
