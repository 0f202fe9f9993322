import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, projectRoot } from '../../docs/support/projectFiles';
import { packageNodes } from './support/packageNodes';

interface Codex {
	node: string;
	alias: string[];
	resources: Record<'primaryDocumentation' | 'credentialDocumentation', Array<{ url: string }>>;
}

const codexes = filesBelow('nodes', '.node.json').map(
	(file) => JSON.parse(readFileSync(join(projectRoot, file), 'utf8')) as Codex,
);

/** What people look for, in the languages of those who use the service. */
const WORDS: ReadonlyArray<readonly [service: string, words: string[]]> = [
	[
		'exactOnline',
		[
			...['Invoice', 'Factuur', 'Inkoopfactuur', 'Debiteur', 'Crediteur', 'Grootboek'],
			...['Administratie', 'Rechnung', 'Buchhaltung', 'Mandant', 'Facture', 'Comptabilité'],
		],
	],
	[
		'docuWare',
		['DMS', 'Archive', 'Archief', 'Factuur', 'Archiv', 'Beleg', 'Rechnung', 'Facture', 'GED'],
	],
];

it('is there for each node', () => {
	expect(codexes).toHaveLength(packageNodes().length);
});

it.each(codexes.map((codex) => [codex.node.split('.')[1] ?? '', codex] as const))(
	'%s is found by what people look for',
	(node, { alias }) => {
		const [, words = []] = WORDS.find(([service]) => node.startsWith(service)) ?? [];
		expect(words.length).toBeGreaterThan(0);
		expect(words.filter((word) => !alias.includes(word))).toEqual([]);
		expect(alias).toEqual([...new Set(alias)]);
	},
);

it.each(codexes.map((codex) => [codex.node.split('.')[1] ?? '', codex] as const))(
	'%s leads to its own documents',
	(node, { resources }) => {
		const [{ url: primary } = { url: '' }] = resources.primaryDocumentation;
		expect(primary).toMatch(/Trigger$/.test(node) ? /\/docs\/triggers\.md$/ : /#readme$/);
		for (const { url } of Object.values(resources).flat()) {
			const file = /\/blob\/main\/(.*)$/.exec(url)?.[1] ?? 'README.md';
			expect(existsSync(join(projectRoot, file))).toBe(true);
		}
	},
);
