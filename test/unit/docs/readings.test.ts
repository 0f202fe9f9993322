import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { defaultSwitches } from '../../simulators/DocuWare';
import { READINGS as DOCUWARE_READINGS } from '../../simulators/DocuWare/readings';
import { READINGS as EXACT_READINGS } from '../../simulators/ExactOnline/readings';
import { DEFAULT_SWITCHES } from '../../simulators/ExactOnline/switches';
import { READINGS_VARIABLE, type Reading } from '../../simulators/shared/readings';
import { anchorsOf, localLinksOf, sectionsOf } from './support/markdown';
import { filesBelow, projectRoot } from './support/projectFiles';

const sections = sectionsOf(readFileSync(join(projectRoot, 'docs/readings.md'), 'utf8'));

/** What stands in code in a text: values, names of switches, paths. */
function codeIn(text: string): string[] {
	return [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '');
}

function textOf(title: string): string {
	const found = sections.find((section) => section.title === title);
	if (found === undefined) throw new Error(`docs/readings.md has no section ${title}.`);
	return found.text;
}

/** A value as the page writes it; of several switches in one, the names of those that are on. */
function written(value: unknown): string {
	if (typeof value !== 'object' || value === null) return String(value);
	const names = Object.entries(value).filter(([, isOn]) => isOn === true);
	return names.map(([name]) => name).join('+');
}

interface Row {
	name: string;
	likely: string;
	others: string[];
	harder: string | undefined;
	why: string;
	tests: string[];
}

function readTable(title: string): { rows: Row[]; folder: string } {
	const [head = '', , ...lines] = textOf(title)
		.split('\n')
		.filter((line) => line.startsWith('|'));
	const rows = lines.map((line) => {
		const [name = '', likely = '', others = '', why = '', tests = ''] = line.split(' | ');
		return {
			name: codeIn(name)[0] ?? '',
			likely: codeIn(likely)[0] ?? '',
			others: codeIn(others),
			harder: /`([^`]+)` \(harder\)/.exec(others)?.[1],
			why,
			tests: codeIn(tests),
		};
	});
	return { rows, folder: codeIn(head)[0] ?? '' };
}

const services: Array<[string, Record<string, unknown>, Record<string, Reading<unknown>>]> = [
	['Exact Online', { ...DEFAULT_SWITCHES }, EXACT_READINGS],
	['DocuWare', { ...defaultSwitches() }, DOCUWARE_READINGS],
];

describe.each(services)('docs/readings.md, %s', (service, defaults, readings) => {
	const { rows, folder } = readTable(service);

	it('names every switch of the simulator once, as a reading or as a setting', () => {
		const settings = textOf('Settings')
			.split(/^- /m)
			.find((entry) => entry.startsWith(`${service}:`));
		const named = [...rows.map(({ name }) => name), ...codeIn(settings ?? '')];
		expect(named.sort()).toEqual(Object.keys(defaults).sort());
		expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(readings).sort());
	});

	it.each(rows.map((row) => [row.name, row] as const))(
		'%s: default, other readings, a section of the facts, tests',
		(name, { likely, others, harder, why, tests }) => {
			const reading = readings[name];
			expect(likely).toBe(written(defaults[name]));
			expect(others).toEqual(reading?.others.map(written));
			expect(harder).toBe(
				reading !== undefined && 'harder' in reading ? written(reading.harder) : undefined,
			);
			expect(localLinksOf(why).some(({ path }) => path.startsWith('facts/'))).toBe(true);
			expect(tests.length).toBeGreaterThan(0);
			for (const test of tests) {
				const file = join(projectRoot, folder, `${test}.test.ts`);
				expect([test, existsSync(file)]).toEqual([test, true]);
				expect([test, readFileSync(file, 'utf8').includes(name)]).toEqual([test, true]);
			}
		},
	);
});

/** A table of two columns, without its head. */
function rowsOf(text: string): Array<[fact: string, playedBy: string]> {
	const [, , ...lines] = text.split('\n').filter((line) => line.startsWith('|'));
	return lines.map((line) => {
		const [, fact = '', playedBy = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
		return [fact, playedBy];
	});
}

const factsOf = (file: string) =>
	sectionsOf(readFileSync(join(projectRoot, 'docs/facts', file), 'utf8'));

/** What the facts call uncertain: headings of DocuWare's, rows of a table of Exact Online's. */
const uncertain: Array<[service: string, names: string[]]> = [
	[
		'Exact Online',
		factsOf('exact-online.md')
			.filter(({ title }) => title === '10. What is uncertain')
			.flatMap(({ text }) => rowsOf(text).map(([topic]) => topic)),
	],
	[
		'DocuWare',
		factsOf('docuware.md')
			.filter(({ level, parent }) => level === 3 && parent === '11. What is uncertain')
			.map(({ title }) => [...anchorsOf(`### ${title}`)][0] ?? ''),
	],
];

it.each(uncertain)(
	'%s: each uncertain fact has its switches, or why it has none',
	(service, names) => {
		const rows = rowsOf(textOf(`Uncertain facts of ${service}`));
		const [, , readings] = services.find(([name]) => name === service)!;
		expect(names.length).toBeGreaterThan(10);
		expect(rows.map(([fact]) => localLinksOf(fact)[0]?.anchor ?? fact)).toEqual(names);
		for (const [fact, playedBy] of rows) {
			const isExplained = /^no switch: .{20}/.test(playedBy);
			const unknown = codeIn(playedBy).filter((name) => !(name in readings));
			expect([fact, isExplained || codeIn(playedBy).length > 0]).toEqual([fact, true]);
			expect([fact, isExplained ? [] : unknown]).toEqual([fact, []]);
		}
	},
);

/** Which tests run with all harder readings together. */
const harder = jest.requireActual<{
	exceptions: Record<string, string>;
	filePattern: string;
	folders: string[];
}>('../../../scripts/harderReadings');

describe('npm test, with the harder readings together', () => {
	const files = filesBelow('test/integration', '.test.ts');
	const isWithin = (name: string, exception: string) =>
		name === exception || name.startsWith(`${exception}/`);
	const nameOf = (file: string) => file.replace('test/integration/', '').replace('.test.ts', '');

	it('runs every test of sessions and token chains but the exceptions, which the page names', () => {
		const inFolders = files.filter((file) =>
			harder.folders.some((folder) => nameOf(file).startsWith(`${folder}/`)),
		);
		const leftOut = inFolders.filter((file) => !new RegExp(harder.filePattern).test(file));
		expect(harder.folders).toEqual(expect.arrayContaining(['ExactOnline/auth', 'DocuWare']));
		const exceptions = Object.keys(harder.exceptions);
		const named = leftOut.map((file) => exceptions.find((name) => isWithin(nameOf(file), name)));
		expect([...new Set(named)].sort()).toEqual(exceptions.sort());
		const page = sections.map(({ text }) => text).join('\n');
		for (const [name, reason] of Object.entries(harder.exceptions)) {
			expect(page.replace(/\s+/g, ' ')).toContain(`\`${name}\` ${reason}`);
		}
	});

	it('sets the variable that the simulators read', () => {
		const testAll = readFileSync(join(projectRoot, 'scripts/testAll.js'), 'utf8');
		expect(testAll).toContain(`${READINGS_VARIABLE}: 'harder'`);
	});
});
