import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { SwitchChanges } from '../../../simulators/DocuWare';
import {
	ACTION_READINGS,
	type ActionReadingName,
} from '../../../simulators/DocuWare/actionSwitches';
import { FileContent } from '../../../simulators/DocuWare/http/fileContent';
import { addSection, type StoredDocument } from '../../../simulators/DocuWare/world/documents';
import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const PERSONNEL = '4d3b1f86-7f52-4f7c-8a9f-2b6a5d0e3c20';

/** Starts the simulator with another reading and shows what the operations make of its answers. */
type Scenario = (reading: SwitchChanges, value: unknown) => Promise<void>;

interface Stocked {
	fixture: NodeFixture;
	/** The first document of each cabinet. */
	invoice: StoredDocument;
	employee: StoredDocument;
	/** Runs an operation for a document. */
	of(
		name: string,
		document: StoredDocument,
		more?: IDataObject,
		settings?: Parameters<NodeFixture['run']>[1],
	): Promise<INodeExecutionData[]>;
}

/** The node, with documents of one file in both cabinets. */
async function stocked(reading: SwitchChanges): Promise<Stocked> {
	const fixture = await start({ ...reading, concurrentLicences: 9 });
	const add = (fileCabinetId: string, name: string) => {
		const { documents } = fixture.simulator.state;
		const added = documents.add({ fileCabinetId, values: {}, storedBy: 'api', storedAt: 0 });
		const content = FileContent.of(Buffer.from('one\ttwo'));
		addSection(added, { name, contentType: 'text/plain', content }, 0);
		return added;
	};
	const invoice = add(INVOICES, 'a.txt');
	add(INVOICES, 'b.txt');
	return {
		fixture,
		invoice,
		employee: add(PERSONNEL, 'c.txt'),
		of: async (name, { fileCabinetId, id }, more = {}, settings = {}) => {
			const place = {
				fileCabinetId: { __rl: true, mode: 'id', value: fileCabinetId },
				documentId: String(id),
			};
			const run = fixture.run(operation('document', name, { ...place, ...more }), settings);
			return (await run).items;
		},
	};
}

const codeOf = (code: string) => ({ message: expect.stringContaining(`[${code}]`) });

const note = { annotations: { text: [{ text: 'A note' }] } };

