import { once } from 'node:events';
import { Readable } from 'node:stream';
import { startOf } from '../../../../nodes/shared/http';
import { silentFile } from '../../../support/silentFile';

/** A stream of so many pieces, of which none is made that nobody reads. */
function pieces(count: number): Readable {
	let made = 0;
	return new Readable({
		highWaterMark: 1,
		read() {
			made += 1;
			this.push(made > count ? null : Buffer.from(`piece ${made}, `));
		},
	});
}

async function textOf(stream: Readable): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
	return Buffer.concat(chunks).toString('utf8');
}

describe('the start of a stream', () => {
	it.each([1, 10, 1_000])('leaves all of it to be read: %i bytes', async (size) => {
		const whole = 'piece 1, piece 2, piece 3, ';
		const start = await startOf(pieces(3), size);
		const text = start.bytes.toString('utf8');
		expect(whole.startsWith(text)).toBe(true);
		expect(text.length).toBeGreaterThan(Math.min(size, whole.length - 1));
		expect(await textOf(start.whole)).toBe(whole);
	});

	// Red before: a source whose rest nobody had begun to read stayed open, with its connection.
	it.each(['before', 'after'])(
		'closes its source where it is closed %s it is read',
		async (when) => {
			const source = pieces(100);
			const { whole } = await startOf(source, 1);
			if (when === 'after') await once(whole, 'readable');
			expect(source.destroyed).toBe(false);
			const closed = once(source, 'close');
			whole.destroy();
			await closed;
			expect(source.destroyed).toBe(true);
		},
	);

	// Red before: it was closed with its next byte, which does not come.
	it('closes a source that has fallen silent', async () => {
		const source = silentFile();
		const asked = once(source, 'asked');
		source.push(Buffer.from('first'));
		const { whole } = await startOf(source, 1);
		whole.resume();
		await asked;
		whole.destroy();
		expect(source.destroyed).toBe(true);
	});

	it('passes on what breaks its source', async () => {
		const source = pieces(100);
		const { whole } = await startOf(source, 1);
		source.destroy(new Error('broken'));
		await expect(textOf(whole)).rejects.toThrow('broken');
	});
});
