import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPERATOR_WORDS as DOCUWARE_OPERATORS } from '../../../nodes/DocuWare/search/operators';
import { OPERATOR_WORDS as EXACT_OPERATORS } from '../../../nodes/ExactOnline/resources/records/listFields';
import { packageNodes } from '../shared/node/support/packageNodes';
import { credentials } from './support/credentials';
import { errorTexts } from './support/errorTexts';
import { withoutCode } from './support/markdown';
import { documents, filesBelow, projectRoot } from './support/projectFiles';
import { shownNames } from './support/shownNames';

/** A record of what was; its names need not be there any more. */
const OF_THE_PAST = 'CHANGELOG.md';

/** What n8n itself shows: its credential form, its nodes and their settings, its buttons. */
const OF_N8N = [
	...['Connect', 'Save', 'Test', 'OAuth Redirect URL', 'Client ID', 'Client Secret', 'Header Auth'],
	...[
		'HTTP Request',
		'Predefined Credential Type',
		'Loop Over Items',
		'No Operation',
		'Merge',
		'Upsert',
	],
	...[
		'Retry On Fail',
		'Continue On Fail',
		'Always Output Data',
		'Execute Once',
		'On Error',
		'Continue',
	],
	...['Execute step', 'Execute workflow', 'Listen for test event', 'Import from File'],
	...[
		'Settings',
		'Error Workflow',
		'Poll Times',
		'Custom (Cron)',
		'Add Field',
		'Add index field to send',
	],
];

/** What Exact Online, DocuWare and its configuration show. */
const OF_THE_SERVICES = [
	...['Manage My Apps', 'My Exact Online', 'Security center', 'Revoke', 'MatchSets'],
	...[
		'DocuWare Configuration',
		'Configuration',
		'Integrations',
		'App Registration',
		'Web Services',
	],
	...['Webhooks', 'File Cabinets', 'HTTP Request Body', 'Organization Settings', 'Security'],
];

/** Italics that are no names of anything that is shown on a screen: emphasis, words of tables and of other languages. */
const OTHERWISE: Readonly<Record<string, readonly string[]>> = {
	'CONTRIBUTING.md': ['Unreleased'],
	'docs/architecture.md': [
		...['back', 'load', 'Before', 'On a core', 'longest block', 'Callers at once', 'Calls'],
	],
	'docs/de/README.md': ['kursiv'],
	'docs/exact-online-operations.md': ['Changes'],
	'docs/nl/README.md': ['cursief', 'administratie', 'relatie'],
	'docs/readings.md': ['each reading about data alone', 'replayed'],
	'docs/triggers.md': ['created', 'changed', 'deleted', 'Connection', 'debug'],
};

/** With and without what stands in brackets: a unit, or a word of advice. */
const shortened = (name: string) => [name, name.replace(/ \([^)]*\)$/, '')];

const shown = new Set(
	[
		...OF_N8N,
		...OF_THE_SERVICES,
		...credentials().flatMap(shownNames),
		...packageNodes().flatMap(([, { description }]) => shownNames(description)),
		...Object.values(DOCUWARE_OPERATORS),
		...Object.values(EXACT_OPERATORS),
		...exampleNames(),
	].flatMap(shortened),
);

function exampleNames(): string[] {
	return filesBelow('examples', '.json').map((file) => {
		const text = readFileSync(join(projectRoot, file), 'utf8');
		return (JSON.parse(text) as { name: string }).name;
	});
}

const headlines = errorTexts().map(({ headline }) => headline);

/** `Document: Upload` is looked up by its parts. */
function isShown(name: string): boolean {
	return (
		shown.has(name) ||
		name.split(/: | > /).every((part) => shown.has(part)) ||
		headlines.some((one) => one.startsWith(name))
	);
}

function italicsOf(text: string): string[] {
	const prose = withoutCode(text).replace(/`[^`]*`/g, '');
	return [...prose.matchAll(/(?<![\w/])_([^_\n]+)_(?!\w)/g)].map(([, name = '']) => name);
}

const texts = documents()
	.filter((file) => file !== OF_THE_PAST)
	.map((file): [string, string[]] => [
		file,
		italicsOf(readFileSync(join(projectRoot, file), 'utf8')),
	]);

it('finds names in most documents', () => {
	expect(texts.filter(([, names]) => names.length > 3).length).toBeGreaterThan(20);
	expect(italicsOf('_Get Many_ of a_b_c, `_no_`, and _Output_.')).toEqual(['Get Many', 'Output']);
});

it.each(texts)('%s names what is in italics as it is shown', (file, names) => {
	const others = OTHERWISE[file] ?? [];
	expect(names.filter((name) => !isShown(name) && !others.includes(name))).toEqual([]);
	expect(others.filter((name) => !names.includes(name))).toEqual([]);
});
