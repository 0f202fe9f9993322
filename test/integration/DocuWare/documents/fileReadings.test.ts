import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { SwitchChanges } from '../../../simulators/DocuWare';
import { FILE_READINGS, type FileReadingName } from '../../../simulators/DocuWare/fileSwitches';
import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const cabinet = { fileCabinetId: { __rl: true, mode: 'id', value: INVOICES } };

/** Starts the simulator with another reading and shows that the operations do as they promise. */
type Scenario = (reading: SwitchChanges, value: unknown) => Promise<void>;

const binary = (
	content: Buffer,
	fileName = 'Größe 1.txt',
	mimeType = 'text/plain',
): IBinaryData => ({
	...{ data: content.toString('base64'), fileName, mimeType },
});

/** Stores a document with these files. */
async function upload(
	{ run }: NodeFixture,
	files: Record<string, IBinaryData>,
	options: IDataObject = {},
): Promise<INodeExecutionData | undefined> {
	const parameters = {
		...{ ...cabinet, dataMode: 'json', json: '{"COMPANY": "Peters"}', options },
		output: 'selected',
		...{ uploadContent: 'files', binaryPropertyNames: Object.keys(files).join(', ') },
	};
	const items = [{ json: {}, binary: files }];
	return (await run(operation('document', 'upload', parameters), { items })).items[0];
}

const text = Buffer.from('one line\n'.repeat(1000));
const textFile = { data: binary(text) };

/** Three parts: 3, 6 and 1 MB. */
const large = Buffer.alloc(10_000_000, 'a file that is sent in parts; ');

/** Stores a file of 10 MB in parts. */
async function uploadInParts(fixture: NodeFixture): Promise<INodeExecutionData | undefined> {
	return await upload(
		fixture,
		{ data: binary(large, 'Größe.pdf', 'application/pdf') },
		{ partsAbove: 1 },
	);
}

const firstSection = ({ simulator }: NodeFixture) =>
	simulator.state.documents.all()[0]?.sections[0];

/** Downloads a document with these files. */
async function downloaded(
	reading: SwitchChanges,
	files: Record<string, IBinaryData>,
): Promise<{ json: IDataObject; content: Buffer; file: IBinaryData | undefined }> {
	const fixture = await start(reading);
	const stored = await upload(fixture, files);
	const document = { ...cabinet, documentId: String(stored?.json.documentId) };
	const { items } = await fixture.run(operation('document', 'download', document));
	const file = items[0]?.binary?.data;
	return { json: items[0]?.json ?? {}, content: Buffer.from(file?.data ?? '', 'base64'), file };
}

const codeOf = (code: string) => ({ message: expect.stringContaining(`[${code}]`) });

