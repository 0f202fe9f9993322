import { FakeSession, type FakeAnswer } from '../support/fakeSession';
import { runOperation } from '../support/runOperation';

const ids = Array.from({ length: 800 }, (_none, index) => `tr_3fa85f64-${index + 1}`);

const run = async (...answers: FakeAnswer[]) =>
	await runOperation(new FakeSession([{ body: {} }, ...answers]), {
		parameters: { resource: 'trashBin', operation: 'delete', trashBinIds: ids.join(',') },
	});

const REFUSED: FakeAnswer = { status: 403, body: { Message: 'No right.' } };

describe('two documents of the trash bin', () => {
	const two = async (body: object) => {
		const parameters = { resource: 'trashBin', operation: 'restore', trashBinIds: 'tr_a, tr_b' };
		const session = new FakeSession([{ body: {} }, { body }]);
		const { rows } = await runOperation(session, { parameters });
		return rows.map(({ json }) => [json.restored, json.reason]);
	};

	// Red before: nothing was said of either.
	it('are told apart by an id within the words of a failure', async () => {
		const words = 'Document tr_b is locked.';
		expect(await two({ SuccessCount: 1, FailedItems: [words] })).toEqual([
			[true, undefined],
			[false, words],
		]);
		const ErrorMessage = 'Locked: "TR_B".';
		expect(await two({ FailedItems: [{ ErrorMessage }] })).toEqual([
			[true, undefined],
			[false, ErrorMessage],
		]);
		const Message = 'In the way of tr_a.';
		expect(await two({ FailedItems: [{ Id: 'tr_b', Message }] })).toEqual([
			[true, undefined],
			[false, Message],
		]);
	});

	it('are done where nothing is said, and not where something else is', async () => {
		expect(await two({})).toEqual([
			[true, undefined],
			[true, undefined],
		]);
		await expect(two({ Status: 'queued' })).rejects.toMatchObject({
			code: 'DOCUWARE_TRASH_BIN_FAILED',
			message: expect.stringContaining('It is not known which documents were restored'),
		});
		await expect(two({ SuccessCount: 0 })).rejects.toMatchObject({
			code: 'DOCUWARE_TRASH_BIN_FAILED',
			message: expect.stringMatching(/^No document was restored/),
		});
	});
});

describe('many documents of the trash bin', () => {
	it('say in the error of a later request what was done before', async () => {
		const failed = ids.slice(0, 2).map((Id) => ({ Id, Message: 'Held.' }));
		const first = { body: { SuccessCount: 498, FailedItems: failed } };
		await expect(run(first, REFUSED)).rejects.toMatchObject({
			code: 'DOCUWARE_FORBIDDEN',
			httpStatus: 403,
			message: expect.stringContaining(
				`Of the 800 documents the first 500, up to ${ids[499]}, had been sent and answered before; 498 of them were deleted.`,
			),
		});
	});

	it.each([
		[{ SuccessCount: 1, FailedItems: [] }, 'It is not known which documents were deleted: '],
		[{ FailedItems: ['Held.'] }, /^It is not known which documents were deleted: .*: Held\.$/],
		// Red before: the reasons of failures that name no document were left out.
		[
			{ SuccessCount: 1, FailedItems: [{ Message: 'Held.' }, { Message: 'Held.' }, 'Gone.'] },
			/^It is not known .* did it with 1 of 500 and does not say with which: Held\. Gone\.$/,
		],
		[{ SuccessCount: 0, FailedItems: ['Held.'] }, 'No document was deleted: Held.'],
		[
			{ SuccessCount: 0, FailedItems: ids.map((Id) => ({ Id, Message: 'Held.' })) },
			'No document was deleted: Held.',
		],
	])('are an error that says whether it is known what was done: %#', async (body, words) => {
		await expect(run({ body }, { body })).rejects.toMatchObject({
			code: 'DOCUWARE_TRASH_BIN_FAILED',
			message: expect.stringMatching(words),
		});
	});

	it.each<[body: object, reason: string]>([
		[{ SuccessCount: 0, FailedItems: [{ ErrorMessage: 'No right.' }] }, 'No right.'],
		[{ SuccessCount: 0, FailedItems: ['No right.'] }, 'No right.'],
		[{ SuccessCount: 0, FailedItems: [{ Document: 5, Message: ' ' }] }, 'gives no reason'],
		[{ FailedItems: [{ Error: 'No right.' }] }, 'No right.'],
		[{ SuccessCount: 0, FailedItems: [{ Id: 'TR_1', Reason: 'No right.' }] }, 'No right.'],
		[{ SuccessCount: 0, FailedItems: ['tr_1'] }, 'gives no reason'],
	])('say why the only one failed: %j', async (body, reason) => {
		for (const operation of ['delete', 'restore']) {
			const one = { resource: 'trashBin', operation, trashBinIds: 'tr_1' };
			const session = new FakeSession([{ body: {} }, { body }]);
			await expect(runOperation(session, { parameters: one })).rejects.toMatchObject({
				code: 'DOCUWARE_TRASH_BIN_FAILED',
				message: expect.stringMatching(`^No document was .*${reason}`),
			});
		}
	});

	it('say nothing of it where the first one failed', async () => {
		await expect(run(REFUSED)).rejects.toMatchObject({
			message: expect.not.stringContaining('of them were'),
		});
	});
});
