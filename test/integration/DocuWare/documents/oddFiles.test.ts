import type { IBinaryData, IDataObject } from 'n8n-workflow';
import { FileContent } from '../../../simulators/DocuWare/http/fileContent';
import { addSection } from '../../../simulators/DocuWare/world/documents';
import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const cabinet = { fileCabinetId: { __rl: true, mode: 'id', value: INVOICES } as IDataObject };

function fileItem(content: Buffer, fileName?: string) {
	const data: IBinaryData = {
		...{ data: content.toString('base64'), mimeType: 'application/pdf' },
		...(fileName !== undefined && { fileName }),
	};
	return { items: [{ json: {}, binary: { data } }] };
}

async function upload(fixture: NodeFixture, content: Buffer, name?: string, options = {}) {
	const fields = { dataMode: 'json', json: '{"COMPANY":"Peters"}', output: 'selected' };
	const given = { ...cabinet, ...fields, options };
	const run = await fixture.run(operation('document', 'upload', given), fileItem(content, name));
	return run.items[0]?.json;
}

it('files of odd names are stored and come back under safe ones', async () => {
	const fixture = await start();
	for (const [given, safe] of [
		['../../etc/passwd', 'passwd'],
		['C:\\scans\\a.pdf', 'a.pdf'],
		['Größe "2" 漢字 🙂.pdf', /^Größe .*漢字 🙂\.pdf$/],
		['a\r\nX-Evil: 1.pdf', /^a.*pdf$/],
		[`${'n'.repeat(300)}.pdf`, /^n{100,}\.pdf$/],
		['.hidden', /^[^.]/],
	] as const) {
		const content = Buffer.from(`%PDF of ${given}`);
		const stored = await upload(fixture, content, given);
		const of = { ...cabinet, documentId: String(stored?.documentId) };
		const { items } = await fixture.run(operation('document', 'download', of));
		const file = items[0]?.binary?.data;
		expect(Buffer.from(file?.data ?? '', 'base64')).toEqual(content);
		const { fileName = '' } = file ?? {};
		expect({ given, fileName }).toEqual({
			given,
			fileName: typeof safe === 'string' ? safe : expect.stringMatching(safe),
		});
		expect(fileName).not.toMatch(/[/\\\r\n]/);
		expect(fileName.length).toBeLessThanOrEqual(255);
	}
});

it('an HTML file comes back where nothing calls it a file, and no other page in its place', async () => {
	const fixture = await start({ downloadNames: 'none' });
	const content = Buffer.from('<html><body>A mail</body></html>');
	const { documents } = fixture.simulator.state;
	const mail = documents.add({
		...{ fileCabinetId: INVOICES, values: {}, storedBy: 'api', storedAt: 0 },
	});
	const file = { name: 'mail.html', contentType: 'text/html', content: FileContent.of(content) };
	addSection(mail, file, 0);
	const of = { ...cabinet, documentId: String(mail.id), downloadFormat: 'section', sectionId: '1' };
	const download = async () => await fixture.run(operation('document', 'download', of));
	const { items } = await download();
	expect(Buffer.from(items[0]?.binary?.data?.data ?? '', 'base64')).toEqual(content);
	const { faults } = fixture.simulator;
	const page = { kind: 'html', status: 200, html: '<html>Log in</html>' } as const;
	faults.push({ ...page, where: { path: /Data|FileDownload/ } });
	faults.push({ ...page, where: { path: /Data|FileDownload/ } });
	await expect(download()).rejects.toThrow('[DOCUWARE_UNEXPECTED_ANSWER]');
	expect(faults.size).toBe(0);
});

it('a file of zero bytes is stored as one, and read', async () => {
	const fixture = await start();
	const stored = await upload(fixture, Buffer.alloc(0), 'empty.pdf');
	expect(stored).toMatchObject({ created: true, documentId: 1 });
	const of = { ...cabinet, documentId: '1' };
	const { items } = await fixture.run(operation('document', 'download', of));
	expect(items[0]?.json).toMatchObject({ fileName: 'empty.pdf' });
	expect(items[0]?.binary?.data?.data).toBe('');
	// The whole body of a request, an empty file is nothing, which the server says; nothing is added then.
	const more = { ...of, binaryPropertyName: 'data' };
	const second = fileItem(Buffer.alloc(0), 'second.pdf');
	await expect(
		fixture.run(operation('document', 'appendFile', more), second),
	).rejects.toMatchObject({ message: expect.stringContaining('[DOCUWARE_BAD_REQUEST]') });
	const sections = await fixture.run(operation('document', 'getSections', of));
	expect(sections.items.map(({ json }) => json.fileSize)).toEqual([0]);
});

it('a file without a name is refused before anything is sent', async () => {
	const fixture = await start();
	await expect(upload(fixture, Buffer.from('x'))).rejects.toMatchObject({
		message: expect.stringContaining('[DOCUWARE_INVALID_PARAMETER]'),
	});
	expect(fixture.simulator.state.documents.inCabinet(INVOICES)).toEqual([]);
});

it('of a document of 2,000 files each is named, and the last one is found by its place', async () => {
	const fixture = await start();
	const { documents } = fixture.simulator.state;
	const document = documents.add({
		...{ fileCabinetId: INVOICES, values: {}, storedBy: 'api', storedAt: 0 },
	});
	for (let at = 1; at <= 2_000; at += 1) {
		const content = FileContent.of(Buffer.from(`file ${at}`));
		addSection(document, { name: `${at}.txt`, contentType: 'text/plain', content }, 0);
	}
	const of = { ...cabinet, documentId: String(document.id) };
	const { items } = await fixture.run(operation('document', 'getSections', of));
	expect(items).toHaveLength(2_000);
	expect(items.at(-1)?.json.fileName).toBe('2000.txt');
	const last = { ...of, sectionId: '2000' };
	const text = await fixture.run(operation('document', 'getText', last));
	expect(text.items[0]?.json.text).toBe('file 2000');
});

const large = Buffer.alloc(9_000_001, 'large file ');

it.each([0, 1, 2])(
	'a session that ends at part %d of a file is begun anew, and the file is whole',
	async (step) => {
		const fixture = await start({ concurrentLicences: 9 });
		const { simulator } = fixture;
		let parts = 0;
		const hold = simulator.holds.hold('platform.received', {
			where: {
				test: ({ method, path }) =>
					method === 'POST' && /\/Documents$|ChunkedUploads/i.test(path) && parts++ === step,
			},
		});
		const stored = upload(fixture, large, 'large.pdf', { partsAbove: 1 });
		const held = await hold.waiting();
		simulator.revokeSessions();
		held.release();
		expect(await stored).toMatchObject({ fileSize: large.length, created: true });
		const [document, ...others] = simulator.state.documents.inCabinet(INVOICES);
		expect(others).toEqual([]);
		expect(document?.sections[0]?.content.bytes().equals(large)).toBe(true);
		expect(simulator.counters.logOns.password).toBe(2);
	},
);
