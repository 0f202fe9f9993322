import { createHash, randomBytes } from 'node:crypto';

import {
	ContentSink,
	FileContent,
	patternBlockBytes,
} from '../../../../simulators/DocuWare/http/fileContent';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

function taken(bytes: Buffer, keptBytes: number, chunkBytes: number): FileContent {
	const sink = new ContentSink(keptBytes);
	for (let at = 0; at < bytes.length; at += chunkBytes) {
		sink.write(bytes.subarray(at, at + chunkBytes));
	}
	return sink.finish();
}

describe('content of a file', () => {
	it('is held as it is up to the limit, and read in any range', () => {
		const bytes = randomBytes(10_000);
		const content = taken(bytes, 10_000, 777);
		expect([content.size, content.isKept, content.sha256]).toEqual([10_000, true, sha256(bytes)]);
		expect(content.bytes().equals(bytes)).toBe(true);
		expect(Buffer.concat([...content.chunks(700, 5000)])).toEqual(bytes.subarray(700, 5000));
		expect(taken(Buffer.alloc(0), 10, 1).bytes()).toEqual(Buffer.alloc(0));
	});

	it('is told without being held where it repeats a block', () => {
		const block = randomBytes(65_536);
		const bytes = Buffer.concat(Array.from({ length: 33 }, () => block)).subarray(0, 2_100_000);
		const content = taken(bytes, 1_200_000, 50_001);
		expect([content.isKept, content.size, content.sha256]).toEqual([
			true,
			2_100_000,
			sha256(bytes),
		]);
		const range = Buffer.concat([...content.chunks(patternBlockBytes - 9, patternBlockBytes + 9)]);
		expect(range).toEqual(bytes.subarray(patternBlockBytes - 9, patternBlockBytes + 9));
		expect(content.bytes().equals(bytes)).toBe(true);
	});

	it.each([
		['repeats nothing', (bytes: Buffer) => bytes],
		['ends otherwise than it began', (bytes: Buffer) => bytes.fill(7, 0, bytes.length - 1)],
	])('that %s is known by its hash alone beyond the limit', (_, change) => {
		const bytes = change(randomBytes(2_100_000));
		const content = taken(bytes, 1_200_000, 50_001);
		expect([content.isKept, content.size, content.sha256]).toEqual([
			false,
			2_100_000,
			sha256(bytes),
		]);
		expect(() => content.bytes()).toThrow(/keptFileBytes/);
	});
});
