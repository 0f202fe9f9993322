import { HttpTransportError } from '../../../../../nodes/shared/http';
import type { FakeAnswer } from '../support/fakeSession';
import { FakeSession } from '../support/fakeSession';
import { runOperation } from '../support/runOperation';
import {
	at,
	DOCUMENT,
	documentWith,
	found,
	ofDocument,
	place,
	runDocument as run,
} from './support/runDocument';

const STEPS = {
	HistorySteps: {
		HistoryStep: [
			{
				StepNumber: 1,
				StepDate: '/Date(1764115200000)/',
				ActivityName: 'Approve',
				ActivityType: 'Task',
				StepType: 'DecisionHistoryStep',
				Info: { Item: { $type: 'DecisionHistoryStep', UserName: 'Peggy' } },
			},
		],
	},
};
const STEP = {
	number: 1,
	date: '2025-11-26T00:00:00Z',
	activity: 'Approve',
	activityType: 'Task',
	stepType: 'DecisionHistoryStep',
	info: { UserName: 'Peggy' },
};

describe('Get Links', () => {
	const links: FakeAnswer = {
		body: {
			Items: [
				{
					Id: 'l-1',
					Name: 'Order',
					TargetFileCabinet: 'fc-2',
					TargetResultList: 'rl-2',
					Links: [{ rel: 'result', href: '/DocuWare/Platform/Found/1' }],
				},
				{ Id: 'l-2', Name: 'Broken', IsInvalid: true, Links: [] },
			],
		},
	};

	it('gives the links of a document', async () => {
		const { rows, last } = await run('getLinks', [DOCUMENT, links]);
		expect(last?.call).toBe(`GET ${at('Documents/18/DocumentLinks')}`);
		expect(rows.map(({ json }) => json)).toEqual([
			{
				...place,
				linkId: 'l-1',
				linkName: 'Order',
				isInvalid: false,
				targetFileCabinetId: 'fc-2',
				targetResultListId: 'rl-2',
			},
			expect.objectContaining({ linkId: 'l-2', isInvalid: true, targetFileCabinetId: null }),
		]);
	});

	it('gives the documents that they lead to, of all or of one', async () => {
		const parameters = { ...ofDocument, returnLinks: 'documents' };
		const all = await run('getLinks', [DOCUMENT, links, found(5, 6)], parameters);
		expect(all.last?.call).toBe('GET Found/1');
		expect(all.rows.map(({ json }) => json.documentId)).toEqual([5, 6]);
		const one = { ...parameters, linkName: 'Order' };
		expect((await run('getLinks', [DOCUMENT, links, found(5)], one)).rows).toHaveLength(1);
		const broken = { ...parameters, linkName: 'l-2' };
		expect((await run('getLinks', [DOCUMENT, links], broken)).rows).toEqual([]);
	});

	it('says which links there are where none has the name; a document without any has nothing', async () => {
		const parameters = { ...ofDocument, returnLinks: 'documents', linkName: 'Odrer' };
		await expect(run('getLinks', [DOCUMENT, links], parameters)).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
			message: 'The document has no link "Odrer". Its links are "Order", "Broken".',
		});
		const without = await run('getLinks', [DOCUMENT, { body: { Items: [] } }], parameters);
		expect(without.rows).toEqual([]);
	});
});

