import { randomBytes } from 'node:crypto';

import type { DocuWareSimulator } from '../../../simulators/DocuWare/docuWareSimulator';
import { file, fileClient, index, type FileClient } from './fileClient';
import type { ReadAnswer } from './platformClient';
import { useSimulator } from './useSimulator';

const { start } = useSimulator();
const content = randomBytes(10_000);

const headersFor = (size = content.length, name = 'a.pdf') => ({
	'x-file-name': name,
	'x-file-size': String(size),
	'x-file-type': 'application/pdf',
});

function chunkOf(answer: ReadAnswer): { Finished: boolean; BytesWritten: number; next: string } {
	const { FileChunk } = answer.json() as {
		FileChunk: {
			Finished: boolean;
			BytesWritten: number;
			Links: Array<{ rel: string; href: string }>;
		};
	};
	const href = FileChunk.Links.find(({ rel }) => rel === 'next')?.href ?? '';
	return { ...FileChunk, next: href.replace('/DocuWare/Platform', '') };
}

async function send(
	client: FileClient,
	path: string,
	bytes: Buffer,
	headers = headersFor(),
	withIndex = false,
): Promise<ReadAnswer> {
	const parts = withIndex ? [index({ COMPANY: 'Peters' })] : [];
	return await client.parts(path, [...parts, file('a.pdf', bytes)], headers);
}

const stored = (simulator: DocuWareSimulator): Buffer[] =>
	simulator.state.documents
		.all()
		.flatMap(({ sections }) => sections.map((section) => section.content.bytes()));

