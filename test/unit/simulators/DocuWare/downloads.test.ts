import { inflateRawSync } from 'node:zlib';

import { dispositionName } from '../../../../nodes/shared/http/dispositionName';
import type { SwitchChanges } from '../../../simulators/DocuWare/switches';
import { file, fileClient, index, type FileClient } from './fileClient';
import { useSimulator } from './useSimulator';

const { start } = useSimulator();

/** A cabinet with a PDF (1), a document of two files of one name (2) and a data record (3). */
async function stocked(switches: SwitchChanges = {}): Promise<FileClient> {
	const client = await fileClient(await start(switches));
	await client.parts('Documents', [index({ COMPANY: 'Peters' }), file('a.pdf', '%PDF-1 one')]);
	await client.parts('Documents', [
		file('a.txt', 'one\ttwo\nthree four', 'text/plain'),
		file('a.txt', 'second', 'text/plain'),
	]);
	await client.json('POST', 'Documents', { Fields: [] });
	return client;
}

describe('a download', () => {
	it.each([
		['Documents/1/FileDownload', 'application/pdf', 'a.pdf'],
		[
			'Documents/1/FileDownload?TargetFileType=Auto&KeepAnnotations=false',
			'application/pdf',
			'a.pdf',
		],
		[
			'Documents/1/FileDownload?targetfiletype=pdf&keepannotations=TRUE',
			'application/pdf',
			'a.pdf',
		],
		['Documents/1/FileDownload?TargetFileType=Zip', 'application/zip', 'a.zip'],
		['Documents/2/FileDownload?TargetFileType=PDF', 'application/pdf', 'a.pdf'],
		['Documents/2/FileDownload?TargetFileType=Auto', 'application/zip', 'a.zip'],
		['Documents/2/DownloadAsArchive', 'application/zip', 'a.zip'],
		['Sections/2-2/FileDownload', 'text/plain', 'a.txt'],
		['Sections/2-2/Data', 'text/plain', 'a.txt'],
	])('%s is %s', async (path, type, name) => {
		const { answer, body } = await (await stocked()).bytes(path);
		expect(answer.headers.get('content-type')).toBe(type);
		expect(answer.headers.get('content-length')).toBe(String(body.length));
		expect(dispositionName(answer.headers.get('content-disposition') ?? '')).toBe(name);
		if (type === 'application/pdf') expect(body.toString()).toMatch(/^%PDF-1/);
		if (type === 'application/zip') {
			expect(namesIn(body)).toEqual(path.includes('/1/') ? ['a.pdf'] : ['a.txt', 'a (2).txt']);
		}
		if (type === 'text/plain') expect(body.toString()).toBe('second');
	});

	it.each([
		['Documents/3/FileDownload', 404],
		['Documents/9/FileDownload', 404],
		['Documents/1/FileDownload?TargetFileType=Word', 422],
		['Documents/1/FileDownload?KeepAnnotations=some', 422],
		['Sections/1-9/Data', 404],
		['Sections/nine/Data', 404],
	])('%s is refused with %d', async (path, status) => {
		expect((await (await stocked()).bytes(path)).answer.status).toBe(status);
	});

	it('gives a range of the bytes', async () => {
		const client = await stocked();
		const { answer, body } = await client.bytes('Sections/2-2/Data', { range: 'bytes=1-3' });
		expect([answer.status, answer.headers.get('content-range'), body.toString()]).toEqual([
			206,
			'bytes 1-3/6',
			'eco',
		]);
		const last = await client.bytes('Sections/2-2/Data', { range: 'bytes=-2' });
		expect(last.body.toString()).toBe('nd');
		const beyond = await client.bytes('Sections/2-2/Data', { range: 'bytes=6-' });
		expect(beyond.answer.status).toBe(416);
	});

	it.each(['chunked', 'gzip'] as const)('comes %s, without its length', async (downloadForm) => {
		const client = await stocked({ downloadForm });
		const { answer, body } = await client.bytes('Sections/2-2/Data');
		expect(answer.headers.get('content-length')).toBeNull();
		expect(answer.headers.get('content-encoding')).toBe(downloadForm === 'gzip' ? 'gzip' : null);
		expect(body.toString()).toBe('second');
		const plain = await client.bytes('Sections/2-2/Data', { 'accept-encoding': 'identity' });
		expect(plain.answer.headers.get('content-encoding')).toBeNull();
	});

	it.each([
		[
			'both',
			`attachment; filename="na_ve \\"1\\"/..\\\\x_.pdf"; filename*=UTF-8''na%C3%AFve%20%221%22%2F..%5Cx%E2%82%AC.pdf`,
		],
		['extended', `attachment; filename*=UTF-8''na%C3%AFve%20%221%22%2F..%5Cx%E2%82%AC.pdf`],
		['plain', 'attachment; filename="naïve \\"1\\"/..\\\\x€.pdf"'],
		['none', null],
	] as const)('carries a hostile name %s', async (downloadNames, header) => {
		const client = await stocked({ downloadNames, downloadFileName: 'naïve "1"/..\\x€.pdf' });
		const { answer } = await client.bytes('Documents/1/FileDownload');
		const sent = answer.headers.get('content-disposition');
		expect(sent === null ? null : Buffer.from(sent, 'latin1').toString('utf8')).toBe(header);
	});

	it('is cut in the middle by a fault', async () => {
		const simulator = await start();
		const client = await fileClient(simulator);
		await client.parts('Documents', [file('a.bin', Buffer.alloc(500_000, 7))]);
		simulator.faults.push({ kind: 'truncatedBody', where: { path: /FileDownload/ } });
		await expect(client.bytes('Documents/1/FileDownload')).rejects.toThrow();
		expect(simulator.faults.size).toBe(0);
		expect((await client.bytes('Documents/1/FileDownload')).body).toHaveLength(500_000);
	});

	it('tells when the bytes were not kept', async () => {
		const simulator = await start({ keptFileBytes: 100 });
		const client = await fileClient(simulator);
		await client.parts('Documents', [file('a.bin', Buffer.from('abc'.repeat(100)))]);
		await expect(client.bytes('Documents/1/FileDownload')).rejects.toThrow();
		expect(simulator.state.documents.all()[0]?.sections[0]?.content.isKept).toBe(false);
	});
});

