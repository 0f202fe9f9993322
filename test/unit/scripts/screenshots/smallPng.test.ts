import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { smallPng } from '../../../../scripts/screenshots/smallPng';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

function chunk(kind: string, content: Buffer): Buffer {
	const named = Buffer.concat([Buffer.from(kind, 'latin1'), content]);
	const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
	length.writeUInt32BE(content.length);
	sum.writeUInt32BE(crc32(named));
	return Buffer.concat([length, named, sum]);
}

/** A PNG of three pixels a row, whose rows begin with the number of their filter. */
function png(rows: number[][], colourType = 2): Buffer {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(3, 0);
	header.writeUInt32BE(rows.length, 4);
	header.set([8, colourType, 0, 0, 0], 8);
	const data = deflateSync(Buffer.from(rows.flat()));
	return Buffer.concat([
		...[SIGNATURE, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))],
	]);
}

/** The colours of a PNG with a palette, row by row; looks at each checksum. */
function coloursOf(picture: Buffer): string[][] {
	const parts: Record<string, Buffer> = {};
	for (let at = 8; at < picture.length;) {
		const length = picture.readUInt32BE(at);
		const named = picture.subarray(at + 4, at + 8 + length);
		expect(picture.readUInt32BE(at + 8 + length)).toBe(crc32(named));
		parts[named.toString('latin1', 0, 4)] = named.subarray(4);
		at += length + 12;
	}
	const { IHDR = Buffer.alloc(13), PLTE = Buffer.alloc(0), IDAT = Buffer.alloc(0) } = parts;
	const [width, height] = [IHDR.readUInt32BE(0), IHDR.readUInt32BE(4)];
	expect([...IHDR.subarray(8)]).toEqual([8, 3, 0, 0, 0]);
	const data = inflateSync(IDAT);
	return Array.from({ length: height }, (_row, row) =>
		[...data.subarray(row * (width + 1) + 1, (row + 1) * (width + 1))].map((index) =>
			PLTE.toString('hex', index * 3, index * 3 + 3),
		),
	);
}

it('keeps the colours, whatever filter a row has', () => {
	const picture = png([
		[0, 10, 20, 30, 11, 22, 33, 10, 20, 30],
		[1, 10, 20, 30, 1, 2, 3, 255, 254, 253],
		[2, 0, 0, 0, 0, 0, 0, 0, 0, 0],
		[3, 5, 10, 15, 0, 1, 1, 0, 254, 254],
		[4, 0, 0, 0, 1, 2, 3, 255, 254, 253],
	]);
	const row = ['0a141e', '0b1621', '0a141e'];
	const colours = coloursOf(smallPng(picture));
	expect(colours.slice(0, 3)).toEqual([row, row, row]);
	expect(colours[3]?.[0]).toBe('0a141e');
	expect(colours[4]?.[0]).toBe('0a141e');
});

it('leaves out alpha', () => {
	const picture = png([[0, 1, 2, 3, 255, 4, 5, 6, 255, 1, 2, 3, 255]], 6);
	expect(coloursOf(smallPng(picture))).toEqual([['010203', '040506', '010203']]);
});

it('takes the nearest of the most frequent colours where there are more than 256', () => {
	const rows = Array.from({ length: 256 }, (_row, index) => [
		...[0, index, 0, 0, index, 0, 0, index, 0, 0],
	]);
	const rare = [0, 7, 0, 1, 7, 0, 0, 7, 0, 0];
	const colours = coloursOf(smallPng(png([...rows, rare])));
	expect(colours.at(-1)).toEqual(['070000', '070000', '070000']);
	expect(colours[200]).toEqual(['c80000', 'c80000', 'c80000']);
});

it('is told another kind of file', () => {
	expect(() => smallPng(Buffer.from('GIF89a, and so on'))).toThrow('no PNG');
});