describe('Get History', () => {
	it('gives workflows with their steps, read one by one where the list lacks them', async () => {
		const list: FakeAnswer = {
			body: {
				InstanceHistory: [
					{ Id: 'i-1', WorkflowId: 'w-1', Name: 'Approval', Version: 3, ...STEPS },
					{
						Id: 'i-2',
						WorkflowId: 'w-1',
						Name: 'Approval',
						WorkflowRequest: true,
						Links: [
							{ rel: 'self', href: '/DocuWare/Platform/Workflows/w-1/Instances/i-2/History' },
						],
					},
				],
			},
		};
		const { rows, sent } = await run('getHistory', [
			DOCUMENT,
			list,
			{ body: { Id: 'i-2', ...STEPS } },
		]);
		expect(sent.map(({ call }) => call).slice(1)).toEqual([
			`GET ${at('Documents/18/WorkflowHistory')}`,
			'GET Workflows/w-1/Instances/i-2/History',
		]);
		expect(rows.map(({ json }) => json)).toEqual([
			{
				...place,
				instanceId: 'i-1',
				workflowId: 'w-1',
				workflowName: 'Approval',
				workflowVersion: 3,
				isRequest: false,
				steps: [STEP],
			},
			expect.objectContaining({ instanceId: 'i-2', isRequest: true, steps: [STEP] }),
		]);
	});

	it('gives nothing where a server says by 404 that there was no workflow', async () => {
		const none: FakeAnswer = { status: 404, body: { Message: 'No workflow.' } };
		expect((await run('getHistory', [DOCUMENT, none])).rows).toEqual([]);
	});

	it('gives versions and the audit by the links of the document', async () => {
		const linked = documentWith({
			versionHistory: '/DocuWare/Platform/Versions/18',
			auditInformation: '/DocuWare/Platform/Audit/18',
		});
		const version = { Id: 17, Fields: [], Version: { Major: 1, Minor: 2 }, VersionStatus: 'Old' };
		const versions = await run('getHistory', [linked, { body: { Items: [version] } }], {
			...ofDocument,
			history: 'versions',
		});
		expect(versions.last?.call).toBe('GET Versions/18');
		expect(versions.rows[0]?.json).toMatchObject({
			documentId: 17,
			version: '1.2',
			versionStatus: 'Old',
		});
		const events: FakeAnswer = {
			body: {
				Events: [
					{
						AuditEvent: {
							Id: 'e-1',
							Event: 'Update',
							Type: 'Index',
							User: 'api',
							Date: '/Date(1764115200000)/',
						},
					},
				],
				Links: [{ rel: 'next', href: '/DocuWare/Platform/Audit/18?Start=1' }],
			},
		};
		const audit = await run('getHistory', [linked, events, { body: { Events: [] } }], {
			...ofDocument,
			history: 'audit',
			returnAll: true,
		});
		expect(audit.rows).toEqual([
			{
				json: {
					...place,
					eventId: 'e-1',
					event: 'Update',
					type: 'Index',
					name: null,
					user: 'api',
					date: '2025-11-26T00:00:00Z',
				},
			},
		]);
		expect(audit.last?.call).toBe('GET Audit/18?Start=1');
	});

	it('gives a version by what tells it from others, whole where no field is chosen, or as DocuWare delivers it', async () => {
		const linked = documentWith({ versionHistory: '/DocuWare/Platform/Versions/18' });
		const names = Array.from({ length: 12 }, (_, index) => `FIELD${index}`);
		const version = {
			...{ Id: 17, Title: 'Invoice', Version: { Major: 1, Minor: 2 }, VersionStatus: 'Old' },
			Fields: names.map((FieldName) => ({ FieldName, Item: 1, ItemElementName: 'Int' })),
		};
		const of = async (output: object) => {
			const parameters = { ...ofDocument, history: 'versions', ...output };
			const { rows } = await run(
				'getHistory',
				[linked, { body: { Items: [version] } }],
				parameters,
			);
			return rows[0]?.json ?? {};
		};
		const simplified = await of({ output: 'simplified' });
		expect(Object.keys(simplified)).toHaveLength(10);
		expect(simplified).toMatchObject({ documentId: 17, title: 'Invoice', version: '1.2' });
		const whole = await of({ output: 'selected' });
		expect(Object.keys(whole)).toEqual(expect.arrayContaining([...names, 'pageCount']));
		const chosen = { version: '1.2', FIELD3: 1 };
		expect(await of({ output: 'selected', fieldsToReturn: 'version, FIELD3' })).toEqual(chosen);
		expect(await of({ output: 'raw' })).toEqual(version);
	});

	it.each(['audit', 'versions'])('says that a document has no %s', async (history) => {
		await expect(run('getHistory', [DOCUMENT], { ...ofDocument, history })).rejects.toMatchObject({
			code: 'DOCUWARE_NOT_OFFERED',
		});
	});
});