describe('an upload in chunks', () => {
	it.each([
		['finished', { Finished: true, BytesWritten: 10_000 }],
		['null', null],
	] as const)('goes along the links; last answer %s', async (lastChunkAnswer, last) => {
		const simulator = await start({ lastChunkAnswer });
		const client = await fileClient(simulator);
		let answer = await send(client, 'Documents', content.subarray(0, 4000), headersFor(), true);
		expect(chunkOf(answer)).toMatchObject({ Finished: false, BytesWritten: 4000 });
		expect(simulator.state.chunkedUploads.waiting()).toHaveLength(1);
		answer = await send(client, chunkOf(answer).next, content.subarray(4000, 8000));
		// The vendor's Java library sends the bare bytes from the second chunk on.
		answer = await client.call('POST', chunkOf(answer).next, content.subarray(8000), {
			'content-type': 'application/pdf',
			'content-disposition': 'inline; filename="a.pdf";',
			...headersFor(),
		});
		const document = answer.json() as { FileChunk: unknown };
		expect(document).toMatchObject({ Id: 1, Title: 'a.pdf', FileSize: 10_000 });
		if (last === null) expect(document.FileChunk).toBeNull();
		else expect(document.FileChunk).toMatchObject(last);
		expect(stored(simulator)).toEqual([content]);
		expect(simulator.state.documents.all()[0]?.values).toEqual({ COMPANY: 'Peters' });
		expect(simulator.state.chunkedUploads.waiting()).toEqual([]);
	});

	it('may be whole with its first chunk', async () => {
		const client = await fileClient(await start());
		expect((await send(client, 'Documents', content)).json()).toMatchObject({
			Id: 1,
			FileChunk: { Finished: true },
		});
	});

	it('refuses what is not the next chunk, and goes on after it', async () => {
		const simulator = await start();
		const client = await fileClient(simulator);
		const first = chunkOf(await send(client, 'Documents', content.subarray(0, 4000)));
		const ahead = first.next.replace(/1$/, '2');
		expect((await send(client, ahead, content.subarray(8000))).status).toBe(409);
		const unknown = first.next.replace(/ChunkedUploads\/\w/, 'ChunkedUploads/f');
		expect((await send(client, unknown, content.subarray(4000))).status).toBe(404);
		const tooLong = Buffer.concat([content.subarray(4000), Buffer.alloc(1)]);
		expect((await send(client, first.next, tooLong)).status).toBe(422);
		const otherSize = headersFor(9999);
		expect((await send(client, first.next, content.subarray(4000), otherSize)).status).toBe(400);
		const withIndex = await send(client, first.next, content, headersFor(), true);
		expect(withIndex.status).toBe(400);
		expect((await send(client, first.next, content.subarray(4000))).status).toBe(200);
		expect(stored(simulator)).toEqual([content]);
	});

	it.each([
		['refused', 409, undefined],
		['accepted', 200, 8000],
		['appended', 200, 12_000],
	] as const)('a chunk that comes again is %s', async (repeatedChunk, status, written) => {
		const simulator = await start({ repeatedChunk });
		const client = await fileClient(simulator);
		const headers = headersFor(30_000);
		const first = chunkOf(await send(client, 'Documents', content.subarray(0, 4000), headers));
		const second = await send(client, first.next, content.subarray(4000, 8000), headers);
		const again = await send(client, first.next, content.subarray(4000, 8000), headers);
		expect(again.status).toBe(status);
		if (written !== undefined) expect(chunkOf(again).BytesWritten).toBe(written);
		if (repeatedChunk === 'accepted') expect(chunkOf(again).next).toBe(chunkOf(second).next);
	});

	it.each([
		['user', 200],
		['session', 404],
	] as const)('is continued by its %s alone', async (chunkOwner, status) => {
		const simulator = await start({ chunkOwner, concurrentLicences: 9 });
		const client = await fileClient(simulator);
		const first = chunkOf(await send(client, 'Documents', content.subarray(0, 4000)));
		simulator.revokeSessions();
		expect((await send(client, first.next, content.subarray(4000))).status).toBe(401);
		const other = await fileClient(simulator, {
			UserName: 'peggy.jenkins',
			Password: 'correct horse',
		});
		expect((await send(other, first.next, content.subarray(4000))).status).toBe(404);
		const again = await fileClient(simulator);
		expect((await send(again, first.next, content.subarray(4000))).status).toBe(status);
	});

	it('a chunk broken by a fault counts for nothing', async () => {
		const simulator = await start();
		const client = await fileClient(simulator);
		const first = chunkOf(await send(client, 'Documents', content.subarray(0, 4000)));
		simulator.faults.push({ kind: 'cutUpload' });
		await expect(send(client, first.next, content.subarray(4000))).rejects.toThrow();
		expect(simulator.state.chunkedUploads.waiting()).toMatchObject([{ bytesWritten: 4000 }]);
		expect((await send(client, first.next, content.subarray(4000))).status).toBe(200);
		expect(stored(simulator)).toEqual([content]);
	});

	it('brings several files in a tar archive', async () => {
		const simulator = await start();
		const client = await fileClient(simulator);
		const archive = tarOf({ 'a.pdf': 'one', 'b.txt': 'two' });
		const headers = (names: string) => ({
			...headersFor(archive.length, `Tar file names:${names}`),
			'x-file-type': 'application/vnd.docuware.platform.filescontainer+tar',
		});
		const first = await send(
			client,
			'Documents',
			archive.subarray(0, 700),
			headers('a.pdf/b.txt'),
			true,
		);
		const answer = await send(
			client,
			chunkOf(first).next,
			archive.subarray(700),
			headers('a.pdf/b.txt'),
		);
		expect(answer.json()).toMatchObject({
			SectionCount: 2,
			Sections: [
				{ OriginalFileName: 'a.pdf', ContentType: 'application/pdf' },
				{ OriginalFileName: 'b.txt', ContentType: 'text/plain' },
			],
		});
		expect(stored(simulator).map(String)).toEqual(['one', 'two']);
		expect((await send(client, 'Documents', archive, headers('a.pdf'))).status).toBe(422);
	});

	it.each([
		['percentDecoded', 'Größe.pdf'],
		['asSent', 'Gr%C3%B6%C3%9Fe.pdf'],
		['ofPart', 'a.pdf'],
	] as const)('is named by X-File-Name, %s', async (chunkFileName, name) => {
		const simulator = await start({ chunkFileName });
		const client = await fileClient(simulator);
		await send(client, 'Documents', content, headersFor(10_000, 'Gr%C3%B6%C3%9Fe.pdf'));
		expect(simulator.state.documents.all()[0]?.sections[0]?.name).toBe(name);
	});

	it.each([
		['no number', 'x'],
		['less than the chunk', '5'],
	])('is refused with a size that is %s', async (_, size) => {
		const client = await fileClient(await start());
		const answer = await send(client, 'Documents', content, {
			...headersFor(),
			'x-file-size': size,
		});
		expect([400, 422]).toContain(answer.status);
	});

	it('tells at once what is wrong with the index data', async () => {
		const client = await fileClient(await start());
		const parts = [index({ AMOUNT: 'much' }), file('a.pdf', content.subarray(0, 10))];
		expect((await client.parts('Documents', parts, headersFor())).status).toBe(422);
	});

	it('adds a section, and replaces one', async () => {
		const simulator = await start();
		const client = await fileClient(simulator);
		await client.parts('Documents', [file('first.pdf', 'first')]);
		for (const path of ['Sections?DocId=1', 'Sections/1-1/Data']) {
			const first = await send(client, path, content.subarray(0, 4000));
			const last = await send(client, chunkOf(first).next, content.subarray(4000));
			expect(last.json()).toMatchObject({ FileSize: 10_000, FileChunk: { Finished: true } });
		}
		expect(stored(simulator)).toEqual([content, content]);
	});
});

/** A tar archive as the vendor's sample makes one. */
function tarOf(files: Record<string, string>): Buffer {
	const blocks = Object.entries(files).flatMap(([name, text]) => {
		const header = Buffer.alloc(512);
		header.write(name, 0);
		header.write('0000644\0', 100);
		header.write(`${text.length.toString(8).padStart(11, '0')}\0`, 124);
		header.write('        ', 148);
		header.write('0', 156);
		header.write('ustar\0', 257);
		const sum = header.reduce((total, byte) => total + byte, 0);
		header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
		const body = Buffer.alloc(512);
		body.write(text);
		return [header, body];
	});
	return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
