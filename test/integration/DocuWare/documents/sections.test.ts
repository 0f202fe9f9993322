import { createHash } from 'node:crypto';
import type { IBinaryData, IDataObject } from 'n8n-workflow';
import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';

/** A file as an item has it. */
function file(content: string | Buffer, fileName = 'scan.txt', mimeType = 'text/plain') {
	const data: IBinaryData = { data: Buffer.from(content).toString('base64'), mimeType, fileName };
	return { binary: { data } };
}

const locator = { __rl: true, mode: 'id', value: INVOICES };

function documentOperation(name: string, documentId: unknown, more: IDataObject = {}) {
	return operation('document', name, {
		fileCabinetId: locator,
		documentId,
		...more,
	} as IDataObject);
}

/** Stores a document of one file with the raw call, and gives its number. */
async function stored(
	{ run }: NodeFixture,
	item = file('Invoice 4711\nArticle\tPrice\nBolt\t1.20'),
) {
	const { items } = await run(
		operation('customApiCall', 'call', {
			method: 'POST',
			path: `FileCabinets/${INVOICES}/Documents`,
			bodyType: 'binary',
		}),
		{ items: [item] },
	);
	return String(items[0]?.json.Id);
}

function bytesOf(item: { binary?: Record<string, IBinaryData> } | undefined): Buffer {
	return Buffer.from(item?.binary?.data?.data ?? '', 'base64');
}

const codeOf = (code: string) => ({ message: expect.stringContaining(`[${code}]`) });

describe('the files of a document', () => {
	it('are listed, appended, replaced and deleted, each named by place or ID', async () => {
		// A name in a header has two forms at most, and a server that reads the plain one gets ASCII.
		const fixture = await start({ uploadFileNames: 'both' });
		const { run } = fixture;
		const id = await stored(fixture, file('one', 'Übersicht.txt'));
		const appended = await run(documentOperation('appendFile', id), {
			items: [file('second', 'zwei – 2.pdf', 'application/pdf')],
		});
		expect(appended.items[0]?.json).toMatchObject({
			documentId: Number(id),
			fileCabinetId: INVOICES,
			fileName: 'zwei – 2.pdf',
			fileSize: 6,
		});
		const { items } = await run(documentOperation('getSections', id));
		expect(items.map(({ json }) => [json.fileName, json.fileSize])).toEqual([
			['Übersicht.txt', 3],
			['zwei – 2.pdf', 6],
		]);
		expect(items[0]?.json.modifiedAt).toMatch(/^\d{4}-.*Z$/);
		const replaced = await run(documentOperation('replaceSection', id, { sectionId: '2' }), {
			items: [file('second again', 'zwei.pdf', 'application/pdf')],
		});
		expect(replaced.items[0]?.json).toMatchObject({
			sectionId: items[1]?.json.sectionId,
			fileSize: 12,
		});
		const deleted = await run(
			documentOperation('deleteSection', id, { sectionId: String(items[0]?.json.sectionId) }),
		);
		expect(deleted.items[0]?.json).toEqual({
			deleted: true,
			sectionId: items[0]?.json.sectionId,
			documentId: Number(id),
			fileCabinetId: INVOICES,
		});
		const left = await run(documentOperation('getSections', id));
		expect(left.items.map(({ json }) => json.fileSize)).toEqual([12]);
	});

	it('are not guessed where there are several, nor where there is none', async () => {
		const fixture = await start();
		const { run } = fixture;
		const id = await stored(fixture);
		await run(documentOperation('appendFile', id), { items: [file('two', 'b.txt')] });
		await expect(run(documentOperation('deleteSection', id))).rejects.toMatchObject({
			message: expect.stringContaining('which has 2'),
		});
		await expect(
			run(documentOperation('deleteSection', id, { sectionId: '3' })),
		).rejects.toMatchObject(codeOf('DOCUWARE_INVALID_PARAMETER'));
		await expect(
			run(documentOperation('download', '999', { downloadFormat: 'section', sectionId: '1' })),
		).rejects.toMatchObject(codeOf('DOCUWARE_NOT_FOUND'));
	});

	it('are replaced in parts where they are large, though one of them breaks', async () => {
		const fixture = await start();
		const id = await stored(fixture);
		const large = Buffer.from(Array.from({ length: 12_000_000 }, (_none, index) => index % 250));
		fixture.simulator.faults.push({ kind: 'reset', where: { path: /ChunkedUploads/ } });
		const { items } = await fixture.run(
			documentOperation('replaceSection', id, { sectionId: '1', options: { partsAbove: 1 } }),
			{ items: [file(large, 'Übersicht.pdf', 'application/pdf')] },
		);
		expect(items[0]?.json).toMatchObject({ sectionId: `${id}-1`, fileSize: large.length });
		const [document] = fixture.simulator.state.documents.all();
		const sections = document?.sections.map(({ content }) => content.sha256);
		expect(sections).toEqual([createHash('sha256').update(large).digest('hex')]);
		const { requests } = fixture.simulator.counters;
		expect(requests['POST FileCabinets/{fileCabinetId}/Sections/{sectionId}/Data']).toBe(1);
	});

	it.each(['deleteSection', 'replaceSection', 'download', 'getText', 'getThumbnail'])(
		'are left alone by %s where the ID is of a section of another document',
		async (name) => {
			const fixture = await start();
			const { run } = fixture;
			const id = await stored(fixture);
			const other = await stored(fixture, file('of the other', 'other.txt'));
			const more = { sectionId: `${other}-1`, downloadFormat: 'section' };
			await expect(
				run(documentOperation(name, id, more), { items: [file('new')] }),
			).rejects.toMatchObject({
				message: expect.stringMatching(
					new RegExp(`"${other}-1".*document ${id}.*\\[DOCUWARE_INVALID_PARAMETER\\]`),
				),
			});
			const left = await run(documentOperation('getSections', other));
			expect(left.items.map(({ json }) => json.fileName)).toEqual(['other.txt']);
			const own = await run(documentOperation(name, id, { ...more, sectionId: `${id}-1` }), {
				items: [file('new')],
			});
			expect(own.items).toHaveLength(1);
		},
	);

	it('are appended in parts where they are large', async () => {
		const fixture = await start();
		const id = await stored(fixture);
		const large = Buffer.alloc(4_000_000, 'large ');
		const { items } = await fixture.run(
			documentOperation('appendFile', id, { options: { partsAbove: 1 } }),
			{ items: [file(large, 'large.bin', 'application/octet-stream')] },
		);
		expect(items[0]?.json).toMatchObject({ fileName: 'large.bin', fileSize: large.length });
		const download = await fixture.run(
			documentOperation('download', id, { downloadFormat: 'section', sectionId: '2' }),
		);
		expect(hash(bytesOf(download.items[0]))).toBe(hash(large));
	});
});

