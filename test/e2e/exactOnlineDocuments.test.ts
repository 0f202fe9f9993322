import { join } from 'node:path';
import { FIRST_DIVISION } from '../simulators/ExactOnline';
import {
	importWorkflow,
	outputOf,
	projectRoot,
	readWorkflowFile,
	runWorkflow,
	type CredentialReference,
} from '../support/n8n';
import { EXACT_CREDENTIAL, ExactHost } from './support/exactHost';
import { exactNode, itemNodes, runOnce, UNDER_TEST } from './support/exactWorkflows';

const INVOICES = 'salesinvoice/SalesInvoices';
const LINES = 'salesinvoice/SalesInvoiceLines';

let exact: ExactHost;
let credential: CredentialReference;

beforeAll(async () => {
	exact = await ExactHost.start({ identities: 1 });
	credential = await exact.connectedCredential(exact.newIdentity(), 'Exact Online');
});

afterAll(async () => {
	await exact?.dispose();
});

const byCode = (value: string) => ({ __rl: true, mode: 'code', value });

/** *Sales Invoice > Create* in the first division. */
function createInvoice(
	yourRef: string,
	parameters: Record<string, unknown>,
	settings: Record<string, unknown> = {},
) {
	const all = {
		...{ resource: 'salesInvoice', operation: 'create', journal: byCode('70') },
		division: { __rl: true, mode: 'id', value: String(FIRST_DIVISION) },
		values: { mappingMode: 'defineBelow', value: { YourRef: yourRef } },
		...parameters,
	};
	return exactNode(credential, all, settings);
}

const rows = (path: string) => exact.simulator.rows(FIRST_DIVISION, path);

it('an invoice with three lines that were entered in the form', async () => {
	const node = createInvoice('FORM-1', {
		orderedBy: byCode('1001'),
		lineRows: {
			line: [
				{ Item: byCode('ART-001'), Quantity: '2' },
				{ Item: byCode('ART-002'), Quantity: '1.234,5', NetPrice: '9,90' },
				{
					GLAccount: byCode('8100'),
					Description: 'Freight',
					further: { field: [{ name: 'Notes', value: 'By mail' }] },
				},
			],
		},
	});
	const execution = await runOnce(exact, node);
	const [made] = outputOf(execution, UNDER_TEST);
	const lines = rows(LINES).filter(({ InvoiceID }) => InvoiceID === made?.json.recordId);
	expect(lines).toHaveLength(3);
	expect(lines).toEqual(
		expect.arrayContaining([
			expect.objectContaining({ ItemCode: 'ART-001', Quantity: 2 }),
			expect.objectContaining({ ItemCode: 'ART-002', Quantity: 1234.5, NetPrice: 9.9 }),
			expect.objectContaining({ Description: 'Freight', Notes: 'By mail' }),
		]),
	);
});

it('250 rows of a spreadsheet become 40 invoices, and run twice no more', async () => {
	const before = rows(INVOICES).length;
	const sheet = Array.from({ length: 250 }, (_none, index) => ({
		invoice: `SHEET-${index % 40}`,
		customer: 1000 + (index % 40),
		item: `ART-${String((index % 24) + 1).padStart(3, '0')}`,
		quantity: index + 1,
	}));
	const node = createInvoice('={{ $json.invoice }}', {
		orderedBy: byCode('={{ $json.customer }}'),
		...{ linesFrom: 'items', documentPer: '={{ $json.invoice }}' },
		lineRows: {
			line: [{ Item: byCode('={{ $json.item }}'), Quantity: '={{ $json.quantity }}' }],
		},
		...{ ifExists: 'skip', matchBy: 'document' },
	});
	for (const created of [true, false]) {
		const execution = await runOnce(exact, ...itemNodes(sheet), node);
		const output = outputOf(execution, UNDER_TEST);
		expect(output).toHaveLength(40);
		expect(output.every(({ json }) => json.created === created)).toBe(true);
		expect(rows(INVOICES)).toHaveLength(before + 40);
	}
});

it('the example makes three invoices of its rows, and none more when it runs again or a row has changed', async () => {
	const before = rows(INVOICES).length;
	const path = join(projectRoot, 'examples/exact-online-spreadsheet-to-invoices.json');
	const file = await readWorkflowFile(path, { [EXACT_CREDENTIAL]: credential });
	const sheet = file.nodes.find(({ name }) => name === 'Spreadsheet');
	const run = async (quantity: string) => {
		const jsonOutput = String(sheet?.parameters?.jsonOutput).replace(
			'"Quantity": "2"',
			`"Quantity": "${quantity}"`,
		);
		const nodes = file.nodes.map((node) =>
			node === sheet ? { ...node, parameters: { ...node.parameters, jsonOutput } } : node,
		);
		const { id } = await importWorkflow(exact.client, { ...file, nodes });
		const execution = await runWorkflow(exact.client, id, "When clicking 'Execute workflow'");
		return outputOf(execution, 'Make Invoices').map(({ json }) => json);
	};
	const made = await run('2');
	expect(made.map(({ group, created }) => [group, created])).toEqual([
		['2026-001', true],
		['2026-002', true],
		['2026-003', true],
	]);
	for (const quantity of ['2', '7']) {
		const again = await run(quantity);
		const told = again.map(({ recordId, skipped }) => [recordId, skipped]);
		expect(told).toEqual(made.map(({ recordId }) => [recordId, true]));
	}
	expect(rows(INVOICES)).toHaveLength(before + 3);
	const lines = rows(LINES).filter(({ InvoiceID }) => InvoiceID === made[0]?.recordId);
	expect(lines.map(({ Quantity }) => Quantity).sort()).toEqual([2, 4]);
});

it('a bad row fails its own invoice alone, and its error item says which rows are concerned', async () => {
	const sheet = [
		{ invoice: 'BAD-1', item: 'ART-001' },
		{ invoice: 'BAD-2', item: 'NONE' },
		{ invoice: 'BAD-1', item: 'ART-002' },
		{ invoice: 'BAD-2', item: 'ART-003' },
	];
	const node = createInvoice(
		'={{ $json.invoice }}',
		{
			orderedBy: byCode('1001'),
			...{ linesFrom: 'items', documentPer: '={{ $json.invoice }}' },
			lineRows: { line: [{ Item: byCode('={{ $json.item }}') }] },
		},
		{ onError: 'continueErrorOutput' },
	);
	const execution = await runOnce(exact, ...itemNodes(sheet), node);
	const [good, ...others] = outputOf(execution, UNDER_TEST);
	expect(others).toEqual([]);
	expect(good?.json).toMatchObject({ group: 'BAD-1', itemIndexes: [0, 2] });
	const failed = execution.runData[UNDER_TEST]?.[0]?.data?.main[1];
	expect(failed).toHaveLength(1);
	expect(failed?.[0]?.json.error).toMatchObject({ group: 'BAD-2', itemIndexes: [1, 3] });
});
