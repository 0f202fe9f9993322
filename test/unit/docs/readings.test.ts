import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { defaultSwitches } from '../../simulators/DocuWare';
import { READINGS as DOCUWARE_READINGS } from '../../simulators/DocuWare/readings';
import { READINGS as EXACT_READINGS } from '../../simulators/ExactOnline/readings';
import { DEFAULT_SWITCHES } from '../../simulators/ExactOnline/switches';
import { READINGS_VARIABLE, type Reading } from '../../simulators/shared/readings';
import { localLinksOf, sectionsOf } from './support/markdown';
import { projectRoot } from './support/projectFiles';

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

it('npm test runs session and token chain tests with the harder readings together', () => {
	const testAll = readFileSync(join(projectRoot, 'scripts/testAll.js'), 'utf8');
	expect(testAll).toContain(`${READINGS_VARIABLE}: 'harder'`);
});