describe('a download', () => {
	it.each(['length', 'chunked', 'gzip'] as const)(
		'gives the original byte for byte, as it comes with %s',
		async (downloadForm) => {
			const fixture = await start({ downloadForm });
			const content = Buffer.from(Array.from({ length: 70_000 }, (_none, index) => index % 256));
			const id = await stored(fixture, file(content, 'scan 1.tif', 'image/tiff'));
			const { items } = await fixture.run(documentOperation('download', Number(id)));
			expect(items[0]?.json).toMatchObject({
				documentId: Number(id),
				fileCabinetId: INVOICES,
				fileName: 'scan 1.tif',
				mediaType: 'image/tiff',
				isArchive: false,
			});
			expect(hash(bytesOf(items[0]))).toBe(hash(content));
			expect(items[0]?.binary?.data?.fileName).toBe('scan 1.tif');
		},
	);

	it('of several files is an archive, and called one', async () => {
		const fixture = await start({ severalFilesAuto: 'zip' });
		const id = await stored(fixture, file('one', 'contract.txt'));
		await fixture.run(documentOperation('appendFile', id), { items: [file('two', 'b.txt')] });
		const { items } = await fixture.run(documentOperation('download', id));
		expect(items[0]?.json).toMatchObject({
			isArchive: true,
			fileName: expect.stringMatching(/\.zip$/),
		});
		expect(bytesOf(items[0]).subarray(0, 2).toString()).toBe('PK');
	});

	it.each([
		['pdf', 'application/pdf'],
		['annotatedPdf', 'application/pdf'],
		['zip', 'application/zip'],
	])('as %s is of the type %s', async (downloadFormat, mediaType) => {
		const fixture = await start();
		const id = await stored(fixture);
		const { items } = await fixture.run(documentOperation('download', id, { downloadFormat }));
		expect(items[0]?.json).toMatchObject({ mediaType });
		expect(bytesOf(items[0]).length).toBeGreaterThan(0);
	});

	it.each([
		['../../etc/passwd', 'passwd'],
		['..\\..\\evil.exe', 'evil.exe'],
		['.hidden', '_hidden'],
		['a:b*c?.pdf', 'a_b_c_.pdf'],
	])('called %s is kept as %s', async (downloadFileName, safe) => {
		const fixture = await start();
		const id = await stored(fixture);
		fixture.simulator.configure({ downloadFileName });
		const { items } = await fixture.run(documentOperation('download', id));
		expect(items[0]?.json.fileName).toBe(safe);
	});

	it('is called as somebody chose', async () => {
		const fixture = await start();
		const id = await stored(fixture);
		const { items } = await fixture.run(
			documentOperation('download', id, { options: { fileName: 'my name.txt' } }),
		);
		expect(items[0]?.binary?.data?.fileName).toBe('my name.txt');
	});

	it('that is cut is an error, not a short file', async () => {
		const fixture = await start();
		const id = await stored(fixture, file(Buffer.alloc(200_000, 1), 'a.bin'));
		const where = { path: /FileDownload/i };
		fixture.simulator.faults.push({ kind: 'truncatedBody', where });
		await expect(fixture.run(documentOperation('download', id))).rejects.toMatchObject(
			codeOf('HTTP_CONNECTION_LOST'),
		);
		expect(fixture.simulator.faults.size).toBe(0);
	});

	describe('where n8n keeps files in its database', () => {
		beforeEach(() => {
			process.env.N8N_DEFAULT_BINARY_DATA_MODE = 'database';
			process.env.N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE = '1';
		});

		it.each(['length', 'chunked', 'gzip'] as const)(
			'is refused above its limit, whether or not its size is told (%s)',
			async (downloadForm) => {
				const fixture = await start({ downloadForm });
				const id = await stored(fixture, file(Buffer.alloc(2_000_000, 1), 'a.bin'));
				const failure = fixture.run(documentOperation('download', id));
				await expect(failure).rejects.toMatchObject({
					message: expect.stringMatching(
						/"a\.bin" has .*N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE.*\[DOCUWARE_FILE_TOO_LARGE\]/,
					),
				});
			},
		);

		it('is kept up to it', async () => {
			const fixture = await start();
			const id = await stored(fixture, file(Buffer.alloc(1_000_000, 1), 'a.bin'));
			const { items } = await fixture.run(documentOperation('download', id));
			expect(bytesOf(items[0])).toHaveLength(1_000_000);
		});
	});
});

