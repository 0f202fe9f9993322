import type { IDataObject } from 'n8n-workflow';
import { join } from 'node:path';
import { TestProcess } from '../../../support/processes/testProcess';
import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';

const processes: TestProcess[] = [];

afterEach(async () => {
	await Promise.all(processes.splice(0).map(async (one) => await one.end()));
});

function worker(): TestProcess {
	const started = new TestProcess(join(__dirname, 'support', 'nodeWorker.ts'));
	processes.push(started);
	return started;
}

/** An upload by an invoice number that only one document is to have. */
const upload = (ifExists: string, text: string, status = 'new') => {
	const fields = { COMPANY: 'Peters (Ltd)', INVOICENO: 4711, STATUS: status };
	const data = Buffer.from(text).toString('base64');
	return {
		parameters: operation('document', 'upload', {
			fileCabinetId: { __rl: true, mode: 'id', value: INVOICES },
			...{ dataMode: 'json', json: JSON.stringify(fields) },
			...{ ifExists, matchFields: ['COMPANY', 'INVOICENO'] },
		} as IDataObject),
		items: [{ binary: { data: { data, mimeType: 'text/plain', fileName: 'a.txt' } } }],
	};
};

const stored = ({ simulator }: NodeFixture) =>
	simulator.state.documents
		.inCabinet(INVOICES)
		.map(({ values, sections }) => [
			values['STATUS'],
			sections.map(({ content }) => content.bytes().toString()),
		]);

const STORING = { method: 'POST', path: /\/Documents$/i };

it('two processes that store the same at once make one document', async () => {
	const fixture = await start();
	const credentials = fixture.credential();
	const runs = [1, 2].map(async () => {
		const settings = { ...upload('skip', 'text'), credentials };
		return (await worker().call('run', settings)) as IDataObject[];
	});
	const rows = (await Promise.all(runs)).flat();
	expect(rows.map(({ created }) => created).sort()).toEqual([false, true]);
	expect(stored(fixture)).toEqual([['new', ['text']]]);
}, 60_000);

it.each([
	['skip', { skipped: true }, ['new', ['first']]],
	['replaceFile', { fileReplaced: true }, ['new', ['second']]],
	['updateFields', { fieldsUpdated: true }, ['again', ['first']]],
])(
	'a process that is killed before it knows of its document: the next one finds it, with %s',
	async (ifExists, outcome, document) => {
		const fixture = await start();
		const hold = fixture.simulator.holds.hold('platform.processed', { where: STORING });
		const killed = worker();
		const lost = killed
			.call('run', { ...upload(ifExists, 'first'), credentials: fixture.credential() })
			.catch(() => 'killed');
		await hold.waiting();
		await killed.end();
		expect(await lost).toBe('killed');
		hold.release();
		const { parameters, items } = upload(ifExists, 'second', 'again');
		const again = await fixture.run(parameters, { items });
		expect(again.items[0]?.json).toMatchObject(outcome);
		expect(stored(fixture)).toEqual([document]);
	},
	60_000,
);
