import type { IDataObject } from 'n8n-workflow';
import { FakeSession, type FakeAnswer } from '../support/fakeSession';
import { runOperation } from '../support/runOperation';
import {
	at,
	CABINET,
	CABINET_READ,
	DOCUMENT,
	documentWith,
	found,
	locator,
	ofDocument,
	place,
	runDocument as run,
	TRAY,
} from './support/runDocument';

describe('Batch Update', () => {
	const ask = async (answer: object, options: IDataObject = {}) => {
		const { rows, last } = await run('batchUpdate', [{ body: FIELDS }, { body: answer }], {
			...{ fileCabinetId: locator(CABINET), documentIds: '18, 19, 20' },
			...{ dataMode: 'json', json: '{"STATUS": "x"}', options },
		});
		sent = last?.body;
		return rows.map(({ json: { documentId, updated, error } }) => [documentId, updated, error]);
	};
	let sent: unknown;
	const FIELDS = {
		...{ Id: CABINET, Name: 'Invoices', Links: [] },
		Fields: [{ DBFieldName: 'STATUS', DisplayName: 'Status', DWFieldType: 'Text', Scope: 'User' }],
	};
	const done = (Id: number) => ({ Document: { Id, FileCabinetId: CABINET } });

	it('puts a failure that names no document on none of them', async () => {
		const words = 'The document is locked.';
		const Item = [done(19), { ErrorMessage: words }];
		expect(await ask({ Item, SuccessCount: 2 })).toEqual([
			[18, null, words],
			[19, true, undefined],
			[20, null, words],
		]);
		expect(await ask({ Item, SuccessCount: 1 }, { stopAtError: true })).toEqual([
			[18, null, words],
			[19, true, undefined],
			[20, null, words],
		]);
	});

	// Red before: the error said that nothing was sent.
	it('says what was changed where the rest of the answer is on another server', async () => {
		const Links = [{ rel: 'next', href: 'https://inside.invalid/Next' }];
		expect(await ask({ Item: [done(18)], SuccessCount: 1, Links })).toEqual([
			[18, true, undefined],
			[19, null, undefined],
			[20, null, undefined],
		]);
	});

	it('takes a switch that an expression gives as a text', async () => {
		const all = { Item: [done(18), done(19), done(20)], SuccessCount: 3 };
		await ask(all, { forceUpdate: 'true' });
		expect(sent).toMatchObject({ Data: { ForceUpdate: true } });
		await ask(all, { forceUpdate: 'false' });
		expect(sent).toMatchObject({ Data: { ForceUpdate: false } });
	});

	it('puts it on the documents that are left where none of them can have been changed', async () => {
		const failures = [{ ErrorMessage: 'Locked.' }, { ErrorMessage: 'No right.' }];
		expect(await ask({ Item: [done(19), ...failures], SuccessCount: 1 })).toEqual([
			[18, false, 'Locked. No right.'],
			[19, true, undefined],
			[20, false, 'Locked. No right.'],
		]);
		expect(await ask({ Item: [{ ErrorMessage: 'No right.' }], SuccessCount: 0 })).toEqual([
			[18, false, 'No right.'],
			[19, false, 'No right.'],
			[20, false, 'No right.'],
		]);
	});
});

