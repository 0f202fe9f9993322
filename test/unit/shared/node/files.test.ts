import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { IBinaryData } from 'n8n-workflow';
import {
	contentDisposition,
	openBody,
	safeFileName,
	type ReplayableBody,
} from '../../../../nodes/shared/http';
import { isEmptyFile, readInputFile } from '../../../../nodes/shared/node/binaryInput';
import { executeContext } from '../../../support/n8nContext';

async function fileOf(data: IBinaryData, stored: Record<string, string> = {}) {
	const standIn = executeContext({ items: [{ binary: { file: data } }] });
	for (const [id, text] of Object.entries(stored)) standIn.stored.set(id, Buffer.from(text));
	return await readInputFile({ context: standIn.context, itemIndex: 0 }, 'file');
}

async function bytesOf(body: ReplayableBody | Readable): Promise<string> {
	const opened = await openBody(body);
	return (opened instanceof Readable ? await buffer(opened) : opened).toString();
}

describe('a file of an input item', () => {
	it('in memory has its size, and can be sent twice', async () => {
		const data = Buffer.from('tëxt').toString('base64');
		const file = await fileOf({ data, mimeType: '', fileName: 'a.txt' });
		expect(file).toMatchObject({
			fileName: 'a.txt',
			mediaType: 'application/octet-stream',
			size: 5,
		});
		expect(await bytesOf(file.body)).toBe('tëxt');
		expect(await bytesOf(file.body)).toBe('tëxt');
	});

	it("in n8n's store is opened anew each time", async () => {
		const data = { data: 'filesystem', id: 'f1', mimeType: 'application/pdf' };
		const file = await fileOf(data, { f1: '%PDF' });
		expect(file).toMatchObject({ fileName: undefined, mediaType: 'application/pdf', size: 4 });
		expect(typeof file.body).toBe('function');
		expect(await bytesOf(file.body)).toBe('%PDF');
		expect(await bytesOf(file.body)).toBe('%PDF');
	});

	it.each(['text/plain\r\nX-Evil: 1', 'pdf', 'te\u00e4t/plain', ''])(
		'has the media type %j no header could hold',
		async (mimeType) => {
			const file = await fileOf({ data: Buffer.from('x').toString('base64'), mimeType });
			expect(file.mediaType).toBe('application/octet-stream');
		},
	);

	it('of unknown size says so', async () => {
		const data = { data: 'database', id: 'f1', mimeType: 'text/plain' };
		expect((await fileOf(data)).size).toBeUndefined();
	});

	it('is empty where it has no byte, also in a store that tells no size', async () => {
		const stored = { data: 'database', id: 'f1', mimeType: 'text/plain' };
		expect(await isEmptyFile(await fileOf({ data: '', mimeType: 'text/plain' }))).toBe(true);
		expect(await isEmptyFile(await fileOf({ data: 'eA==', mimeType: 'text/plain' }))).toBe(false);
		expect(await isEmptyFile(await fileOf(stored, { f1: '' }))).toBe(true);
		expect(await isEmptyFile(await fileOf(stored, { f1: 'x' }))).toBe(false);
		const open =
			(...pieces: Buffer[]) =>
			async () =>
				await Promise.resolve(Readable.from(pieces));
		expect(await isEmptyFile({ size: undefined, body: open() })).toBe(true);
		const late = open(Buffer.alloc(0), Buffer.from('x'));
		expect(await isEmptyFile({ size: undefined, body: late })).toBe(false);
	});

	it("is n8n's error where the item has none", async () => {
		const { context } = executeContext();
		await expect(readInputFile({ context, itemIndex: 0 }, 'file')).rejects.toThrow("'file'");
	});
});

describe('a file name', () => {
	it.each([
		['invoice.pdf', 'invoice.pdf'],
		['../../etc/passwd', 'passwd'],
		['C:\\temp\\a.pdf', 'a.pdf'],
		['a:b*c?.pdf', 'a_b_c_.pdf'],
		['a\r\nX-Header: 1', 'a_X-Header_ 1'],
		['..', '_'],
		['.hidden', '_hidden'],
		['  ', 'file'],
		['folder/', 'file'],
		['half \ud83d.pdf', 'half _.pdf'],
		['whole \u{1f600}.pdf', 'whole \u{1f600}.pdf'],
		['invoice\u202efdp.exe', 'invoicefdp.exe'],
		['\u2067\u200f', 'file'],
		['\u05d7\u05e9\u05d1\u05d5\u05df.pdf', '\u05d7\u05e9\u05d1\u05d5\u05df.pdf'],
		[`${'a'.repeat(300)}.pdf`, `${'a'.repeat(251)}.pdf`],
		[`${'a'.repeat(250)}\u{1f600}${'b'.repeat(50)}.pdf`, `${'a'.repeat(250)}.pdf`],
		[`${'a'.repeat(300)}.${'e'.repeat(20)}`, 'a'.repeat(255)],
	])('%j is made %j', (name, expected) => {
		expect(safeFileName(name)).toBe(expected);
	});

	it('is sent in ASCII, and beyond it after RFC 5987 too', () => {
		expect(contentDisposition('attachment', 'a.pdf')).toBe('attachment; filename="a.pdf"');
		expect(contentDisposition('file', "Zürich (1)'.pdf")).toBe(
			`file; filename="Zurich (1)'.pdf"; filename*=UTF-8''Z%C3%BCrich%20%281%29%27.pdf`,
		);
	});
});
