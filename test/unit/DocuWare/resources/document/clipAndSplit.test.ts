import type { IDataObject } from 'n8n-workflow';
import type { FakeAnswer } from '../support/fakeSession';
import {
	CABINET,
	DOCUMENT,
	found,
	locator,
	ofDocument,
	runDocument as run,
	TRAY,
} from './support/runDocument';

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

	// Red before: the JSON of texts, as a model gives it, was refused.
	it.each<unknown>(['["7", "6"]', '[7, 6]', '[7; 6]', '[{"documentId": 7}, {"Id": 6}]', '7 6'])(
		'takes a list as the text %j',
		async (documentIds) => {
			const parameters = { fileCabinetId: locator(CABINET), documentIds } as IDataObject;
			const answer: FakeAnswer = { body: { Id: 7, FileCabinetId: CABINET, Fields: [] } };
			const { last } = await run('clip', [{ body: { Id: CABINET } }, answer], parameters);
			expect(last?.body).toMatchObject({ Documents: [7, 6] });
		},
	);

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

	it.each(['[5, 3]', '["5", "3"]'])('splits at the pages %s as well', async (splitPages) => {
		const { last } = await run('split', [DOCUMENT, found(18)], { ...ofDocument, splitPages });
		expect(last?.body).toMatchObject({ Pages: [3, 5] });
	});

	it.each(['0', 'a', ' '])('splits at no page %j', async (splitPages) => {
		await expect(run('split', [], { ...ofDocument, splitPages })).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
		});
	});
});