const scenarios: Record<FileReadingName, Scenario> = {
	uploadAuthentication: async (reading) => {
		const fixture = await start({ ...reading, concurrentLicences: 9 });
		await fixture.run(operation('fileCabinet', 'get', cabinet));
		fixture.simulator.revokeSessions();
		expect((await upload(fixture, textFile))?.json).toMatchObject({ fileSize: text.length });
		expect(fixture.simulator.counters).toMatchObject({
			...{ documentsStored: 1, logOns: { password: 2 } },
		});
	},
	earlyRefusal: async (reading) => {
		const fixture = await start({ ...reading, maxRequestBytes: 100_000 });
		const data = binary(Buffer.alloc(5_000_000));
		// Closed under the sender, the answer may be lost on its way.
		await expect(upload(fixture, { data }, { partsAbove: 0 })).rejects.toMatchObject({
			message: expect.stringMatching(
				/\[(?:DOCUWARE_TOO_LARGE|DOCUWARE_WRITE_UNCONFIRMED|HTTP_CONNECTION_FAILED)\]/,
			),
		});
		expect(fixture.simulator.counters.documentsStored).toBe(0);
	},
	uploadFileNames: async (reading) => {
		const fixture = await start(reading);
		await upload(fixture, textFile);
		expect(firstSection(fixture)?.name).toBe('Größe 1.txt');
	},
	chunkOwner: async (reading) => {
		const fixture = await start({ ...reading, concurrentLicences: 9 });
		const { simulator } = fixture;
		const hold = simulator.holds.hold('platform.received', { where: { path: /ChunkedUploads/ } });
		const stored = uploadInParts(fixture);
		const held = await hold.waiting();
		simulator.revokeSessions();
		held.release();
		// Nobody goes on with the upload of another session, so the file is sent from its start again.
		expect((await stored)?.json).toMatchObject({ fileSize: large.length });
		expect(simulator.counters).toMatchObject({ documentsStored: 1, logOns: { password: 2 } });
	},
	repeatedChunk: async (reading, value) => {
		const fixture = await start(reading);
		const { faults, counters } = fixture.simulator;
		faults.push({ kind: 'lostAnswer', where: { path: /ChunkedUploads\/[^/]*\/1$/ } });
		const stored = uploadInParts(fixture);
		if (value === 'accepted') {
			await stored;
			expect(firstSection(fixture)?.content.bytes().equals(large)).toBe(true);
		} else {
			await expect(stored).rejects.toMatchObject(codeOf('DOCUWARE_UPLOAD_INCOMPLETE'));
			expect(counters.documentsStored).toBe(0);
		}
		expect(faults.size).toBe(0);
	},
	chunkFileName: async (reading, value) => {
		const fixture = await start(reading);
		await uploadInParts(fixture);
		const name = value === 'asSent' ? encodeURIComponent('Größe.pdf') : 'Größe.pdf';
		expect(firstSection(fixture)?.name).toBe(name);
	},
	sentArchive: async (reading) => {
		const fixture = await start(reading);
		const two = { one: binary(text, 'a.txt'), two: binary(large, 'b.txt') };
		await expect(upload(fixture, two, { partsAbove: 1 })).rejects.toMatchObject({
			message: expect.stringMatching(/has 1 file instead of 2\..*\[DOCUWARE_UPLOAD_INCOMPLETE\]/),
			description: expect.stringContaining('Send in Parts Above set to 0'),
		});
		const stored = await upload(fixture, two, { partsAbove: 0 });
		expect(stored?.json).toMatchObject({ sectionCount: 2 });
	},
	lastChunkAnswer: async (reading) => {
		const fixture = await start(reading);
		expect((await uploadInParts(fixture))?.json).toMatchObject({ fileSize: large.length });
		const { counters } = fixture.simulator;
		expect(counters).toMatchObject({ documentsStored: 1, chunksTaken: 3 });
	},
	severalFilesAuto: async (reading) => {
		const { json, file } = await downloaded(reading, { one: binary(text), two: binary(text) });
		expect(file?.mimeType).toBe('application/pdf');
		expect(json).toMatchObject({ isArchive: false });
	},
	documentThumbnail: async (reading) => {
		const fixture = await start(reading);
		await upload(fixture, { one: binary(text), two: binary(text) });
		const read = operation('document', 'getThumbnail', { ...cabinet, documentId: '1' });
		const [picture] = (await fixture.run(read)).items;
		expect(picture?.binary?.data?.mimeType).toBe('image/png');
		expect(picture?.json).toMatchObject({ documentId: 1, sectionId: expect.stringMatching(/^1-/) });
		expect(fixture.simulator.counters.statuses['404']).toBe(1);
	},
	downloadForm: async (reading) => {
		const { content } = await downloaded(reading, textFile);
		expect(content).toEqual(text);
	},
	downloadNames: async (reading, value) => {
		const { file } = await downloaded(reading, textFile);
		expect(file?.fileName).toBe(value === 'none' ? 'document-1.txt' : 'Größe 1.txt');
	},
	textshotSingles: async (reading) => {
		const fixture = await start(reading);
		await upload(fixture, { data: binary(Buffer.from('one')) });
		const read = operation('document', 'getText', { ...cabinet, documentId: '1' });
		expect((await fixture.run(read)).items[0]?.json).toMatchObject({ text: 'one' });
	},
};

const others = Object.entries(scenarios).flatMap(([name, scenario]) => {
	const values: readonly unknown[] = FILE_READINGS[name as FileReadingName].others;
	return values.map((value) => [name, value, scenario] as const);
});

describe('another reading of DocuWare about files', () => {
	it.each(others)('%s: %j', async (name, value, scenario) => {
		await scenario({ [name]: value }, value);
	});
});
