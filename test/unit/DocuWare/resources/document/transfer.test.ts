import type { FakeAnswer } from '../support/fakeSession';
import {
	at,
	CABINET,
	CABINET_READ,
	cabinetWith,
	documentWith,
	found,
	locator,
	runDocument as run,
	TRAY,
} from './support/runDocument';

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

	const TARGET = cabinetWith(
		['COMPANY', 'Company', 'Text'],
		['AMOUNT', 'Amount', 'Decimal'],
		['DATE', 'Date', 'Date'],
	);
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
