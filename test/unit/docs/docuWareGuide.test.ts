import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resources } from '../../../nodes/DocuWare/resources';
import { projectRoot } from './support/projectFiles';

const HEADING = '## Operations and their tests';
const TESTS = join(projectRoot, 'test/integration/DocuWare/documents');

/** Resources whose tests are elsewhere: they are no operations on documents that are stored. */
const ELSEWHERE = new Set(['session', 'validation']);

interface Row {
	resource: string;
	/** Names of operations; `all` for those that the resource has. */
	operations: string[];
	/** Names of files. */
	tests: string[];
}

const guide = readFileSync(join(projectRoot, 'docs/docuware-documents.md'), 'utf8');

/** The table below the heading, each resource of a line as a row. */
const rows = guide
	.slice(guide.indexOf(HEADING))
	.split('\n')
	.filter((line) => line.startsWith('|'))
	.slice(2)
	.flatMap((line): Row[] => {
		const cells = line.split('|').map((cell) => cell.trim());
		const [names = [], operations = [], tests = []] = cells
			.slice(1, -1)
			.map((cell) => cell.split(', '));
		return names.map((resource) => ({
			resource,
			operations,
			tests: tests.map((test) => test.replace(/`/g, '')),
		}));
	});

const documented = resources.filter(({ value }) => !ELSEWHERE.has(value));

/** Operations whose names several resources have: there a test has to name both. */
const shared = new Set(
	documented
		.flatMap(({ operations }) => operations.map(({ value }) => value))
		.filter((value, at, all) => all.indexOf(value) !== at),
);

it.each(documented)('the guide has each operation of $name in its table, once', (resource) => {
	const own = rows.filter((row) => row.resource === resource.name);
	const named = own.flatMap(({ operations }) => operations);
	const all = resource.operations.map(({ name }) => name);
	expect(named[0] === 'all' ? all : [...named].sort()).toEqual([...all].sort());
});

it('the guide has no resource in its table that the node lacks', () => {
	const names = documented.map(({ name }) => name);
	expect(rows.filter(({ resource }) => !names.includes(resource))).toEqual([]);
});

it.each(documented)('each operation of $name stands in a test that the table names', (resource) => {
	const own = rows.filter((row) => row.resource === resource.name);
	const untested = resource.operations.filter(({ name, value }) => {
		const row = own.find(({ operations }) => operations[0] === 'all' || operations.includes(name));
		const text = (row?.tests ?? []).map((test) => readFileSync(join(TESTS, test), 'utf8')).join();
		const words = shared.has(value) ? `'${resource.value}',\\s*'${value}'` : `'${value}'`;
		return !new RegExp(words).test(text);
	});
	expect(untested.map(({ name }) => name)).toEqual([]);
});