describe('Get Text', () => {
	it('says what to do where the text of a section cannot be read at once', async () => {
		const tooLarge = new HttpTransportError('HTTP_RESPONSE_TOO_LARGE', 'Too large.', {
			...{ kind: 'tooLarge', requestSent: true, answered: 200, repair: 'Ask for less.' },
		});
		const section = { Id: '18-1', OriginalFileName: 'book.pdf' };
		const sections: FakeAnswer = { body: { Section: [section] } };
		const reading = run('getText', [DOCUMENT, sections, tooLarge, tooLarge]);
		await expect(reading).rejects.toMatchObject({
			code: 'HTTP_RESPONSE_TOO_LARGE',
			message: expect.stringContaining('The text of section 18-1 has more than 128 MiB'),
			repair: expect.stringContaining('Extract from File'),
		});
	});
});

describe('Get Rights', () => {
	it('asks for all rights and tells which are there', async () => {
		const answer: FakeAnswer = { body: { Right: ['General_Search', 'General_Edit'] } };
		const { rows, last } = await run('getRights', [DOCUMENT, answer]);
		expect(last?.call).toBe(`POST ${at('Documents/18/Rights')}`);
		expect((last?.body as { Right: string[] }).Right).toContain('General_DeleteDocuments');
		expect(rows[0]?.json.rights).toEqual(['General_Search', 'General_Edit']);
		expect(rows[0]?.json.missing).toContain('General_DeleteDocuments');
		expect(rows[0]?.json.missing).not.toContain('General_Edit');
	});
});

describe('Get Suggestions', () => {
	it('gives values as plain data, the likeliest first', async () => {
		const answer: FakeAnswer = {
			body: {
				Field: [
					{
						Name: 'Amount',
						DBName: 'AMOUNT',
						Confidence: 'Green',
						Value: [
							{ Item: 12.5, ItemElementName: 'Decimal' },
							{ Item: 13, ItemElementName: 'Decimal' },
						],
					},
					{
						Name: 'Date',
						DBName: 'DATE',
						Value: [{ Item: '/Date(1764115200000)/', ItemElementName: 'Date' }],
					},
				],
			},
		};
		const trusted = documentWith({}, { IntellixTrust: 'Yellow' });
		const { rows } = await run('getSuggestions', [trusted, answer]);
		expect(rows).toEqual([
			{
				json: {
					...place,
					trust: 'Yellow',
					suggestions: [
						{
							field: 'AMOUNT',
							label: 'Amount',
							confidence: 'Green',
							value: 12.5,
							values: [12.5, 13],
						},
						{
							field: 'DATE',
							label: 'Date',
							confidence: 'None',
							value: '2025-11-26',
							values: ['2025-11-26'],
						},
					],
				},
			},
		]);
	});
});

describe('Workflow: Get History', () => {
	async function history(parameters: Record<string, string>) {
		const session = new FakeSession([{ body: { Name: 'Approval', ...STEPS } }]);
		const { rows } = await runOperation(session, {
			parameters: { resource: 'workflow', operation: 'getHistory', ...parameters },
		});
		return { rows, session };
	}

	it('gives the steps of one run', async () => {
		const { rows, session } = await history({ workflowId: 'w-1', instanceId: 'i-1' });
		expect(session.requests[0]?.url).toMatch(/\/Workflows\/w-1\/Instances\/i-1\/History$/);
		expect(rows[0]?.json).toMatchObject({
			workflowId: 'w-1',
			instanceId: 'i-1',
			workflowName: 'Approval',
			steps: [STEP],
		});
	});

	it.each(['', '../x', 'a b'])('asks for nothing where the ID is %j', async (workflowId) => {
		await expect(history({ workflowId, instanceId: 'i-1' })).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
		});
	});
});

it('a whole number that JavaScript cannot hold comes with all of its digits', async () => {
	const body =
		'{"Id": 18, "Fields": [{"FieldName": "NUMBER", "Item": 9007199254740993, "ItemElementName": "Int"},' +
		' {"FieldName": "SMALL", "Item": -42, "ItemElementName": "Int"}]}';
	const simplified = await run('get', [{ body }]);
	expect(simplified.rows[0]?.json).toMatchObject({ NUMBER: '9007199254740993', SMALL: -42 });
	const raw = await run('get', [{ body }], { ...ofDocument, output: 'raw' });
	expect(JSON.stringify(raw.rows[0]?.json)).toContain('"Item":"9007199254740993"');
});