const scenarios: Record<ActionReadingName, Scenario> = {
	heldDocumentStatus: async (reading) => {
		const { fixture, invoice, of } = await stocked(reading);
		const other = { userName: 'trusted.service', password: 'trust me' };
		await of('lock', invoice, {}, { credentials: fixture.credential(other) });
		await expect(of('delete', invoice)).rejects.toMatchObject(codeOf('DOCUWARE_LOCKED'));
		expect(fixture.simulator.counters.documentsDeleted).toBe(0);
	},
	lockAnswer: async (reading) => {
		const { invoice, of } = await stocked(reading);
		const [locked] = await of('lock', invoice);
		expect(locked?.json).toMatchObject({ locked: true });
		expect(invoice.lock).toBeDefined();
		await of('unlock', invoice);
		expect(invoice.lock).toBeUndefined();
	},
	batchAnswer: async (reading, value) => {
		const { fixture, invoice, of } = await stocked(reading);
		const { last } = fixture.simulator.addDocuments(INVOICES, [{ STATUS: 'paid' }]);
		const change = { dataMode: 'json', json: '{"STATUS": "paid"}' };
		const documentIds = `${invoice.id}, ${last}`;
		const updated = (await of('batchUpdate', invoice, { ...change, documentIds })).map(
			({ json }) => [json.documentId, json.updated],
		);
		// Of one that has the values already nobody knows whether it was counted.
		const isTold = value === 'count' ? true : null;
		expect(updated).toEqual([invoice.id, last].map((id) => [id, isTold]));
		expect(invoice.values.STATUS).toBe('paid');
	},
	mergedDocument: async (reading) => {
		const { invoice, of } = await stocked(reading);
		const [clipped] = await of('clip', invoice, { documentIds: '1, 2' });
		const documentId = String(clipped?.json.documentId);
		const [merged] = await of('get', invoice, { documentId, output: 'selected' });
		expect(merged?.json).toMatchObject({ sectionCount: 2 });
	},
	checkOutAnswer: async (reading) => {
		const { fixture, employee, of } = await stocked(reading);
		const { documents } = fixture.simulator.state;
		const mail = documents.add({ ...employee, values: {} });
		const content = FileContent.of(Buffer.from('<html>mail</html>'));
		addSection(mail, { name: 'mail.html', contentType: 'text/html', content }, 0);
		const [page] = await of('checkOut', mail);
		expect(Buffer.from(page?.binary?.data?.data ?? '', 'base64').toString()).toContain('mail');
		expect(mail.checkedOutBy).toBe('api');
		const [out] = await of('checkOut', employee);
		expect(out?.json).toMatchObject({ checkedOut: true, fileName: expect.stringMatching(/^1\+/) });
		expect(Buffer.from(out?.binary?.data?.data ?? '', 'base64').toString()).toBe('one\ttwo');
		expect(employee.checkedOutBy).toBe('api');
		const items = [{ json: {}, binary: out?.binary ?? {} }];
		await of('checkIn', employee, { newVersion: 'major' }, { items });
		expect(employee.checkedOutBy).toBeUndefined();
	},
	annotationPages: async (reading) => {
		const { invoice, of } = await stocked(reading);
		// What the server has no such page for, it says, and nothing is placed.
		const placing = of('addAnnotation', invoice, note);
		await expect(placing).rejects.toMatchObject(codeOf('DOCUWARE_VALIDATION'));
		expect(invoice.annotations).toEqual([]);
		await of('addAnnotation', invoice, { ...note, options: { countFrom: 1 } });
		expect(invoice.annotations).toMatchObject([{ text: 'A note' }]);
	},
	annotationAnswer: async (reading) => {
		const { invoice, of } = await stocked(reading);
		const [placed] = await of('addAnnotation', invoice, note);
		expect(placed?.json).toMatchObject({ documentId: invoice.id });
		expect(invoice.annotations).toHaveLength(1);
	},
	rightsAnswer: async (reading) => {
		const { invoice, of } = await stocked(reading);
		const [rights] = await of('getRights', invoice);
		expect(JSON.stringify(rights?.json)).toContain('General_Search');
	},
	rightsRequest: async (reading) => {
		const { fixture, invoice, of } = await stocked(reading);
		const [rights] = await of('getRights', invoice);
		const counted = fixture.simulator.counters.requests;
		const own = 'FileCabinets/{fileCabinetId}/Documents/{documentId}/Rights';
		expect([counted[`POST ${own}`], counted[`GET ${own}`]]).toEqual([1, 1]);
		expect(rights?.json.rights).toContain('General_Edit');
		expect(rights?.json.missing).toEqual(expect.arrayContaining(['Annotation_Hide']));
	},
	noWorkflowHistory: async (reading) => {
		const { invoice, of } = await stocked(reading);
		expect(await of('getHistory', invoice, { history: 'workflows' })).toEqual([]);
	},
	historySteps: async (reading) => {
		const { fixture, invoice, of } = await stocked(reading);
		const ids = { workflowId: '0c135ffb-1616-4607-9d9f-f3ea7789de12', instanceId: 'be39345c' };
		fixture.simulator.state.workflows.add({
			...{ id: ids.instanceId, workflowId: ids.workflowId, name: 'Approval', version: 1 },
			...{ startedAt: 0, fileCabinetId: INVOICES, documentId: invoice.id },
			steps: [{ at: 0, activity: 'Approve', type: 'Task', userName: 'api', decision: 'Yes' }],
		});
		const read = await fixture.run(operation('workflow', 'getHistory', ids));
		const [ofDocument] = await of('getHistory', invoice, { history: 'workflows' });
		for (const json of [read.items[0]?.json, ofDocument?.json]) {
			expect(json).toMatchObject({ steps: [{ activity: 'Approve' }] });
		}
	},
};

const others = Object.entries(scenarios).flatMap(([name, scenario]) => {
	const values: readonly unknown[] = ACTION_READINGS[name as ActionReadingName].others;
	return values.map((value) => [name, value, scenario] as const);
});

describe('another reading of DocuWare about actions', () => {
	it.each(others)('%s: %j', async (name, value, scenario) => {
		await scenario({ [name]: value }, value);
	});
});