describe('Batch Update that tells counts alone', () => {
	const many = Array.from({ length: 200 }, (_none, index) => index + 1);
	const FIELDS: FakeAnswer = {
		body: {
			...{ Id: CABINET, Name: 'Invoices', Links: [] },
			Fields: [{ DBFieldName: 'STATUS', DisplayName: 'S', DWFieldType: 'Text', Scope: 'User' }],
		},
	};
	const ask = async (ids: number[], answers: FakeAnswer[], stopAtError = true) => {
		const { rows, sent } = await run('batchUpdate', [FIELDS, ...answers], {
			...{ fileCabinetId: locator(CABINET), documentIds: ids.join(',') },
			...{ dataMode: 'json', json: '{"STATUS": "x"}', options: { stopAtError } },
		});
		return { rows: rows.map(({ json }) => json), requests: sent.length - 1 };
	};

	// Red before: the documents of the first hundred were said to be unchanged, though they may have the values already.
	it('stops where none of the first hundred were changed, and says of them that it is not known', async () => {
		const { rows, requests } = await ask(many, [{ body: { SuccessCount: 0 } }]);
		expect(requests).toBe(1);
		expect(rows).toHaveLength(200);
		const error = expect.stringContaining('changed none of 100');
		expect(rows[99]).toMatchObject({ updated: null, error });
		const left = 'Left as it is, since DocuWare counted none of the documents before as changed.';
		expect(rows[100]).toMatchObject({ documentId: 101, updated: false, error: left });
	});

	// Red before: a count that is short by documents that have the values already was taken for a failure.
	it.each([
		[1, true],
		[0, false],
	])('goes on after a count of %d, Stop at First Error %s', async (SuccessCount, stops) => {
		const answers = [{ body: { SuccessCount } }, { body: { SuccessCount: 100 } }];
		const { rows, requests } = await ask(many, answers, stops);
		expect(requests).toBe(2);
		expect(rows[99]).toMatchObject({ updated: null, error: expect.stringContaining('of 100') });
		expect(rows[199]).toMatchObject({ updated: true });
	});

	// Red before: all that were not named were said to be left as they are, also those of answered requests.
	it('leaves open what became of documents that were sent and are not named', async () => {
		const Item = [{ Document: { Id: 101 }, ErrorMessage: 'Locked.' }];
		const silent = await ask(many, [{ body: { Item: [] } }, { body: { Item } }]);
		expect(silent.requests).toBe(2);
		expect(silent.rows[0]).toEqual(expect.objectContaining({ documentId: 1, updated: null }));
		expect(silent.rows[0]).not.toHaveProperty('error');
		expect(silent.rows[100]).toMatchObject({ updated: false, error: 'Locked.' });
		expect(silent.rows[101]).toMatchObject({ documentId: 102, updated: null });
		expect(silent.rows[101]).not.toHaveProperty('error');
		// A count says that those behind the failed one were not changed, and nothing why of those before it.
		const second = [{ Document: { Id: 2 }, ErrorMessage: 'Locked.' }];
		const counted = await ask([1, 2, 3], [{ body: { Item: second, SuccessCount: 0 } }]);
		expect(counted.rows.map(({ updated }) => updated)).toEqual([null, false, false]);
		expect(counted.rows[2]?.error).toContain('Left as it is, since another document before');
	});

	// Red before: the next page was asked for, which changes the documents behind the failed one.
	it('follows no link behind a failure', async () => {
		const Links = [{ rel: 'next', href: '/DocuWare/Platform/Next' }];
		const Item = [{ Document: { Id: 1 } }, { Document: { Id: 2 }, ErrorMessage: 'Locked.' }];
		const pages = [
			{ body: { Item, SuccessCount: 1, Links } },
			{ body: { Item: [3, 4].map((Id) => ({ Document: { Id } })), SuccessCount: 2 } },
		];
		const stopped = await ask([1, 2, 3, 4], pages);
		expect(stopped.requests).toBe(1);
		expect(stopped.rows.map(({ updated }) => updated)).toEqual([true, false, null, null]);
		const goesOn = await ask([1, 2, 3, 4], pages, false);
		expect(goesOn.rows.map(({ updated }) => updated)).toEqual([true, false, true, true]);
	});

	// Red before: a document that nobody asked for made up for one of which nothing was told.
	it('counts no documents that were not asked for', async () => {
		const Item = [{ Document: { Id: 77 } }, { Document: { Id: 1 } }];
		const { rows } = await ask([1, 2, 3], [{ body: { Item, SuccessCount: 3 } }], false);
		expect(rows.map(({ updated }) => updated)).toEqual([true, true, true]);
	});

	// Red before: the sum of a running total was taken for all.
	it('takes no document for changed by the counts of several pages', async () => {
		const Links = [{ rel: 'next', href: '/DocuWare/Platform/Next' }];
		const pages = (first: number, second: number) => [
			{ body: { SuccessCount: first, Links } },
			{ body: { SuccessCount: second } },
		];
		const updated = async (...counts: [number, number]) =>
			(await ask([1, 2, 3, 4], pages(...counts))).rows.map((row) => row.updated);
		expect(await updated(2, 2)).toEqual([null, null, null, null]);
		expect(await updated(2, 4)).toEqual([true, true, true, true]);
		const { rows } = await ask([1, 2, 3, 4], pages(1, 1));
		expect(rows[3]).toMatchObject({ updated: null, error: expect.stringContaining('2 of 4') });
	});

	it('takes those that are not named for changed where all but the failed ones were', async () => {
		const Item = [{ Document: { Id: 2 }, ErrorMessage: 'Locked.' }];
		const { rows } = await ask([1, 2, 3], [{ body: { Item, SuccessCount: 2 } }], false);
		expect(rows.map(({ updated }) => updated)).toEqual([true, false, true]);
	});

	it('says in words what a strange answer came to', async () => {
		await expect(ask([1], [{ body: '[]' }])).rejects.toMatchObject({
			code: 'DOCUWARE_UNEXPECTED_ANSWER',
			message: expect.not.stringContaining('request POST'),
		});
	});
});

