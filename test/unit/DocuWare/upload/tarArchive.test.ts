import { Readable } from 'node:stream';
import * as fc from 'fast-check';
import { tarArchive, type TarArchive } from '../../../../nodes/DocuWare/upload/tarArchive';
import { openBody } from '../../../../nodes/shared/http';
import { readTar } from '../../../simulators/DocuWare/world/tarArchive';
import { holdsAsync } from '../../../support/properties';

const archived = (name: string, content: Buffer) => ({ name, content, size: content.length });

async function bytesOf({ content }: TarArchive): Promise<Buffer> {
	const opened = await openBody(content);
	return Buffer.concat((await Readable.from(opened as Readable).toArray()) as Buffer[]);
}

describe('an archive of files', () => {
	it('holds them as they are, and has the size that it says, read twice too', async () => {
		const names = fc.string({ minLength: 1, maxLength: 24, unit: 'grapheme-ascii' });
		const files = fc.array(
			fc.record({
				name: names.map((name) => `${name.replace(/[\s/]/g, '_')}é.pdf`),
				content: fc.uint8Array({ maxLength: 1_100 }),
			}),
			{ minLength: 1, maxLength: 5 },
		);
		await holdsAsync(
			fc.asyncProperty(files, async (given) => {
				const archive = tarArchive(
					given.map(({ name, content }) => archived(name, Buffer.from(content))),
				);
				if (archive === undefined) throw new Error('No archive was made.');
				for (let times = 0; times < 2; times += 1) {
					const bytes = await bytesOf(archive);
					expect(bytes.length).toBe(archive.size);
					const read = readTar(bytes)?.map(({ name, content }) => [name, content.bytes()]);
					expect(read).toEqual(given.map(({ name, content }) => [name, Buffer.from(content)]));
				}
			}),
			60,
		);
	});

	it.each([
		['a name', archived(`${'x'.repeat(97)}.pdf`, Buffer.from('x'))],
		['a file', { name: 'a.pdf', content: '', size: 8 ** 11 }],
	])('is none where %s is too long for it', (_what, file) => {
		expect(tarArchive([file])).toBeUndefined();
	});

	it.each([
		[2, 'more bytes than the 2'],
		[4, 'only 3 bytes of the 4'],
	])('breaks off where a file has not the %i bytes that were told', async (size, told) => {
		const archive = tarArchive([{ name: 'a.pdf', content: Buffer.from('abc'), size }]);
		if (archive === undefined) throw new Error('No archive was made.');
		await expect(bytesOf(archive)).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
			message: expect.stringContaining(told),
			repair: expect.stringContaining('makes the file'),
		});
	});
});
