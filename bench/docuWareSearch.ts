import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { closeVaults } from '../nodes/shared/vault/place/openVault';
import { printTable } from '../test/support/chain/printTable';
import { executeContext, type NodeSettings } from '../test/support/n8nContext';
import { TestProcess } from '../test/support/processes/testProcess';
import { printGoals } from './exactOnline/print';
import { median } from './exactOnline/rounds';
import { INVOICES } from './docuWare/invoices';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 9);
const HITS = 10_000;
const PAGE_ROWS = 1_000;

const CREDENTIAL = { userName: 'api', password: 'P&ters+Müller 100%', licenceWaitSeconds: 0 };

/** What one run of a way took, in milliseconds. */
interface Measure {
	wall: number;
	cpu: number;
}

/**
 * `npm run bench:search`: a search with 10,000 hits, the time inside the node's execute against a bare loop that sends
 * the same requests and parses their answers. Both take turns in one process; the server is another one. Machines are
 * noisy: only ratios are goals, and nothing fails on a time.
 */
async function main(): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'bench-search-'));
	process.env.N8N_USER_FOLDER = folder;
	process.env.N8N_ENCRYPTION_KEY = 'an encryption key for the bench';
	const service = new TestProcess(join(__dirname, 'docuWare', 'searchServerProcess.ts'));
	try {
		const url = String(await service.call('open', HITS));
		const ways = new Map<string, () => Promise<number>>([
			['bare keep-alive loop', await bareLoop(url)],
			['Search, raw', async () => await runNode(url, { output: 'raw' })],
			['Search, simplified', async () => await runNode(url, {})],
		]);
		const medians = await inTurns(ways);
		const rows = [...medians].map(([way, { wall, cpu }]) => ({
			way,
			...{ 'wall ms': wall.toFixed(0), 'cpu ms': cpu.toFixed(0) },
		}));
		printTable(`${HITS} hits in pages, medians of ${ROUNDS} rounds in turns`, rows);
		const ratio = (way: string, what: keyof Measure) =>
			(medians.get(way)?.[what] ?? NaN) / (medians.get('bare keep-alive loop')?.[what] ?? NaN);
		printGoals(
			['Search, raw', 'Search, simplified'].flatMap((way) =>
				(['wall', 'cpu'] as const).map((what) => ({
					goal: `${way}: ${what} inside execute : bare loop`,
					is: ratio(way, what),
					atMost: 1.3,
				})),
			),
		);
	} finally {
		await closeVaults();
		await service.end();
		await rm(folder, { recursive: true, force: true });
	}
}

/** The first round warms up and is not counted. */
async function inTurns(
	ways: ReadonlyMap<string, () => Promise<number>>,
): Promise<Map<string, Measure>> {
	const all = new Map([...ways.keys()].map((name): [string, Measure[]] => [name, []]));
	for (let round = 0; round <= ROUNDS; round += 1) {
		for (const [name, run] of ways) {
			(globalThis as { gc?: () => void }).gc?.();
			const before = process.cpuUsage();
			const began = performance.now();
			const rows = await run();
			const wall = performance.now() - began;
			const { user, system } = process.cpuUsage(before);
			if (rows !== HITS) throw new Error(`${name}: ${rows} rows came, not ${HITS}.`);
			if (round > 0) all.get(name)?.push({ wall, cpu: (user + system) / 1000 });
		}
	}
	const mediansOf = (list: readonly Measure[]) => ({
		wall: median(list.map(({ wall }) => wall)),
		cpu: median(list.map(({ cpu }) => cpu)),
	});
	return new Map([...all].map(([name, list]) => [name, mediansOf(list)]));
}

/** By its full name: beside it lies a file of the same name that ends in `.json`. */
function nodeType() {
	const file = join(__dirname, '..', 'nodes', 'DocuWare', 'DocuWare.node.ts');
	const load = createRequire(__filename);
	return (load(file) as typeof import('../nodes/DocuWare/DocuWare.node')).DocuWare;
}

async function runNode(url: string, more: Record<string, string>): Promise<number> {
	const node = new (nodeType())();
	const { context } = executeContext({
		description: node.description,
		credentials: { docuWareApi: { id: 'c1', data: { platformUrl: url, ...CREDENTIAL } } },
		parameters: {
			...{ resource: 'document', operation: 'search', returnAll: true, ...more },
			fileCabinetId: { __rl: true, mode: 'id', value: INVOICES },
		} as NodeSettings['parameters'],
	});
	const [items = []] = await node.execute.call(context);
	return items.length;
}

/** The least that a client does: one request after another, answers parsed, rows kept. */
async function bareLoop(url: string): Promise<() => Promise<number>> {
	const agent = new Agent({ keepAlive: true, maxSockets: 1 });
	const cookie = await logOn(url, agent);
	const path = `/DocuWare/Platform/FileCabinets/${INVOICES}/Query/DialogExpression?DialogId=00000000-0000-0000-0000-000000000000`;
	return async () => {
		const rows: unknown[] = [];
		for (let last = 0; ; last = (rows.at(-1) as { Id: number }).Id) {
			const range = { DBName: 'DWDOCID', Value: [String(last + 1), null] };
			const body = JSON.stringify({
				...{ Condition: last === 0 ? [] : [range], Operation: 'And' },
				SortOrder: [{ Field: 'DWDOCID', Direction: 'Asc' }],
				...{ ForceRefresh: true, Start: 0, Count: PAGE_ROWS, IncludeSuggestions: false },
			});
			const answer = await exchange(url + path, agent, body, {
				'Content-Type': 'application/json',
				Cookie: cookie,
			});
			const page = JSON.parse(answer.text) as { Items: unknown[]; Count: { HasMore: boolean } };
			for (const row of page.Items) rows.push(row);
			if (!page.Count.HasMore) return rows.length;
		}
	};
}

async function logOn(url: string, agent: Agent): Promise<string> {
	const form = new URLSearchParams({
		...{ UserName: CREDENTIAL.userName, Password: CREDENTIAL.password },
		...{ Organization: '', HostID: 'bench', RedirectToMyselfInCaseOfError: 'false' },
	});
	const { cookies } = await exchange(
		`${url}/DocuWare/Platform/Account/Logon`,
		agent,
		form.toString(),
		{ 'Content-Type': 'application/x-www-form-urlencoded' },
	);
	return cookies.map((one) => one.split(';')[0]).join('; ');
}

async function exchange(
	url: string,
	agent: Agent,
	body: string,
	headers: Record<string, string>,
): Promise<{ text: string; cookies: string[] }> {
	return await new Promise((resolve, reject) => {
		const options = { method: 'POST', agent, headers: { Accept: 'application/json', ...headers } };
		const outgoing = request(url, options, (answer) => {
			const chunks: Buffer[] = [];
			answer.on('data', (chunk: Buffer) => chunks.push(chunk));
			answer.once('error', reject);
			answer.once('end', () => {
				const text = Buffer.concat(chunks).toString('utf8');
				if ((answer.statusCode ?? 0) < 300) {
					resolve({ text, cookies: answer.headers['set-cookie'] ?? [] });
				} else reject(new Error(`${answer.statusCode} ${text.slice(0, 200)}`));
			});
		});
		outgoing.once('error', reject);
		outgoing.end(body);
	});
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