describe('Delete', () => {
	it('says what it did', async () => {
		const { rows, sent } = await run('delete', [{ body: '' }]);
		expect(sent.map(({ call }) => call)).toEqual([`DELETE ${at('Documents/18')}`]);
		expect(rows).toEqual([{ json: { deleted: true, ...place } }]);
	});

	it('is an error for a document that is not there, or says so where that is wanted', async () => {
		const missing = { status: 404, body: { Message: 'No document 18.' } };
		await expect(run('delete', [missing])).rejects.toMatchObject({ code: 'DOCUWARE_NOT_FOUND' });
		const options = { ...ofDocument, options: { ifNone: 'goOn' } };
		const goOn = await run('delete', [missing, CABINET_READ], options);
		expect(goOn.rows).toEqual([{ json: { deleted: false, ...place } }]);
		// Where the file cabinet is not there either, nothing is known of the document.
		await expect(run('delete', [missing, missing], options)).rejects.toMatchObject({
			code: 'DOCUWARE_NOT_FOUND',
		});
	});
});

describe('Transfer', () => {
	const ids = {
		sourceFileCabinetId: locator(TRAY),
		fileCabinetId: locator(CABINET),
		documentIds: '18, 19',
	};

	it('copies several documents in one request, in the order given', async () => {
		const { rows, last } = await run('transfer', [CABINET_READ, found(101, 102)], ids);
		expect(last).toEqual({
			call: `POST ${at('Task/Transfer')}`,
			type: 'application/vnd.docuware.platform.documentstransferinfo+json',
			body: {
				SourceFileCabinetId: TRAY,
				Documents: [
					{ Id: 18, Fields: null },
					{ Id: 19, Fields: null },
				],
				KeepSource: true,
				FillIntellix: false,
				UseDefaultDialog: false,
			},
		});
		expect(rows.map(({ json }) => json.documentId)).toEqual([101, 102]);
	});

	it('says so where the target tells of fewer documents', async () => {
		const { rows, hints } = await run('transfer', [CABINET_READ, found(101)], ids);
		expect(rows).toHaveLength(1);
		expect(JSON.stringify(hints)).toContain('1 of the 2 documents');
	});

	it('moves, says so where the server does not name the documents, and never onto itself', async () => {
		const move = { ...ids, transferMode: 'move', documentIds: [18] };
		const { rows, last } = await run('transfer', [CABINET_READ, { body: '' }], move);
		expect(last?.body).toMatchObject({ KeepSource: false });
		expect(rows).toEqual([
			{ json: { transferred: 1, movedDocumentIds: [18], fileCabinetId: CABINET } },
		]);
		const itself = { ...move, sourceFileCabinetId: locator(CABINET) };
		await expect(run('transfer', [], itself)).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
		});
	});

	it('goes to the link of the target and by its store dialog', async () => {
		const linked: FakeAnswer = {
			body: { Id: CABINET, Fields: [], Links: [{ rel: 'Transfer', href: '/DocuWare/Platform/T' }] },
		};
		const dialogId = locator('5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a02');
		const { last } = await run('transfer', [linked, found(1)], { ...ids, dialogId });
		expect(last?.call).toBe(`POST T?StoreDialogId=5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a02`);
	});

	const TARGET: FakeAnswer = {
		body: {
			Id: CABINET,
			Name: 'Invoices',
			Fields: [
				{ DBFieldName: 'COMPANY', DisplayName: 'Company', DWFieldType: 'Text', Scope: 'User' },
				{ DBFieldName: 'AMOUNT', DisplayName: 'Amount', DWFieldType: 'Decimal', Scope: 'User' },
				{ DBFieldName: 'DATE', DisplayName: 'Date', DWFieldType: 'Date', Scope: 'User' },
			],
		},
	};
	const inSource = documentWith(
		{},
		{
			Fields: [
				{ FieldName: 'COMPANY', Item: 'Old', ItemElementName: 'String' },
				{ FieldName: 'AMOUNT', Item: 12.5, ItemElementName: 'Decimal' },
				{ FieldName: 'DATE', IsNull: true, ItemElementName: 'Date' },
				{ FieldName: 'ELSEWHERE', Item: 'x', ItemElementName: 'String' },
				{ FieldName: 'DWDOCID', Item: 18, ItemElementName: 'Int', SystemField: true },
			],
		},
	);
	const withFields = {
		...ids,
		documentIds: [18],
		setIndexFields: true,
		dataMode: 'json',
		json: '{"Company": "Peters"}',
	};

	it('gives index fields by their labels, and keeps what the target has besides', async () => {
		const { last, sent } = await run('transfer', [TARGET, inSource, found(101)], withFields);
		expect(sent[1]?.call).toBe(`GET FileCabinets/${TRAY}/Documents/18`);
		expect((last?.body as { Documents: unknown }).Documents).toEqual([
			{
				Id: 18,
				Fields: [
					{ FieldName: 'COMPANY', Item: 'Peters', ItemElementName: 'String' },
					{ FieldName: 'AMOUNT', Item: 12.5, ItemElementName: 'Decimal' },
				],
			},
		]);
	});

	it('gives them alone where that is wanted, and sends nothing for a field that is unknown', async () => {
		const alone = { ...withFields, options: { keepOthers: false } };
		const { last } = await run('transfer', [TARGET, found(101)], alone);
		expect((last?.body as { Documents: unknown }).Documents).toEqual([
			{ Id: 18, Fields: [{ FieldName: 'COMPANY', Item: 'Peters', ItemElementName: 'String' }] },
		]);
		const unknown = { ...withFields, json: '{"Compny": "x"}' };
		await expect(run('transfer', [TARGET], unknown)).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_VALUE',
		});
	});

	it.each([
		['names one twice', '18, 18', 'named twice'],
		['names none', ' ', 'names 0 of at least 1'],
		['names what is no number', '18, x', '"x" is no ID'],
	])('sends nothing where Document IDs %s', async (_case, documentIds, message) => {
		await expect(run('transfer', [], { ...ids, documentIds })).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
			message: expect.stringContaining(message),
		});
	});
});

