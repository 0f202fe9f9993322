import type { IDataObject } from 'n8n-workflow';
import { isConnectorError } from '../../../../nodes/shared/errors';
import { resources } from '../../../../nodes/DocuWare/resources';
import type { DocuWareRequest } from '../../../../nodes/DocuWare/auth/session/sessionTypes';
import type { HttpBodyTypes, HttpResponse, HttpResponseType } from '../../../../nodes/shared/http';
import { FakeSession } from './support/fakeSession';
import { runOperation } from './support/runOperation';

const CABINET = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const TRAY = 'b_e9f0b3c1-2d47-4e58-8b6a-1c3d5e7f9a40';

const id = (value: string) => ({ __rl: true, mode: 'id', value }) as IDataObject;

/** Fields of all operations; each reads its own. */
const PARAMETERS: IDataObject = {
	...{ fileCabinetId: id(CABINET), sourceFileCabinetId: id(TRAY), documentId: '18' },
	...{ documentIds: '18, 19', sectionId: '1', trashBinIds: 'tr_1-18', splitPages: '2' },
	...{ userId: id('u-1'), groupId: id('g-1'), roleId: id('r-1') },
	...{ groupIds: ['g-1'], roleIds: ['r-1'], workflowId: 'w-1', instanceId: 'i-1' },
	...{ binaryPropertyName: 'data', binaryPropertyNames: 'data', checkInDocument: 'fields' },
	...{ dataMode: 'json', json: '{"STATUS":"paid"}', keywordField: 'TAGS', keywords: 'new' },
	...{ stampId: id('s-1'), fieldName: 'STATUS', transferMode: 'move', setIndexFields: true },
	annotations: { text: [{ text: 'Seen' }] },
	applicationProperties: { property: [{ name: 'a', value: 'b' }] },
};

const data = { data: 'JVBERg==', mimeType: 'text/plain', fileName: `18+${CABINET}+a.txt` };

const odd = [null, 1, 'x', [], { Id: null }, { Id: {}, Fields: 'x', Links: 1 }];

/** What DocuWare, or something in its place, might answer to everything. */
const ANSWERS: Record<string, unknown> = {
	'a list': '[]',
	'torn JSON': '{"Items":[{"Id":1',
	'a web page': '<html><title>Log in</title></html>',
	'an empty object': {},
	'null members': { Items: null, Links: null, Fields: null, Field: null, Section: null, Id: null },
	'objects for lists': { Items: {}, Links: {}, Fields: {}, Section: {}, Dialog: {}, Id: {} },
	'odd entries': Object.fromEntries(
		[
			...['Items', 'Fields', 'Field', 'Section', 'FileCabinet', 'Dialog', 'Stamp', 'User', 'Item'],
			...['Organization', 'Right', 'Group', 'Value', 'Events', 'InstanceHistory', 'HistorySteps'],
			...['DocumentApplicationProperty', 'Annotations', 'Rows', 'Headers', 'FailedItems', 'Links'],
			...['Sections', 'Pages'],
		].map((name) => [name, odd]),
	),
	'links of a wrong form': {
		Id: 18,
		Links: [{ rel: 5, href: 'x' }, { rel: 'self', href: 7 }, { rel: 'next' }, { href: '/x' }],
	},
	'links to nowhere': {
		...{ Id: 18, Items: [{ Id: 18 }], Fields: [], Section: [{ Id: '18-1' }] },
		Links: ['fields', 'sections', 'files', 'thumbnail', 'dialogs', 'transfer', 'next'].map(
			(rel) => ({
				...{ rel, href: 'http://[' },
			}),
		),
	},
	'a date that is none': {
		...{ Id: 18, CreatedAt: '/Date(x)/', LastModified: {}, Version: 'x', Flags: 1 },
		Fields: [
			{ FieldName: 'D', ItemElementName: 'Date', Item: { a: 1 } },
			{ FieldName: 'K', ItemElementName: 'Keywords', Item: 'x' },
			{ FieldName: 'T', ItemElementName: 'Table', Item: { Row: [{ ColumnValue: 'x' }, null] } },
			{ FieldName: null, ItemElementName: 5, Item: [] },
		],
	},
};

/** The viewer link is made without an answer. */
const OTHERS = new Set(['session', 'validation', 'customApiCall', 'viewerLink']);

const operations = resources
	.filter(({ value }) => !OTHERS.has(value))
	.flatMap(({ value, operations: all }) => all.map((one) => [value, one.value] as const));

const TRAYS = new Set(['staple', 'unstaple', 'uploadToTray', 'getDocuments']);

const FIELDS = [
	{ DBFieldName: 'STATUS', DisplayName: 'Status', DWFieldType: 'Text', Scope: 'User' },
	{ DBFieldName: 'TAGS', DisplayName: 'Tags', DWFieldType: 'Keyword', Scope: 'User' },
];

/** What is read before anything is asked of it, as it should be. */
const WELL: ReadonlyArray<readonly [path: RegExp, body: object]> = [
	[/\/FileCabinets\/[^/]+$/, { Id: CABINET, Name: 'Invoices', Fields: FIELDS, Links: [] }],
	[/\/Documents\/\d+$/, { Id: 18, FileCabinetId: CABINET, Fields: [], Links: [], Title: 'a' }],
	[/\/Sections\?DocId=18$/, { Section: [{ Id: '18-1' }] }],
	[/\/Sections\/18-1$/, { Id: '18-1', OriginalFileName: 'old.pdf' }],
	[/\/Stamps$/, { Stamp: [{ Id: 's-1', Name: 'Paid' }] }],
	[/\/Organization\/Users\b/, { User: [{ Id: 'u-1', Name: 'Peggy' }] }],
	[/\/Organization\/UserByID\b/, { Id: 'u-1', Name: 'Peggy' }],
	[/\/Organization\/Groups\b/, { Item: [{ Id: 'g-1', Name: 'Clerks' }] }],
	[/\/Organization\/Roles\b/, { Item: [{ Id: 'r-1', Name: 'Reader' }] }],
];

