import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '../../../simulators/shared/seededRandom';
import { sendWebhook } from '../../../support/docuWareCalls';
import { TestProcess } from '../../../support/processes/testProcess';
import { until } from '../../../support/until';
import { useNode } from '../node/support/nodeFixture';
import type { ReceivingStart } from './support/receivingWorker';

/** Processes of n8n that are killed while a hundred deliveries come in at once, and that get the same ones. */

const AT_ONCE = 100;

/** A document that nobody has told of before. */
const LAST = 1000;

const PASSPHRASE = 'present';

const SETTINGS = {
	parameters: {},
	credentials: {
		docuWareWebhookSecretApi: {
			id: 'secrets-1',
			data: { passphrase: PASSPHRASE, previousPassphrase: '', validationSecret: '' },
		},
	},
};

useNode();

let folder = '';
let processes: TestProcess[] = [];

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'receiver-executions-'));
});

afterEach(async () => {
	await Promise.all(processes.map(async (one) => await one.end()));
	processes = [];
	rmSync(folder, { recursive: true, force: true });
});

const file = () => join(folder, 'executions');

function begin(): TestProcess {
	const worker = new TestProcess(join(__dirname, 'support', 'receivingWorker.ts'));
	processes.push(worker);
	return worker;
}

async function publish(worker: TestProcess, killAfter?: number): Promise<string> {
	const start: ReceivingStart = { settings: SETTINGS, executions: file(), killAfter };
	return String(await worker.call('publish', start));
}

interface Executed {
	documentId: number;
	repeated?: true;
}

/** Items of all executions, in order. */
function executed(): Executed[] {
	if (!existsSync(file())) return [];
	const lines = readFileSync(file(), 'utf8').split('\n').slice(0, -1);
	return lines.map((line) => JSON.parse(line) as Executed);
}

/** @returns whether DocuWare was told that it is taken */
async function send(url: string, documentId: number): Promise<boolean> {
	const body = `{"DWDOCID":${documentId},"DWMODDATETIME":"2026-11-26T09:00:01"}`;
	const call = { body, signed: body, passphrase: PASSPHRASE };
	const status = await sendWebhook(url, call).then(
		(answer) => answer.status,
		() => undefined,
	);
	if (status !== undefined) expect(status).toBe(202);
	return status !== undefined;
}

/** Sends a hundred at once to a process, which ends meanwhile. @returns the documents of which it has said that they are taken */
async function sendAll(
	worker: TestProcess,
	ids: readonly number[],
	end: { answers?: number; executions?: number },
): Promise<number[]> {
	const url = await publish(worker, end.executions);
	const taken: number[] = [];
	const all = ids.map(async (id) => {
		if (!(await send(url, id))) return;
		taken.push(id);
		if (taken.length === end.answers) worker.signal('SIGKILL');
	});
	await Promise.all(all);
	expect((await worker.exited).signal).toBe('SIGKILL');
	return taken;
}

it('kills while a hundred deliveries come at once lose none of what was taken, and every repeat is marked', async () => {
	const seed = Number(process.env.KILL_SEED ?? randomInt(2 ** 31));
	process.stdout.write(`\nkilled receiver: KILL_SEED=${seed}\n`);
	const random = new SeededRandom(String(seed));
	const hundred = (from: number) => Array.from({ length: AT_ONCE }, (_none, index) => from + index);
	const [first, second, last] = [begin(), begin(), begin()];
	const taken = await sendAll(first, hundred(1), { answers: random.integer(1, AT_ONCE / 2) });
	const executions = random.integer(1, AT_ONCE / 2);
	taken.push(...(await sendAll(second, hundred(AT_ONCE + 1), { executions })));
	const before = executed().length;
	const url = await publish(last);
	const started = () => new Set(executed().map(({ documentId }) => documentId));
	// A delivery takes with it what waits, fifty at a time; of several at once one does.
	let next = 2 * AT_ONCE;
	do {
		const id = (next += 1);
		expect(await send(url, id)).toBe(true);
		await until(() => started().has(id));
	} while (!taken.every((one) => started().has(one)));
	// The last execution of the second process, at least: nobody knows that it was made.
	expect(
		executed()
			.slice(before)
			.filter(({ repeated }) => repeated),
	).not.toEqual([]);
	// What was started is dropped when it comes once more.
	for (const id of [LAST, LAST, LAST + 1]) {
		expect(await send(url, id)).toBe(true);
		await until(() => started().has(id));
	}
	expect(executed().filter(({ documentId }) => documentId === LAST)).toHaveLength(1);
	const seen = new Set<number>();
	const unmarked = executed().filter(({ documentId, repeated }) => {
		const isUnmarked = seen.has(documentId) && repeated !== true;
		seen.add(documentId);
		return isUnmarked;
	});
	expect(unmarked).toEqual([]);
}, 120_000);

it('two processes that get the same deliveries at the same moment start each of them once', async () => {
	const urls = await Promise.all([begin(), begin()].map(async (one) => await publish(one)));
	const ids = Array.from({ length: 20 }, (_none, index) => index + 1);
	const all = ids.flatMap((id) => urls.map(async (url) => await send(url, id)));
	expect(await Promise.all(all)).not.toContain(false);
	const started = () => executed().map(({ documentId }) => documentId);
	await until(() => ids.every((id) => started().includes(id)));
	for (const url of urls) expect(await send(url, LAST)).toBe(true);
	await until(() => started().includes(LAST));
	expect(started().sort((one, other) => one - other)).toEqual([...ids, LAST]);
	expect(executed().filter(({ repeated }) => repeated)).toEqual([]);
}, 60_000);
