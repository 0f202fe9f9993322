import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const project = join(__dirname, '../../../..');
const fixture = join(__dirname, 'generalJournalEntry.edmx.xml');
const TOKEN = 'the-access-token';

interface Ended {
	code: number;
	output: string;
}

/** `npm run catalogue -- …`, without npm. */
async function run(options: readonly string[], token = ''): Promise<Ended> {
	const hook = join(project, 'test/support/registerTypeScript.js');
	const command = ['--require', hook, join(project, 'scripts/catalogue.ts'), ...options];
	const env = { ...process.env, EXACT_ACCESS_TOKEN: token };
	return await new Promise((resolve) => {
		execFile(process.execPath, command, { env, cwd: project }, (error, stdout, stderr) => {
			resolve({ code: Number(error?.code ?? 0), output: stdout + stderr });
		});
	});
}

it('finds the catalogue up to date (else: npm run catalogue)', async () => {
	expect(await run(['--check'])).toEqual({ code: 0, output: 'The catalogue is up to date.\n' });
});

it('compares with a file', async () => {
	const { code, output } = await run(['--compare', fixture]);
	expect(output).toBe('2 endpoints of generaljournalentry compared, 0 differences.\n');
	expect(code).toBe(0);
});

it.each([[['--wrong']], [['--compare']], [['--check', 'more']]])(
	'shows how it is used: %j',
	async (options) => {
		const { code, output } = await run(options);
		expect(code).toBe(2);
		expect(output).toContain('npm run catalogue -- --compare <where>');
	},
);

describe('an address', () => {
	let server: Server;
	let address: string;
	let answer: { status: number; headers?: Record<string, string>; body: string };
	const tokens: Array<string | undefined> = [];

	beforeAll(async () => {
		server = createServer((request, response) => {
			tokens.push(request.headers.authorization);
			response.writeHead(answer.status, answer.headers).end(answer.body);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		address = `http://127.0.0.1:${port}/api/v1/1/generaljournalentry/$metadata`;
	});

	beforeEach(() => {
		tokens.length = 0;
		const xml = readFileSync(fixture, 'utf8').replace('Type="Edm.Int32"', 'Type="Edm.Int64"');
		answer = { status: 200, body: xml };
	});

	afterAll(() => {
		server.close();
	});

	it('gets the token, and its answer is compared', async () => {
		const { code, output } = await run(['--compare', address], TOKEN);
		expect(tokens).toEqual([`Bearer ${TOKEN}`]);
		expect(code).toBe(1);
		expect(output).toMatch(/is Int32, in the metadata Edm\.Int64\n.* 1 differences\.\n$/);
	});

	it('that refuses is named, without the token', async () => {
		answer = { status: 401, body: TOKEN };
		const { code, output } = await run(['--compare', address], TOKEN);
		expect({ code, output }).toMatchObject({
			code: 1,
			output: expect.stringMatching(/answered 401/) as string,
		});
		expect(output).not.toContain(TOKEN);
	});

	it('that leads elsewhere is not followed', async () => {
		answer = { status: 302, headers: { location: '/elsewhere' }, body: '' };
		const { code } = await run(['--compare', address], TOKEN);
		expect(code).toBe(1);
		expect(tokens).toHaveLength(1);
	});

	it.each([
		['without a token', undefined, ''],
		['in the clear', 'http://exact.example/api/v1/1/crm/$metadata', TOKEN],
	])('is not asked %s', async (_how, where, token) => {
		const { code, output } = await run(['--compare', where ?? address], token);
		expect(code).toBe(1);
		expect(output).toMatch(/EXACT_ACCESS_TOKEN|https/);
		expect(tokens).toEqual([]);
	});
});