describe('the text of a document', () => {
	const TEXT = 'Invoice 4711\nPeters Ltd\nArticle\tPrice\nBolt\t1.20\fPage two';

	it('holds lines, tables and pages', async () => {
		const fixture = await start();
		const id = await stored(fixture, file(TEXT));
		const { items } = await fixture.run(documentOperation('getText', id));
		expect(items[0]?.json).toMatchObject({
			documentId: Number(id),
			text: 'Invoice 4711\nPeters Ltd\n\nArticle\tPrice\nBolt\t1.20\n\nPage two',
			sections: [{ fileName: 'scan.txt', pageCount: 2 }],
		});
		const pages = await fixture.run(documentOperation('getText', id, { textOutput: 'page' }));
		expect(pages.items.map(({ json }) => [json.page, json.text])).toEqual([
			[1, 'Invoice 4711\nPeters Ltd\n\nArticle\tPrice\nBolt\t1.20'],
			[2, 'Page two'],
		]);
		const raw = await fixture.run(documentOperation('getText', id, { textOutput: 'raw' }));
		expect(raw.items[0]?.json).toHaveProperty('textshot.Pages');
	});

	it('is empty where DocuWare has read none', async () => {
		const fixture = await start({ textRecognition: false });
		const id = await stored(fixture, file(TEXT));
		const { items } = await fixture.run(documentOperation('getText', id));
		expect(items[0]?.json).toMatchObject({ text: '', sections: [{ pageCount: 0 }] });
	});

	it('of one section is that of no other', async () => {
		const fixture = await start();
		const id = await stored(fixture, file('first'));
		await fixture.run(documentOperation('appendFile', id), { items: [file('other', 'b.txt')] });
		const one = await fixture.run(
			documentOperation('getText', id, { sectionId: '2', textOutput: 'section' }),
		);
		expect(one.items.map(({ json }) => json.text)).toEqual(['other']);
	});
});

