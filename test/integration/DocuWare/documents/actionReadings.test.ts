import {
	PlatformClient,
	type PlatformResource,
} from '../../../../nodes/DocuWare/api/platformClient';
import { isConnectorError } from '../../../../nodes/shared/errors';
import type { DocuWareSimulator, SwitchChanges } from '../../../simulators/DocuWare';
import {
	ACTION_READINGS,
	type ActionReadingName,
} from '../../../simulators/DocuWare/actionSwitches';
import { passwordRun } from '../support/credentials';
import { sessionFor } from '../support/fakeNode';
import { useDocuWare } from '../support/useDocuWare';

const bench = useDocuWare();
const invoices = 'FileCabinets/a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const personnel = 'FileCabinets/4d3b1f86-7f52-4f7c-8a9f-2b6a5d0e3c20';

/** Starts the simulator with another reading and shows what the package makes of its answers. */
type Scenario = (reading: SwitchChanges, value: unknown) => Promise<void>;

/** The package's client for a user, with documents in both cabinets. */
async function stocked(
	reading: SwitchChanges,
): Promise<{ simulator: DocuWareSimulator; client: PlatformClient }> {
	const simulator = await bench.simulator({ ...reading, concurrentLicences: 9 });
	const client = await clientFor(simulator);
	await upload(client, invoices, 'a.txt');
	await upload(client, invoices, 'b.txt');
	await upload(client, personnel, 'c.txt');
	return { simulator, client };
}

async function clientFor(
	simulator: DocuWareSimulator,
	changes: Record<string, unknown> = {},
): Promise<PlatformClient> {
	return new PlatformClient(await sessionFor(passwordRun(simulator, changes)));
}

async function upload(client: PlatformClient, cabinet: string, name: string): Promise<void> {
	const fields = [{ FieldName: 'EMPLOYEE', Item: 'Jenkins', ItemElementName: 'String' }];
	await post(client, `${cabinet}/Documents`, { Fields: cabinet === personnel ? fields : [] });
	const id = cabinet === personnel || name === 'a.txt' ? 1 : 2;
	await client.send({
		method: 'POST',
		path: `${cabinet}/Sections?DocId=${id}`,
		headers: {
			'Content-Type': 'text/plain',
			'Content-Disposition': `file; filename="${name}"`,
		},
		body: 'one\ftwo',
	});
}

async function post(client: PlatformClient, path: string, body: object): Promise<PlatformResource> {
	return await client.query({ path }, { ...body });
}

const outcomeOf = async (work: Promise<unknown>): Promise<string> =>
	await work.then(
		() => 'done',
		(error: unknown) => (isConnectorError(error) ? error.code : String(error)),
	);

const scenarios: Record<ActionReadingName, Scenario> = {
	heldDocumentStatus: async (reading) => {
		const { simulator, client } = await stocked(reading);
		const other = await clientFor(simulator, {
			userName: 'trusted.service',
			password: 'trust me',
		});
		await other.send({
			method: 'POST',
			path: `${invoices}/Documents/1/Lock`,
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ Interval: '00:10:00' }),
		});
		const deletion = client.send({ method: 'DELETE', path: `${invoices}/Documents/1` });
		expect(await outcomeOf(deletion)).toBe('DOCUWARE_LOCKED');
		expect(simulator.counters.documentsDeleted).toBe(0);
	},
	mergedDocument: async (reading) => {
		const { client } = await stocked(reading);
		const order = { Documents: [1, 2], Operation: 'Clip', Force: false };
		const { Id: id } = await post(client, `${invoices}/Operations/ContentMerge`, order);
		const merged = await client.read({ path: `${invoices}/Documents/${String(id)}` });
		expect(merged).toMatchObject({ SectionCount: 2 });
	},
	checkOutAnswer: async (reading) => {
		const { simulator, client } = await stocked(reading);
		const answer = await post(client, `${personnel}/Documents/1/CheckoutToFileSystem`, {});
		expect(answer).toMatchObject({ Links: [{ rel: 'content' }] });
		expect(simulator.state.documents.all().at(-1)?.checkedOutBy).toBe('api');
	},
	annotationPages: async (reading) => {
		const { simulator, client } = await stocked(reading);
		const page = { PageNumber: 0, SectionNumber: 0, AnnotationsPlacement: { Items: [note] } };
		const placing = post(client, `${invoices}/Documents/1/Annotation`, { Annotations: [page] });
		// What the server has no such page for, it says, and nothing is placed.
		expect(await outcomeOf(placing)).toBe('DOCUWARE_VALIDATION');
		expect(simulator.state.documents.all()[0]?.annotations).toEqual([]);
	},
	annotationAnswer: async (reading) => {
		const { simulator, client } = await stocked(reading);
		const page = { PageNumber: 0, SectionNumber: 0, AnnotationsPlacement: { Items: [note] } };
		await post(client, `${invoices}/Documents/1/Annotation`, { Annotations: [page] });
		expect(simulator.state.documents.all()[0]?.annotations).toHaveLength(1);
	},
	rightsAnswer: async (reading) => {
		const { client } = await stocked(reading);
		const asked = { Right: ['General_Search'] };
		const { Right: rights } = await post(client, `${invoices}/Documents/1/Rights`, asked);
		expect(rights).toEqual(expect.arrayContaining(['General_Search', 'General_Store']));
	},
	noWorkflowHistory: async (reading) => {
		const { client } = await stocked(reading);
		const reading404 = client.read({ path: `${invoices}/Documents/1/WorkflowHistory` });
		expect(await outcomeOf(reading404)).toBe('DOCUWARE_NOT_FOUND');
	},
	historySteps: async (reading) => {
		const { simulator, client } = await stocked(reading);
		const [workflowId, id] = ['0c135ffb-1616-4607-9d9f-f3ea7789de12', 'be39345c-af7e-521e'];
		simulator.state.workflows.add({
			...{ id, workflowId, name: 'Approval', version: 1, startedAt: 0, documentId: 1 },
			fileCabinetId: invoices.split('/')[1] ?? '',
			steps: [{ at: 0, activity: 'Approve', type: 'Task', userName: 'api', decision: 'Yes' }],
		});
		const path = `Workflows/${workflowId}/Instances/${id}/History`;
		expect(await client.read({ path })).toMatchObject({
			HistorySteps: { HistoryStep: [{ ActivityName: 'Approve' }] },
		});
	},
};

const note = {
	$type: 'Annotation',
	Layer: [
		{
			Id: 1,
			Items: [
				{
					$type: 'TextEntry',
					Value: 'A note',
					Location: { Left: 1, Top: 1, Width: 9, Height: 9 },
				},
			],
		},
	],
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