describe('documents made of several, and several of one', () => {
	it.each([
		['clip', CABINET, 'Clip'],
		['staple', TRAY, 'Staple'],
	])('%s puts them together', async (operation, cabinet, Operation) => {
		const parameters = { fileCabinetId: locator(cabinet), documentIds: [7, 6] };
		const answer: FakeAnswer = { body: { Id: 7, FileCabinetId: cabinet, Fields: [] } };
		const { last, rows } = await run(operation, [{ body: { Id: cabinet } }, answer], parameters);
		expect(last).toMatchObject({
			call: `POST FileCabinets/${cabinet}/Operations/ContentMerge`,
			body: { Documents: [7, 6], Operation, Force: false },
		});
		expect(rows[0]?.json).toMatchObject({ documentId: 7, fileCabinetId: cabinet });
	});

	it('needs at least two to put together', async () => {
		const one = { fileCabinetId: locator(CABINET), documentIds: 7 };
		await expect(run('clip', [], one)).rejects.toMatchObject({
			message: expect.stringContaining('names 1 of at least 2'),
		});
	});

	it.each([
		['unclip', CABINET, { Operation: 'Unclip', Force: true }, {}],
		['unstaple', TRAY, { Operation: 'Unstaple', Force: true }, {}],
		[
			'split',
			CABINET,
			{ Operation: 'Split', Force: true, Pages: [3, 5] },
			{ splitPages: '5, 3 5' },
		],
	])('%s divides one', async (operation, cabinet, body, more) => {
		const { last, rows } = await run(operation, [DOCUMENT, found(18, 20)], {
			...ofDocument,
			fileCabinetId: locator(cabinet),
			options: { force: true },
			...more,
		});
		expect(last).toMatchObject({
			call: `POST FileCabinets/${cabinet}/Operations/ContentDivide?DocId=18`,
			body,
		});
		expect(rows.map(({ json }) => json.documentId)).toEqual([18, 20]);
	});

	it('says that the change was made where the answer cannot be read', async () => {
		await expect(run('unclip', [DOCUMENT, { body: '{"Items":[' }])).rejects.toMatchObject({
			code: 'DOCUWARE_UNEXPECTED_ANSWER',
			message: expect.stringContaining('the change was made'),
		});
	});

	// Red before: only a page that begins with its first tags was no word that the change was made.
	it.each([
		['done', 'a text came in place'],
		['<script>location = "/login"</script>', 'a web page came in place'],
		['\uFEFF<!-- a --><title>Log in</title><p>Log in', 'a web page came in place.*: Log in'],
		['<meta http-equiv="refresh" content="0;url=/login">', 'a web page came in place'],
		[
			'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"></html>',
			'a web page came in place',
		],
	])('says that it is not known where %j comes', async (body, words) => {
		await expect(run('unclip', [DOCUMENT, { body }])).rejects.toMatchObject({
			code: 'DOCUWARE_WRITE_UNCONFIRMED',
			message: expect.stringMatching(words),
		});
	});

	const lock = async (body: string, type: string) => {
		const headers = { 'content-type': type };
		const linked = documentWith({ lock: '/DocuWare/Platform/Locks/18' });
		return await run('lock', [linked, { body, headers }], { ...ofDocument, lockMinutes: 90 });
	};

	// Red before: anything but a few words was no word of success, and none was one that is called a page.
	it.each([
		['OK', 'text/html'],
		['True', 'text/plain; charset=utf-8'],
		['5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a02', 'text/plain'],
		['{5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a02}', 'text/plain'],
		['2026-11-27T10:00:00Z', 'text/plain'],
		['11/27/2026 10:00:00 AM', 'text/plain'],
		['27.11.2026 10:00', 'text/plain'],
		['Removed', 'text/plain'],
	])('takes %s as %s for a word of success', async (body, type) => {
		expect((await lock(body, type)).rows[0]?.json).toMatchObject({ locked: true });
	});

	// Red before: an error object without a status, as another server than DocuWare's own code makes it, was taken for success.
	it.each([
		['Blocked by policy 7', 'text/html'],
		['Removed', 'text/html'],
		['Blocked', 'text/plain'],
		['Forbidden.', 'text/plain'],
		['False', 'text/plain'],
		['false', 'application/json'],
		['Please log in', 'text/plain'],
		['{"Message":"An error has occurred."}', 'application/json'],
		['{"Message":"x","ExceptionMessage":"y","ExceptionType":"z"}', 'application/json'],
		['{"Message":"x","StatusCode":"503","Other":1}', 'application/json'],
		['<?xml version="1.0"?><Error xmlns="http://x"><Message>Full.</Message></Error>', 'text/xml'],
	])('says that it is not known where %s comes as %s', async (body, type) => {
		await expect(lock(body, type)).rejects.toMatchObject({ code: 'DOCUWARE_WRITE_UNCONFIRMED' });
	});

	it.each(['{"Message":"Locked.","StatusCode":200}', '{"Message":"Locked.","Id":18}'])(
		'takes %s for no failure',
		async (body) => {
			expect((await lock(body, 'application/json')).rows).toHaveLength(1);
		},
	);

	it.each(['0', 'a', ' '])('splits at no page %j', async (splitPages) => {
		await expect(run('split', [], { ...ofDocument, splitPages })).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
		});
	});
});