describe('as a tool of an agent', () => {
	const asTool = { nodeType: 'n8n-nodes-exactonline-docuware.docuWareTool' };

	it('the text is cut at 10 kB, and says so', async () => {
		const fixture = await start();
		const id = await stored(fixture, file('Überfluss '.repeat(3_000)));
		const { items } = await fixture.run(documentOperation('getText', id), asTool);
		expect(Buffer.byteLength(JSON.stringify(items[0]?.json))).toBeLessThan(10_000);
		expect(items[0]?.json).toMatchObject({ isCut: true, text: expect.stringContaining('[Cut: ') });
	});

	it('a download is names, sizes and text, and no bytes', async () => {
		const fixture = await start();
		const id = await stored(fixture, file('Überfluss '.repeat(3_000)));
		const { items } = await fixture.run(documentOperation('download', id), asTool);
		expect(items[0]?.binary).toBeUndefined();
		expect(items[0]?.json).toMatchObject({
			sectionCount: 1,
			files: [{ fileName: 'scan.txt', fileSize: 33_000, mediaType: 'text/plain' }],
			text: expect.stringContaining('Überfluss'),
		});
		expect(Buffer.byteLength(JSON.stringify(items[0]?.json))).toBeLessThan(10_000);
	});

	it.each<[string, IDataObject]>([
		['getSections', { output: 'raw' }],
		['getText', { sectionId: '1', textOutput: 'raw' }],
		['getText', { textOutput: 'page' }],
		['download', { downloadFormat: 'section', sectionId: '1' }],
		['getThumbnail', { sectionId: '1', page: '1' }],
	])(
		'%s takes its arguments as texts, the cabinet by its name, and gives little',
		async (name, more) => {
			const fixture = await start();
			const id = await stored(fixture, file('word '.repeat(900).concat('\f').repeat(30)));
			for (let count = 0; count < 25; count += 1) {
				await fixture.run(documentOperation('appendFile', id), {
					items: [file('x', `${count}.txt`)],
				});
			}
			const cabinet = { __rl: true, mode: 'name', value: 'invoices' };
			const { items } = await fixture.run(
				documentOperation(name, id, { ...more, fileCabinetId: cabinet }),
				asTool,
			);
			expect(items.length).toBeGreaterThan(0);
			expect(items.every(({ binary }) => binary === undefined)).toBe(true);
			const size = Buffer.byteLength(JSON.stringify(items.map(({ json }) => json)));
			expect(size).toBeLessThanOrEqual(10_000);
		},
	);

	it('a thumbnail is name and size', async () => {
		const fixture = await start();
		const id = await stored(fixture);
		const plain = await fixture.run(documentOperation('getThumbnail', id));
		expect(plain.items[0]?.binary?.data?.mimeType).toMatch(/^image\//);
		const { items } = await fixture.run(documentOperation('getThumbnail', id), asTool);
		expect(items[0]?.binary).toBeUndefined();
		expect(items[0]?.json).toHaveProperty('mediaType');
	});

	it.each(['appendFile', 'replaceSection', 'deleteSection'])(
		'%s is refused unless a person allows it',
		async (name) => {
			const fixture = await start();
			const id = await stored(fixture);
			const more = name === 'appendFile' ? {} : { sectionId: '1' };
			const settings = { ...asTool, items: [file('new')] };
			await expect(fixture.run(documentOperation(name, id, more), settings)).rejects.toMatchObject(
				codeOf('DOCUWARE_NOT_FOR_AI'),
			);
			const allowed = { ...more, allowChangesAsTool: true };
			await fixture.run(documentOperation(name, id, allowed), settings);
		},
	);
});

function hash(bytes: Buffer): string {
	return createHash('sha256').update(bytes).digest('hex');
}
