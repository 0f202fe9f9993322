import type { IDataObject } from 'n8n-workflow';
import type { FakeAnswer } from '../support/fakeSession';
import { CABINET, cabinetWith, locator, runDocument as run } from './support/runDocument';

const FILE_CABINET = cabinetWith(['STATUS', 'Status', 'Text']);

describe('Batch Update', () => {
	const ask = async (answer: object, options: IDataObject = {}) => {
		const { rows, last } = await run('batchUpdate', [FILE_CABINET, { body: answer }], {
			...{ fileCabinetId: locator(CABINET), documentIds: '18, 19, 20' },
			...{ dataMode: 'json', json: '{"STATUS": "x"}', options },
		});
		sent = last?.body;
		return rows.map(({ json: { documentId, updated, error } }) => [documentId, updated, error]);
	};
	let sent: unknown;
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
	const ask = async (ids: number[], answers: FakeAnswer[], stopAtError = true) => {
		const { rows, sent } = await run('batchUpdate', [FILE_CABINET, ...answers], {
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