describe('Lock and Unlock', () => {
	it('lock for a time and a purpose, by the link of the document', async () => {
		const linked = documentWith({ lock: `/DocuWare/Platform/Locks/18` });
		const { last, rows } = await run('lock', [linked, { body: 'ok' }], {
			...ofDocument,
			lockMinutes: 90,
			options: { purpose: ' approval ' },
		});
		expect(last).toMatchObject({
			call: 'POST Locks/18',
			body: { Interval: '01:30:00', Operation: 'approval' },
		});
		expect(rows).toEqual([{ json: { locked: true, ...place, minutes: 90 } }]);
	});

	it('take the lock away', async () => {
		const { last, rows } = await run('unlock', [DOCUMENT, { body: '' }]);
		expect(last?.call).toBe(`DELETE ${at('Documents/18/Lock')}`);
		expect(rows).toEqual([{ json: { unlocked: true, ...place } }]);
		const options = { ...ofDocument, options: { purpose: 'approval' } };
		const named = await run('unlock', [DOCUMENT, { body: '' }], options);
		expect(named.last).toMatchObject({ body: { Operation: 'approval' } });
	});

	it('say that somebody else holds it', async () => {
		const held = { status: 423, body: { Message: 'Locked by Peggy Jenkins.' } };
		await expect(run('lock', [DOCUMENT, held])).rejects.toMatchObject({
			code: 'DOCUWARE_LOCKED',
			message: expect.stringContaining('Locked by Peggy Jenkins.'),
		});
	});

	it.each([0, 1.5, '', 'long'])('lock for no time such as %j', async (lockMinutes) => {
		await expect(run('lock', [], { ...ofDocument, lockMinutes })).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
		});
	});
});

