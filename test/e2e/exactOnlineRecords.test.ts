import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { FIRST_DIVISION, unpaidInvoices } from '../simulators/ExactOnline';
import {
	importWorkflow,
	outputOf,
	projectRoot,
	readWorkflowFile,
	runWorkflow,
	type CredentialReference,
	type WorkflowNode,
} from '../support/n8n';
import { awayFromMidnight } from '../support/awayFromMidnight';
import { EXACT_CREDENTIAL, ExactHost } from './support/exactHost';
import {
	exactNode,
	itemNodes,
	manualWorkflow,
	runOnce,
	UNDER_TEST,
} from './support/exactWorkflows';
import { FileServer } from './support/fileServer';

const ACCOUNTS = 'crm/Accounts';

/** Of each of two processes; more than fit into one minute of the test. */
const CALLS = 20;

let exact: ExactHost;
let credential: CredentialReference;

beforeAll(async () => {
	// The ages of the report are counted in days of n8n's time zone, its dates here in those of UTC.
	exact = await ExactHost.start({ identities: 1, env: { GENERIC_TIMEZONE: 'UTC' } });
	credential = await exact.connectedCredential(exact.newIdentity(), 'Exact Online');
});

afterAll(async () => {
	await exact?.dispose();
});

beforeEach(() => exact.simulator.reset());

const byId = (value: unknown) => ({ __rl: true, mode: 'id', value: String(value) });
const fields = (value: Record<string, unknown>) => ({
	values: { mappingMode: 'defineBelow', value },
});

/** An operation of a resource in the first division. */
function node(
	resource: string,
	operation: string,
	parameters: Record<string, unknown>,
	settings: Record<string, unknown> = {},
): WorkflowNode {
	const all = { resource, operation, division: byId(FIRST_DIVISION), ...parameters };
	return exactNode(credential, all, settings);
}

const calls = () => exact.simulator.counters.apiCallsByMethod[ACCOUNTS] ?? {};

it('an upsert of 100 accounts changes those that are there and makes the others, and twice no more', async () => {
	const { simulator } = exact;
	const before = simulator.rows(FIRST_DIVISION, ACCOUNTS).length;
	expect(before).toBe(130);
	// Half of them are there: the codes of the first division go to 1129.
	const accounts = Array.from({ length: 100 }, (_none, index) => ({
		code: 1080 + index,
		name: `Account no. ${index}`,
	}));
	const upsert = node('account', 'upsert', {
		matchBy: 'Code',
		...fields({ Code: '={{ $json.code }}', Name: '={{ $json.name }}' }),
	});
	for (const { made, ...asked } of [
		{ made: 50, POST: 50, PUT: 50 },
		{ made: 0, PUT: 100 },
	]) {
		simulator.reset();
		const output = outputOf(await runOnce(exact, ...itemNodes(accounts), upsert), UNDER_TEST);
		expect(output.filter(({ json }) => json.created === true)).toHaveLength(made);
		expect(output.filter(({ json }) => json.updated === true)).toHaveLength(100 - made);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(
			accounts.map((_account, item) => ({ item })),
		);
		const { GET = 0, ...changes } = calls();
		expect(changes).toEqual(asked);
		// Some dozens in one request; what is missing is made without another look.
		expect(GET).toBeLessThanOrEqual(5);
	}
	const rows = simulator.rows(FIRST_DIVISION, ACCOUNTS);
	expect(rows).toHaveLength(before + 50);
	const names = rows.filter(({ Name }) => String(Name).startsWith('Account no. '));
	expect(new Set(names.map(({ Name }) => Name)).size).toBe(100);
});

it('bad items become error items where they stand, and the others go on', async () => {
	const items = [
		{ name: 'Good 1', email: 'one@example.com' },
		{ name: '', email: 'two@example.com' },
		{ name: 'Good 2', code: '90001' },
		{ name: 'Bad', parent: 'NONE' },
		{ name: 'Twice', code: '90001' },
		{ name: 'Good 3' },
	];
	const json =
		'={{ ({ Name: $json.name, Email: $json.email, Code: $json.code, Parent: $json.parent }) }}';
	const create = node(
		'account',
		'create',
		{ dataMode: 'json', json, options: { emptyValues: 'leaveOut' } },
		{ onError: 'continueRegularOutput' },
	);
	const output = outputOf(await runOnce(exact, ...itemNodes(items), create), UNDER_TEST);
	expect(output.map(({ pairedItem }) => pairedItem)).toEqual(items.map((_one, item) => ({ item })));
	expect(output.map(({ json: { created, error } }) => created ?? error)).toEqual([
		true,
		expect.objectContaining({ code: 'EXACT_EMPTY_VALUE' }),
		true,
		expect.objectContaining({ code: 'EXACT_NOT_FOUND' }),
		expect.objectContaining({ code: 'EXACT_VALIDATION' }),
		true,
	]);
});