class HostileSession extends FakeSession {
	/** @param isDeep whether cabinets and documents answer well, so that it comes to what follows */
	constructor(
		private readonly hostile: unknown,
		private readonly isDeep: boolean,
	) {
		super();
	}

	override async request<R extends HttpResponseType = 'text'>(
		request: DocuWareRequest<R>,
	): Promise<HttpResponse<HttpBodyTypes[R]>> {
		if (this.requests.length > 80) throw new Error('There is no end of requests.');
		const well = this.isDeep && request.method === 'GET' ? wellOf(request.url) : undefined;
		const body = well ?? this.hostile;
		const headers = { ...(typeof body !== 'string' && { 'content-type': 'application/json' }) };
		const one = new FakeSession([{ body, headers }]);
		this.requests.push(request);
		return await one.request(request);
	}
}

function wellOf(url: string): object | undefined {
	return WELL.find(([path]) => path.test(url))?.[1];
}

/** What an operation makes of such answers: rows, or an error that says what is wrong. */
async function outcome(
	resource: string,
	operation: string,
	body: unknown,
	isDeep: boolean,
): Promise<string> {
	const session = new HostileSession(body, isDeep);
	const place = TRAYS.has(operation) ? { fileCabinetId: id(TRAY) } : {};
	try {
		await runOperation(session, {
			parameters: { resource, operation, ...PARAMETERS, ...place } as never,
			items: [{ json: {}, binary: { data } }],
		});
		return 'rows';
	} catch (error) {
		return isConnectorError(error) && /^[A-Z_0-9]+$/.test(error.code) ? 'error' : String(error);
	}
}

it.each(Object.entries(ANSWERS))('%s is put out or refused by name', async (_what, body) => {
	const met: string[] = [];
	for (const [resource, operation] of operations) {
		for (const isDeep of [false, true]) {
			const came = await outcome(resource, operation, body, isDeep);
			if (came !== 'rows' && came !== 'error') met.push(`${resource} ${operation}: ${came}`);
		}
	}
	expect(met).toEqual([]);
	expect(operations.length).toBeGreaterThan(50);
});

describe('an answer with a status of success that is no word of it', () => {
	const failure = { Message: 'No free licence.', StatusCode: 503 };

	/** Operations that change something; the others of these resources read. */
	const changes = resources
		.filter(({ value }) => !OTHERS.has(value))
		.flatMap(({ value, operations: all }) =>
			all
				.filter(({ refusedAsTool }) => refusedAsTool !== undefined)
				.map((one) => [value, one.value] as const),
		);

	/** What the last request was, and the error that came of its answer. */
	async function refusal(resource: string, operation: string, body: unknown) {
		const session = new HostileSession(body, true);
		const place = TRAYS.has(operation) ? { fileCabinetId: id(TRAY) } : {};
		const run = runOperation(session, {
			parameters: { resource, operation, ...PARAMETERS, ...place } as never,
			items: [{ json: {}, binary: { data } }],
		});
		const error = await run.then(
			({ rows }) => JSON.stringify(rows),
			({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
		);
		return `${session.requests.at(-1)?.method} ${error}`;
	}

	// Red before: most of them took each of these for done.
	it.each<[what: string, body: unknown, words: string]>([
		['a text', 'Access to this site was blocked by policy 17.', 'blocked by policy 17'],
		['a text in brackets', '[proxy] blocked by policy 17', 'blocked by policy 17'],
		['a word', 'Blocked', 'Blocked'],
		['a web page', '<html><title>x</title><p>Log in, please</html>', 'Log in, please'],
		['an error object', failure, 'No free licence.'],
		['an error object with its exception', { Message: 'Down.', Exception: 'At Store.' }, 'Down.'],
	])('leaves every change in doubt: %s', async (what, body, words) => {
		const met: string[] = [];
		// The file of a check-out may be a text.
		const some = changes.filter(([, one]) => one !== 'checkOut' || !/text|word/.test(what));
		for (const [resource, operation] of some) {
			const came = await refusal(resource, operation, body);
			const isDoubt = /^(?:POST|PUT|DELETE) DOCUWARE_WRITE_UNCONFIRMED: /.test(came);
			if (!isDoubt || !came.includes(words)) met.push(`${resource} ${operation}: ${came}`);
		}
		expect(met).toEqual([]);
		expect(some.length).toBeGreaterThan(25);
	});

	it('is an error of what reads too, never a list without entries', async () => {
		const met: string[] = [];
		for (const [resource, operation] of operations) {
			const session = new HostileSession(failure, false);
			const error = await runOperation(session, {
				parameters: { resource, operation, ...PARAMETERS } as never,
				items: [{ json: {}, binary: { data } }],
			}).then(({ rows }) => JSON.stringify(rows), String);
			if (session.requests.length > 0 && !error.includes('No free licence.'))
				met.push(`${resource} ${operation}: ${error}`);
		}
		expect(met).toEqual([]);
	});
});