describe('application properties', () => {
	const answer: FakeAnswer = {
		body: { DocumentApplicationProperty: [{ Name: 'a', Value: '1' }, { Name: 'b' }, 7] },
	};

	it('are read as names and values', async () => {
		const { rows, last } = await run('getApplicationProperties', [DOCUMENT, answer]);
		expect(last?.call).toBe(`GET ${at('Documents/18/DocumentApplicationProperties')}`);
		expect(rows).toEqual([{ json: { ...place, properties: { a: '1', b: null } } }]);
	});

	const set = (property: IDataObject[], deletedProperties: unknown = '') => ({
		...ofDocument,
		applicationProperties: { property },
		deletedProperties: deletedProperties as string,
	});

	it('are set and, where it is said, deleted', async () => {
		const pairs = [{ name: 'a', value: '1' }];
		const { last, rows } = await run(
			'setApplicationProperties',
			[DOCUMENT, answer],
			set(pairs, 'c, d'),
		);
		expect(last).toMatchObject({
			call: `POST ${at('Documents/18/DocumentApplicationProperties')}`,
			body: {
				DocumentApplicationProperty: [
					{ Name: 'a', Value: '1' },
					{ Name: 'c', Value: null },
					{ Name: 'd', Value: null },
				],
			},
		});
		expect(rows[0]?.json).toMatchObject({ set: ['a'], deleted: ['c', 'd'] });
	});

	it.each([
		['an empty value', [{ name: 'a', value: '' }], '', 'DocuWare would delete the property'],
		[
			'a name twice',
			[
				{ name: 'a', value: '1' },
				{ name: 'a', value: '2' },
			],
			'',
			'given twice',
		],
		['a name in both', [{ name: 'a', value: '1' }], ['a'], 'to be set and deleted'],
		['nothing', [], '', 'No property is to be set'],
	])('send nothing for %s', async (_case, pairs, deleted, message) => {
		await expect(run('setApplicationProperties', [], set(pairs, deleted))).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
			message: expect.stringContaining(message),
		});
	});
});

it('nothing is sent for a document that is not there, or out of reach', async () => {
	for (const [status, code] of [
		[404, 'DOCUWARE_NOT_FOUND'],
		[403, 'DOCUWARE_FORBIDDEN'],
	] as const) {
		const session = new FakeSession([{ status, body: { Message: 'No.' } }]);
		const parameters = { resource: 'document', operation: 'unlock', ...ofDocument };
		await expect(runOperation(session, { parameters })).rejects.toMatchObject({ code });
		expect(session.requests.map(({ method }) => method)).toEqual(['GET']);
	}
});

it('a link to another server gets no session: the known path is asked in its place', async () => {
	const foreign = documentWith({ lock: 'https://evil.example/Lock' });
	const { last } = await run('lock', [foreign, { body: '' }]);
	expect(last?.call).toBe(`POST ${at('Documents/18/Lock')}`);
});