it('a file of 9 MB goes up and comes down as it was, through the files of n8n', async () => {
	const content = randomBytes(9_000_000);
	const files = await FileServer.start(content, 'application/pdf');
	try {
		const request = { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2 };
		const get: WorkflowNode = {
			...{ name: 'Fetch', ...request },
			parameters: { url: files.url('Brief.pdf'), options: {} },
		};
		const upload = node('document', 'upload', fields({ Subject: 'Letter', Type: 55 }));
		const attachment = byId('={{ $json.attachmentId }}');
		const download = {
			...node('documentAttachment', 'download', { record: attachment }),
			name: 'Download',
		};
		const send: WorkflowNode = {
			...{ name: 'Send', ...request },
			parameters: {
				...{ url: files.url('back'), method: 'POST', sendBody: true },
				...{ contentType: 'binaryData', inputDataFieldName: 'data', options: {} },
			},
		};
		const execution = await runOnce(exact, get, upload, download, send);
		expect(execution.status).toBe('success');
		const [file] = outputOf(execution, 'Download');
		expect(file?.json).toMatchObject({ FileName: 'Brief.pdf', FileSize: content.length });
		// In n8n's store, not in the data of the execution.
		expect(file?.binary?.data).toMatchObject({ data: 'filesystem-v2', fileName: 'Brief.pdf' });
		expect(files.received.map((back) => back.equals(content))).toEqual([true]);
	} finally {
		await files.close();
	}
});

it('ten divisions are read at once, and one that refuses becomes an error item', async () => {
	const { simulator } = exact;
	const unknown = 9_999_999;
	const codes = [...simulator.world.divisions.slice(0, 9), unknown];
	const hold = simulator.hold('apiReceived', { where: { path: ACCOUNTS }, times: codes.length });
	const list = node('account', 'getAll', {
		...{ returnAll: false, limit: 2, output: 'selected', fieldsToReturn: ['Code'] },
		options: { severalDivisions: 'chosen', divisions: codes },
	});
	const running = runOnce(exact, list);
	// No one is answered before all of them have been asked.
	await Promise.all(codes.map(async () => await hold.waiting()));
	hold.release();
	const output = outputOf(await running, UNDER_TEST);
	const rows = output.map(({ json }) => json);
	const good = codes.slice(0, -1).flatMap((division) => [division, division]);
	expect(rows.slice(0, -1).map(({ division }) => division)).toEqual(good);
	expect(rows.at(-1)).toMatchObject({ error: { division: unknown } });
});

it('the example of a report adds up what customers owe, by age, and writes it to a spreadsheet', async () => {
	await awayFromMidnight(60_000);
	const { simulator, client } = exact;
	const accounts = simulator.rows(FIRST_DIVISION, ACCOUNTS);
	const owed = unpaidInvoices(accounts, Date.now());
	simulator.addRows(FIRST_DIVISION, 'cashflow/Receivables', owed);
	const path = join(projectRoot, 'examples/exact-online-open-receivables-report.json');
	const file = await readWorkflowFile(path, { [EXACT_CREDENTIAL]: credential });
	const { id, nodes } = await importWorkflow(client, file);
	const trigger = nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger');
	const execution = await runWorkflow(client, id, trigger?.name);
	expect(outputOf(execution, 'Open Receivables')).toHaveLength(owed.length);
	const ages = ['Not Due', '1 to 30 Days', '31 to 60 Days', '61 to 90 Days', 'Over 90 Days'];
	const report = outputOf(execution, 'Largest First').map(({ json }) => [
		accounts.findIndex(({ Name }) => Name === json.Customer),
		...['Currency', 'Total', ...ages].map((column) => json[column]),
	]);
	expect(report).toEqual([
		[2, 'EUR', 4124.7, 0, 0, 2112.35, 2012.35, 0],
		[4, 'EUR', 4012.35, 4012.35, 0, 0, 0, 0],
		[3, 'EUR', 2912.35, -3212.35, 0, 0, 3112.35, 3012.35],
		[1, 'EUR', 1012.35, 0, 0, 1012.35, 0, 0],
		[0, 'EUR', 124.7, 12.35, 112.35, 0, 0, 0],
	]);
	const [sheet] = outputOf(execution, 'Spreadsheet');
	expect(sheet?.binary?.data).toMatchObject({ fileExtension: 'xlsx' });
});

it('two processes that work for one app stay within its minute', async () => {
	const { simulator, host } = exact;
	// Of which nobody knows another limit yet.
	const division = simulator.world.divisions[40];
	simulator.configure({ minutelyLimit: 10, minuteSeconds: 2 });
	const items = itemNodes(
		Array.from({ length: CALLS }, (_none, index) => ({ code: 1000 + (index % 5) })),
	);
	const get = node('account', 'get', {
		division: byId(division),
		record: { __rl: true, mode: 'byCode', value: '={{ $json.code }}' },
		...{ output: 'selected', fieldsToReturn: ['Code'] },
	});
	const { id } = await manualWorkflow(exact, [...items, get]);
	const asked = () => simulator.counters.apiCallsByEndpoint[ACCOUNTS] ?? 0;
	const first = simulator.log.next('received', { path: ACCOUNTS });
	const other = host.execute(id);
	await first;
	expect(asked()).toBeLessThan(CALLS);
	const here = await runOnce(exact, ...items, get);
	await other;
	expect(outputOf(here, UNDER_TEST)).toHaveLength(CALLS);
	expect(simulator.counters).toMatchObject({ rateLimited: 0, apiErrors: {} });
	expect(asked()).toBe(2 * CALLS);
});
