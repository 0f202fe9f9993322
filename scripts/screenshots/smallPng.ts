import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const MOST_COLOURS = 256;

interface Image {
	width: number;
	height: number;
	/** Three bytes a pixel: red, green, blue. */
	pixels: Buffer;
}

/**
 * The same picture with at most 256 colours, a third as large: what text and forms show loses nothing that is
 * seen. Colours beyond the 256 most frequent become the nearest of these.
 *
 * @param png as Chromium writes it: eight bits a channel, not interlaced, opaque
 * @throws {Error} for another kind of PNG
 */
export function smallPng(png: Buffer): Buffer {
	const { width, height, pixels } = decoded(png);
	const { palette, indexOf } = coloursOf(pixels);
	const rows = Buffer.alloc((width + 1) * height);
	for (let row = 0; row < height; row++) {
		for (let column = 0; column < width; column++) {
			const colour = pixels.readUIntBE((row * width + column) * 3, 3);
			rows[row * (width + 1) + 1 + column] = indexOf(colour);
		}
	}
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([8, 3, 0, 0, 0], 8);
	return Buffer.concat([
		SIGNATURE,
		chunk('IHDR', header),
		chunk('PLTE', palette),
		chunk('IDAT', deflateSync(rows, { level: 9 })),
		chunk('IEND', Buffer.alloc(0)),
	]);
}

function coloursOf(pixels: Buffer): { palette: Buffer; indexOf(colour: number): number } {
	const counts = new Map<number, number>();
	for (let at = 0; at < pixels.length; at += 3) {
		const colour = pixels.readUIntBE(at, 3);
		counts.set(colour, (counts.get(colour) ?? 0) + 1);
	}
	const frequent = [...counts.entries()]
		.sort(([, one], [, other]) => other - one)
		.slice(0, MOST_COLOURS)
		.map(([colour]) => colour);
	const indices = new Map(frequent.map((colour, index) => [colour, index]));
	const palette = Buffer.alloc(frequent.length * 3);
	frequent.forEach((colour, index) => palette.writeUIntBE(colour, index * 3, 3));
	return {
		palette,
		indexOf(colour) {
			const known = indices.get(colour);
			if (known !== undefined) return known;
			const index = nearest(frequent, colour);
			indices.set(colour, index);
			return index;
		},
	};
}

function nearest(colours: readonly number[], colour: number): number {
	let [best, least] = [0, Infinity];
	colours.forEach((other, index) => {
		const distance = [16, 8, 0].reduce(
			(sum, shift) => sum + (((colour >> shift) & 255) - ((other >> shift) & 255)) ** 2,
			0,
		);
		if (distance < least) [best, least] = [index, distance];
	});
	return best;
}

/** Reads a PNG (ISO/IEC 15948) of eight bits for each of red, green and blue, with or without alpha. */
function decoded(png: Buffer): Image {
	if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error('This is no PNG.');
	const data: Buffer[] = [];
	let header = Buffer.alloc(0);
	for (let at = 8; at < png.length;) {
		const length = png.readUInt32BE(at);
		const kind = png.toString('latin1', at + 4, at + 8);
		const content = png.subarray(at + 8, at + 8 + length);
		if (kind === 'IHDR') header = Buffer.from(content);
		if (kind === 'IDAT') data.push(content);
		at += length + 12;
	}
	const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
	const [depth, kind, , , interlaced] = header.subarray(8);
	const channels = kind === 2 ? 3 : 4;
	if (depth !== 8 || (kind !== 2 && kind !== 6) || interlaced !== 0) {
		throw new Error(
			'Only PNGs of eight bits a channel, in true colour and not interlaced, are read.',
		);
	}
	const rows = unfiltered(inflateSync(Buffer.concat(data)), width * channels, height, channels);
	const pixels = Buffer.alloc(width * height * 3);
	for (let pixel = 0; pixel < width * height; pixel++) {
		rows.copy(pixels, pixel * 3, pixel * channels, pixel * channels + 3);
	}
	return { width, height, pixels };
}

/** Takes back the filter of each row. */
function unfiltered(filtered: Buffer, length: number, height: number, step: number): Buffer {
	const rows = Buffer.alloc(length * height);
	for (let row = 0; row < height; row++) {
		const filter = filtered[row * (length + 1)] ?? 0;
		for (let column = 0; column < length; column++) {
			const at = row * length + column;
			const left = column < step ? 0 : (rows[at - step] ?? 0);
			const up = row === 0 ? 0 : (rows[at - length] ?? 0);
			const corner = column < step || row === 0 ? 0 : (rows[at - length - step] ?? 0);
			const value = filtered[row * (length + 1) + 1 + column] ?? 0;
			rows[at] = value + predicted(filter, left, up, corner);
		}
	}
	return rows;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
	switch (filter) {
		case 0:
			return 0;
		case 1:
			return left;
		case 2:
			return up;
		case 3:
			return (left + up) >> 1;
		default:
			return nearestToSum(left, up, corner);
	}
}

/** The predictor that PNG calls Paeth. */
function nearestToSum(left: number, up: number, corner: number): number {
	const estimate = left + up - corner;
	const distance = (one: number) => Math.abs(estimate - one);
	if (distance(left) <= Math.min(distance(up), distance(corner))) return left;
	return distance(up) <= distance(corner) ? up : corner;
}

function chunk(kind: string, content: Buffer): Buffer {
	const named = Buffer.concat([Buffer.from(kind, 'latin1'), content]);
	const whole = Buffer.alloc(named.length + 8);
	whole.writeUInt32BE(content.length, 0);
	named.copy(whole, 4);
	whole.writeUInt32BE(crc32(named), named.length + 4);
	return whole;
}
