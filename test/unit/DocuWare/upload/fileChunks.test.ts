import { Readable } from 'node:stream';
import * as fc from 'fast-check';
import {
	ChunkReader,
	FIRST_CHUNK,
	grown,
	LARGEST_CHUNK,
	shrunk,
} from '../../../../nodes/DocuWare/upload/fileChunks';

/** A file that its store gives in pieces of these sizes. */
function fileOf(sizes: readonly number[]) {
	const all = Buffer.from(Array.from({ length: sum(sizes) }, (_none, index) => index % 251));
	let at = 0;
	const pieces = sizes.map((size) => all.subarray(at, (at += size)));
	return { all, open: async () => await Promise.resolve(Readable.from(pieces)) };
}

const sum = (sizes: readonly number[]) => sizes.reduce((one, other) => one + other, 0);

describe('a file in chunks', () => {
	it('is read whole, in whatever pieces it comes and is asked for', async () => {
		const size = fc.integer({ min: 1, max: 40 });
		await fc.assert(
			fc.asyncProperty(fc.array(size), fc.array(size, { minLength: 1 }), async (pieces, asked) => {
				const { all, open } = fileOf(pieces);
				const reader = new ChunkReader(open);
				const chunks: Buffer[] = [];
				for (let turn = 0; ; turn += 1) {
					const wanted = asked[turn % asked.length] ?? 1;
					const read = sum(chunks.map(({ length }) => length));
					const chunk = await reader.next(wanted);
					expect(chunk.length).toBe(Math.min(wanted, all.length - read));
					if (chunk.length === 0) break;
					chunks.push(chunk);
				}
				expect(Buffer.concat(chunks)).toEqual(all);
			}),
		);
	});

	it('gives again what was put back', async () => {
		const { all, open } = fileOf([10, 10]);
		const reader = new ChunkReader(open);
		reader.putBack(await reader.next(8));
		expect(await reader.next(3)).toEqual(all.subarray(0, 3));
		expect(await reader.next(100)).toEqual(all.subarray(3));
	});

	it('closes its file, read or not', async () => {
		const stream = Readable.from([Buffer.alloc(100)]);
		const reader = new ChunkReader(async () => await Promise.resolve(stream));
		await reader.next(10);
		reader.close();
		expect(stream.destroyed).toBe(true);
		expect(() => new ChunkReader(Buffer.alloc(1)).close()).not.toThrow();
	});

	it('is read from memory, too', async () => {
		const reader = new ChunkReader(Buffer.from('abcdef'));
		expect(String(await reader.next(4))).toBe('abcd');
		expect(String(await reader.next(4))).toBe('ef');
		expect(await reader.next(4)).toHaveLength(0);
	});
});

it('chunks grow up to a limit, and shrink down to one', () => {
	expect(grown(FIRST_CHUNK)).toBe(2 * FIRST_CHUNK);
	expect(grown(LARGEST_CHUNK)).toBe(LARGEST_CHUNK);
	expect(shrunk(FIRST_CHUNK)).toBe(FIRST_CHUNK / 2);
	const sizes = [FIRST_CHUNK];
	for (let size = shrunk(FIRST_CHUNK); size !== undefined; size = shrunk(size)) sizes.push(size);
	expect(sizes.at(-1)).toBe(250_000);
});
