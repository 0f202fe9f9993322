import { isAsSent, readChunkAnswer } from '../../../../nodes/DocuWare/upload/chunkAnswer';

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
		expect(isAsSent(undefined, 30, 10)).toBe(true);
		expect(isAsSent(30, 30, 10)).toBe(true);
		expect(isAsSent(10, 30, 10)).toBe(true);
		expect(isAsSent(40, 30, 10)).toBe(false);
		expect(isAsSent(20, 30, 10)).toBe(false);
	});
});
