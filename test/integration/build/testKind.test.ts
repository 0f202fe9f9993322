import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';

const project = resolve(__dirname, '../../..');
const run = promisify(execFile);

/** Which test files `npm run test:<kind> -- <selection>` would run. */
async function selected(kind: string, selection: string[]): Promise<string[]> {
	const command = [join(project, 'scripts/testKind.js'), kind, '--listTests', ...selection];
	const { stdout } = await run(process.execPath, command, { cwd: project });
	const files = stdout.split('\n').filter((line) => line.endsWith('.test.ts'));
	return files.map((file) => relative(project, file)).sort();
}

const { alone, besideOthers, onTheirOwn } = jest.requireActual<{
	alone: Record<string, string>;
	besideOthers(kind: string): string;
	onTheirOwn(kind: string): string | undefined;
}>('../../../scripts/aloneTests');

describe('the tests of one kind', () => {
	it.each([
		['unit', 'test/unit/shared/tokenChain/plan.test.ts'],
		['model', 'test/model/shared/tokenChain/chainModel.test.ts'],
		['integration', 'test/integration/build/testKind.test.ts'],
		['e2e', 'test/e2e/package.test.ts'],
		['chaos', 'test/chaos/tokenChainSqlite.test.ts'],
		['fleet', 'test/fleet/fleet.test.ts'],
	])('of kind %s: the file that is named, and no other', async (kind, file) => {
		expect(await selected(kind, [file])).toEqual([file]);
	});

	it('are those of several files that are named', async () => {
		const files = ['duplicateGuard', 'plan'].map((name) => `shared/tokenChain/${name}.test.ts`);
		expect(await selected('unit', files)).toEqual(files.map((file) => `test/unit/${file}`));
	});

	it('are all of the kind where none is named', async () => {
		const files = await selected('unit', []);
		expect(files.length).toBeGreaterThan(50);
		expect(files.filter((file) => !file.startsWith('test/unit/'))).toEqual([]);
	});

	it('run by the npm script of that name', () => {
		const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
			scripts: Record<string, string>;
		};
		for (const kind of ['unit', 'model', 'integration', 'e2e', 'chaos', 'fleet']) {
			expect(scripts[`test:${kind}`]).toMatch(new RegExp(`node scripts/testKind\\.js ${kind}$`));
		}
	});
});

describe('npm test', () => {
	it.each(['e2e', 'chaos'])(
		'runs each file of kind %s once, beside others or alone',
		async (kind) => {
			const beside = await selected(kind, [besideOthers(kind), '--maxWorkers=2']);
			const own = onTheirOwn(kind);
			const single = own === undefined ? [] : await selected(kind, [own]);
			const named = Object.keys(alone).filter((path) => path.startsWith(`${kind}/`));
			expect(single).toEqual(named.map((path) => `test/${path}.test.ts`).sort());
			expect([...beside, ...single].sort()).toEqual(await selected(kind, []));
		},
	);

	it('says for each file that runs alone why', () => {
		for (const reason of Object.values(alone)) expect(reason).toMatch(/\w+ \w+/);
	});
});
