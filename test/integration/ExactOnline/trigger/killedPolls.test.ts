import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { locator } from '../../../support/n8nContext';
import { ALL_STRUCK, usePollingProcesses } from '../../../support/processes/killedPolls';
import type { TestProcess } from '../../../support/processes/testProcess';
import { useTrigger } from './support/triggerBench';

const bench = useTrigger();
const processes = usePollingProcesses(join(__dirname, 'support', 'triggerWorker.ts'));
const { poll, executed } = processes;

let written = 0;

beforeEach(() => {
	written = 0;
});

function settings() {
	const division = locator(String(FIRST_DIVISION));
	return { credentials: bench.credentials, parameters: { division, options: { mostItems: 4 } } };
}

const published = async () => await processes.publish(processes.begin(), settings());

function write(count: number): void {
	const rows = Array.from({ length: count }, () => ({ Name: `Account ${(written += 1)}` }));
	bench.simulator.addRows(FIRST_DIVISION, 'crm/Accounts', rows);
}

async function drain(worker: TestProcess): Promise<void> {
	while ((await poll(worker)).length > 0);
}

const nameOf = ({ Name }: IDataObject) => String(Name);

const expected = () => Array.from({ length: written }, (_, index) => `Account ${index + 1}`);

it('twenty kills between poll and execution, and some before and after, lose no record, and every repeat is marked', async () => {
	const { struck, last } = await processes.killRounds({
		settings: settings(),
		write: (random, howMany) => write(random.integer(1, howMany === 'some' ? 6 : 3)),
		killed: () => bench.forgetCalls(),
	});
	expect(struck).toEqual(ALL_STRUCK);
	await drain(last);
	const items = executed();
	expect(new Set(items.map(nameOf))).toEqual(new Set(expected()));
	expect(processes.unmarkedRepeats(nameOf)).toEqual([]);
	expect(items.filter(({ repeated }) => repeated === true).length).toBeGreaterThan(0);
}, 300_000);

it('a clean restart repeats nothing, also right after n8n has taken a batch', async () => {
	let worker = await published();
	await poll(worker);
	for (let round = 0; round < 2; round += 1) {
		write(3);
		await poll(worker);
		expect(await worker.end('SIGTERM')).toEqual({ code: 0, signal: null });
		worker = await published();
	}
	write(1);
	await drain(worker);
	expect(executed().map(nameOf)).toEqual(expected());
	expect(executed().filter(({ repeated }) => repeated === true)).toEqual([]);
}, 60_000);

it('of two processes that poll at once one alone gives each record', async () => {
	const both = await Promise.all([published(), published()]);
	await poll(both[0]);
	for (let round = 0; round < 3; round += 1) {
		write(4);
		await Promise.all(both.map(async (worker) => await poll(worker)));
	}
	for (const worker of both) await drain(worker);
	expect(new Set(executed().map(nameOf))).toEqual(new Set(expected()));
	expect(processes.unmarkedRepeats(nameOf)).toEqual([]);
}, 60_000);
