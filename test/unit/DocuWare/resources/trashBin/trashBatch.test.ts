import { FakeSession, type FakeAnswer } from '../support/fakeSession';
import { runOperation } from '../support/runOperation';

const ids = Array.from({ length: 800 }, (_none, index) => `tr_3fa85f64-${index + 1}`);

const run = async (...answers: FakeAnswer[]) =>
	await runOperation(new FakeSession([{ body: {} }, ...answers]), {
		parameters: { resource: 'trashBin', operation: 'delete', trashBinIds: ids.join(',') },
	});

const REFUSED: FakeAnswer = { status: 403, body: { Message: 'No right.' } };

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
		[{ FailedItems: ['Held.'] }, 'It is not known which documents were deleted: '],
		[
			{ SuccessCount: 0, FailedItems: ids.map((Id) => ({ Id, Message: 'Held.' })) },
			'No document was deleted: Held.',
		],
	])('are an error that says whether it is known what was done: %#', async (body, words) => {
		await expect(run({ body }, { body })).rejects.toMatchObject({
			code: 'DOCUWARE_TRASH_BIN_FAILED',
			message: expect.stringContaining(words),
		});
	});

	it('say nothing of it where the first one failed', async () => {
		await expect(run(REFUSED)).rejects.toMatchObject({
			message: expect.not.stringContaining('of them were'),
		});
	});
});
