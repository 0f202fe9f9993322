import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeless, wrongArrows } from './support/floors';
import { arrowsBelow, circlesOf, modulesNamedIn, type Arrow } from './support/imports';
import { filesBelow, projectRoot } from './support/projectFiles';

const arrows = arrowsBelow(['nodes']);

function arrow(from: string, to: string): Arrow {
	return { from: `nodes/${from}.ts`, to: `nodes/${to}.ts` };
}

describe('the floors', () => {
	it.each([
		['from shared up', 'shared/http/send', 'ExactOnline/wire/odata'],
		['from the vault to tokens', 'shared/vault/vault', 'shared/tokenChain/plan'],
		['from the rows to the place', 'shared/vault/rows/items', 'shared/vault/place/location'],
		['from the database to the rows', 'shared/vault/database/tables', 'shared/vault/rows/meta'],
		['from the wire to auth', 'ExactOnline/wire/odata', 'ExactOnline/auth/identity'],
		['from auth to the client', 'DocuWare/auth/nodeSession', 'DocuWare/api/platformClient'],
		['from auth to its door', 'DocuWare/auth/wire/wayIn', 'DocuWare/auth/nodeSession'],
		['between layers of auth', 'DocuWare/auth/record/a', 'DocuWare/auth/lifecycle/b/c'],
		['to the other service', 'DocuWare/api/a', 'ExactOnline/wire/odata'],
		['from a room unknown', 'DocuWare/attic/a', 'shared/errors'],
		['from the words of all to a room', 'shared/errors', 'shared/process/processState'],
		['to a room of shared unknown', 'shared/node/operation', 'shared/attic/a'],
		['to a room unknown', 'DocuWare/DocuWare.node', 'DocuWare/attic/a'],
	])('do not allow an arrow %s', (_name, from, to) => {
		const planted = arrow(from, to);
		expect(wrongArrows([planted])).toEqual([`${planted.from} -> ${planted.to}`]);
	});

	it.each([
		['shared/vault/place/openVault', 'shared/vault/vault'],
		['ExactOnline/api/a', 'ExactOnline/api/limits/b'],
		['DocuWare/auth/a', 'DocuWare/auth/session/b'],
		['DocuWare/DocuWare.node', 'DocuWare/resources/index'],
	])('allow %s to use %s', (from, to) => {
		expect(wrongArrows([arrow(from, to)])).toEqual([]);
	});

	it('every file stands on one', () => {
		expect(homeless(filesBelow('nodes', '.ts'))).toEqual([]);
	});

	it('no arrow of the sources goes up or to the other service', () => {
		expect(arrows.length).toBeGreaterThan(500);
		expect(wrongArrows(arrows)).toEqual([]);
	});

	it('credentials use auth and shared alone', () => {
		const above = arrowsBelow(['credentials'])
			.map(({ to }) => to)
			.filter((to) => !/^(?:nodes\/\w+\/auth|nodes\/shared|credentials)\//.test(to));
		expect(above).toEqual([]);
	});
});

describe('SQL', () => {
	/** Names of what makes a statement, as a source imports them. */
	const makesStatements = (source: string) =>
		/import[^;]*\{[^}]*\b(?:query|queryOne|TABLES)\b[^}]*\}\s*from '[^']*vault\//.test(source);

	it('is recognized by what it is made with', () => {
		expect(
			makesStatements("import { query } from '../../shared/vault/database/transaction';"),
		).toBe(true);
		expect(
			makesStatements(
				"import type { A } from './a';\nimport {\n\tputItem,\n\tTABLES,\n} from '../vault/rows/schema';",
			),
		).toBe(true);
		expect(makesStatements("import { storeNow } from '../vault/database/transaction';")).toBe(
			false,
		);
	});

	it('stands in the vault alone', () => {
		const others = filesBelow('nodes', '.ts').filter((file) => !/\/shared\/vault\//.test(file));
		const withSql = others.filter((file) =>
			makesStatements(readFileSync(join(projectRoot, file), 'utf8')),
		);
		expect(withSql).toEqual([]);
	});
});

describe('circles', () => {
	it('are found, however long', () => {
		const round = [arrow('a', 'b'), arrow('b', 'c'), arrow('c', 'a'), arrow('c', 'd')];
		expect(circlesOf(round)).toEqual([['nodes/a.ts', 'nodes/b.ts', 'nodes/c.ts']]);
		expect(circlesOf(round.slice(1))).toEqual([]);
		expect(circlesOf([arrow('a', 'a')])).toEqual([['nodes/a.ts']]);
	});

	it('there is none among the sources, types included', () => {
		expect(circlesOf(arrows)).toEqual([]);
	});
});

it('an import of a type counts as an arrow, and one inside a function too', () => {
	const source = `
		import { a } from './value';
		import type { B } from './type';
		export * from './passedOn';
		export function load(): unknown {
			return require('./later') as typeof import('./typeOfLater');
		}`;
	expect(modulesNamedIn(source).sort()).toEqual([
		'./later',
		'./passedOn',
		'./type',
		'./typeOfLater',
		'./value',
	]);
});