describe('thumbnails and text', () => {
	it('are those of a document and of a page', async () => {
		const client = await stocked();
		for (const path of ['Documents/1/Thumbnail', 'Rendering/2-1/Thumbnail?Page=0']) {
			const { answer, body } = await client.bytes(path);
			expect([answer.headers.get('content-type'), body.subarray(1, 4).toString()]).toEqual([
				'image/png',
				'PNG',
			]);
		}
		expect((await client.bytes('Rendering/2-1/Thumbnail?page=1')).answer.status).toBe(404);
		expect((await client.bytes('Documents/3/Thumbnail')).answer.status).toBe(404);
	});

	it.each(['list', 'entry'] as const)(
		'has zones of text and tables, a single one as %s',
		async (form) => {
			const client = await stocked({ textshotSingles: form });
			const { Pages } = (await client.call('GET', 'Sections/2-1/Textshot')).json() as {
				Pages: Array<{ Items: Array<Record<string, unknown>> }>;
			};
			const [page] = Pages;
			expect(page?.Items.map(({ $type: type }) => type)).toEqual(['TableZone', 'TextZone']);
			const [table, text] = page?.Items ?? [];
			const line = {
				Items: [
					{ $type: 'Word', Value: 'three' },
					{ $type: 'Space' },
					{ $type: 'Word', Value: 'four' },
				],
			};
			expect(text).toMatchObject({ Ln: form === 'entry' ? line : [line] });
			expect(table).toMatchObject({ gridT: { gridCol: 2, gridRow: 1 } });
			expect((table as { Cz: unknown[] }).Cz).toHaveLength(2);
		},
	);

	it('is missing where nothing was recognized', async () => {
		const client = await stocked({ textRecognition: false });
		expect((await client.call('GET', 'Sections/2-1/Textshot')).status).toBe(404);
		const section = (await client.call('GET', 'Sections/2-1')).json() as {
			Links: Array<{ rel: string }>;
		};
		expect(section.Links.map(({ rel }) => rel)).not.toContain('textshot');
	});
});

/** Names in the central directory of a ZIP; each entry is read by its local header, too. */
function namesIn(zip: Buffer): string[] {
	const names: string[] = [];
	for (let at = 0; zip.readUInt32LE(at) === 0x04034b50;) {
		const [size, nameLength] = [zip.readUInt32LE(at + 18), zip.readUInt16LE(at + 26)];
		names.push(zip.subarray(at + 30, at + 30 + nameLength).toString());
		expect(zip.readUInt16LE(at + 8)).toBe(0);
		at += 30 + nameLength + size;
	}
	expect(inflateRawSync(Buffer.from([3, 0]))).toHaveLength(0);
	return names;
}
