import { file, fileClient, index, invoices } from './fileClient';
import { send } from './platformClient';
import { useSimulator } from './useSimulator';

const { start } = useSimulator();

describe('properties of an application', () => {
	it('are set, changed and deleted', async () => {
		const client = await fileClient(await start());
		await client.parts('Documents', [file()]);
		const path = 'Documents/1/DocumentApplicationProperties';
		const set = async (...properties: Array<[string, string | null]>) =>
			await client.json('POST', path, {
				DocumentApplicationProperty: properties.map(([Name, Value]) => ({ Name, Value })),
			});
		expect((await set(['a', '1'], ['b', '2'])).status).toBe(200);
		expect((await set(['a', '3'], ['b', ''])).json()).toEqual({
			DocumentApplicationProperty: [{ Name: 'a', Value: '3' }],
		});
		expect((await set(['a', null])).json()).toEqual({ DocumentApplicationProperty: [] });
		expect((await client.call('GET', path)).json()).toEqual({ DocumentApplicationProperty: [] });
		expect((await client.json('POST', path, { DocumentApplicationProperty: {} })).status).toBe(400);
	});
});

describe('facts about a document', () => {
	it('suggestions come from the text of its files', async () => {
		const client = await fileClient(await start());
		await client.parts('Documents', [
			file('a.txt', 'Company: Peters\nInvoice date: 2026-02-28', 'text/plain'),
		]);
		const { Field } = (await client.call('GET', 'Documents/1/Suggestions')).json() as {
			Field: Array<{ DBName: string; Confidence: string }>;
		};
		expect(Field.filter(({ Confidence }) => Confidence === 'Green')).toMatchObject([
			{ DBName: 'COMPANY', Value: [{ Item: 'Peters', ItemElementName: 'String' }] },
			{ DBName: 'INVOICEDATE', Value: [{ Item: expect.stringContaining('/Date(') as unknown }] },
		]);
		expect(Field).toContainEqual(expect.objectContaining({ DBName: 'AMOUNT', Value: [] }));
	});

	it('links lead to documents with the same value', async () => {
		const client = await fileClient(await start());
		for (const company of ['Peters', 'Acme', 'Peters']) {
			await client.parts('Documents', [index({ COMPANY: company }), file()]);
		}
		const { Items } = (await client.call('GET', 'Documents/1/DocumentLinks')).json() as {
			Items: Array<{ IsInvalid: boolean; Links: Array<{ rel: string; href: string }> }>;
		};
		expect(Items.map(({ IsInvalid }) => IsInvalid)).toEqual([false, true]);
		const href = Items[0]?.Links[0]?.href.replace('/DocuWare/Platform', '') ?? '';
		expect((await client.call('GET', href)).json()).toMatchObject({
			Count: { Value: 1 },
			Items: [{ Id: 3, FileCabinetId: invoices }],
		});
	});

	it.each([
		['selection', ['General_Search']],
		['all', ['General_Search', 'General_DisplayDocument']],
	] as const)('rights are the %s', async (rightsAnswer, expected) => {
		const simulator = await start({ rightsAnswer, concurrentLicences: 9 });
		await (await fileClient(simulator)).parts('Documents', [file()]);
		const reader = await fileClient(simulator, {
			UserName: 'reader',
			Password: 'look, do not touch',
		});
		const asked = { Right: ['General_Search', 'General_Store'] };
		expect((await reader.json('POST', 'Documents/1/Rights', asked)).json()).toEqual({
			Right: expected,
		});
		expect((await reader.json('POST', 'Documents/1/Rights', {})).status).toBe(400);
	});

	it('audit information tells who stored it', async () => {
		const client = await fileClient(await start());
		await client.parts('Documents', [file()]);
		const path = 'Documents/1/AuditInformation';
		expect((await client.call('GET', path)).json()).toMatchObject({
			Events: [{ AuditEvent: { Event: 'DocumentStored', User: 'api' } }],
		});
		const none = await client.json('POST', path, { Start: 1, Count: 5 });
		expect(none.json()).toMatchObject({ Events: [] });
	});

	it.each(['list', 'wrapped'] as const)('a workflow has steps as %s', async (historySteps) => {
		const simulator = await start({ historySteps });
		const client = await fileClient(simulator);
		await client.parts('Documents', [file()]);
		const [workflowId, id] = [
			'0c135ffb-1616-4607-9d9f-f3ea7789de12',
			'be39345c-af7e-521e-81ca-12fc4b8c7d02',
		];
		const step = {
			at: 1,
			activity: 'Approve',
			type: 'GeneralTask',
			userName: 'api',
			decision: 'Yes',
		};
		const added = await send(`${simulator.url}/__simulator/workflows`, {
			method: 'POST',
			body: JSON.stringify({
				...{ id, workflowId, name: 'Approval', version: 2, startedAt: 0 },
				...{ fileCabinetId: invoices, documentId: 1, steps: [step] },
			}),
		});
		expect(added.status).toBe(200);
		const history = (await client.call('GET', 'Documents/1/WorkflowHistory')).json() as {
			InstanceHistory: Array<{ Id: string; Links: Array<{ href: string }> }>;
		};
		expect(history.InstanceHistory).toMatchObject([{ Id: id, Name: 'Approval', DocId: '1' }]);
		const href = history.InstanceHistory[0]?.Links[0]?.href.replace('/DocuWare/Platform', '') ?? '';
		const expected = [{ StepNumber: 1, ActivityName: 'Approve' }];
		expect((await client.call('GET', href)).json()).toMatchObject({
			HistorySteps: historySteps === 'list' ? expected : { HistoryStep: expected },
		});
		expect((await client.call('GET', `/Workflows/${workflowId}/Instances/x/History`)).status).toBe(
			404,
		);
	});

	it.each([
		['empty', 200],
		['notFound', 404],
	] as const)('without a workflow its history is %s', async (noWorkflowHistory, status) => {
		const client = await fileClient(await start({ noWorkflowHistory }));
		await client.parts('Documents', [file()]);
		expect((await client.call('GET', 'Documents/1/WorkflowHistory')).status).toBe(status);
	});
});
