import { ChunkCount, readChunkAnswer } from '../../../../nodes/DocuWare/upload/chunkAnswer';

const next = { rel: 'next', href: '/DocuWare/Platform/Chunk/2' };

describe('the answer to a chunk', () => {
	it.each<[string, Record<string, unknown>, object]>([
		['without a chunk', { Id: 1 }, { kind: 'stored' }],
		['with an empty chunk', { FileChunk: null }, { kind: 'stored' }],
		['with a finished chunk', { FileChunk: { Finished: true, Links: [next] } }, { kind: 'stored' }],
		[
			'that wants more',
			{ FileChunk: { Finished: false, BytesWritten: 5, Links: [next] } },
			{ kind: 'more', href: next.href, written: 5 },
		],
		[
			'that counts nothing',
			{ FileChunk: { BytesWritten: 0, Links: [next] } },
			{ kind: 'more', href: next.href, written: undefined },
		],
		[
			'whose link has another name',
			{ FileChunk: { Links: [{ rel: 'chunk', href: '/x' }] } },
			{ kind: 'more', href: '/x', written: undefined },
		],
		['that says not where', { FileChunk: { Finished: false, Links: [] } }, { kind: 'lost' }],
	])('%s', (_name, answer, expected) => {
		expect(readChunkAnswer(answer)).toEqual(expected);
	});

	it('is right where the server has written what was sent', () => {
		expect(isRight([undefined, undefined])).toBe(true);
		expect(isRight([10, 30, 70])).toBe(true);
		expect(isRight([10, 20, 40])).toBe(true);
		expect(isRight([10, undefined, 40])).toBe(true);
		expect(isRight([10, 30, 40])).toBe(false);
		expect(isRight([10, 20, 60])).toBe(false);
		expect(isRight([10, 50])).toBe(false);
		expect(isRight([20])).toBe(false);
	});
});

/** Of parts of 10, 20 and 40 bytes. */
function isRight(answers: ReadonlyArray<number | undefined>): boolean {
	const count = new ChunkCount();
	return answers.every((written, index) =>
		count.fits(written, [10, 30, 70][index] ?? 0, [10, 20, 40][index] ?? 0),
	);
}
