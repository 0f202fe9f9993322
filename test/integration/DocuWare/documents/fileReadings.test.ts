import { PlatformClient } from '../../../../nodes/DocuWare/api/platformClient';
import { storeDocument } from '../../../../nodes/DocuWare/api/files/storeDocument';
import type { FileToStore } from '../../../../nodes/DocuWare/api/files/storeOrder';
import type { DocuWareSession } from '../../../../nodes/DocuWare/auth/session/sessionTypes';
import { readContent } from '../../../../nodes/shared/http';
import { dispositionName } from '../../../../nodes/shared/http/dispositionName';
import { isConnectorError } from '../../../../nodes/shared/errors';
import type { DocuWareSimulator, SwitchChanges } from '../../../simulators/DocuWare';
import { FILE_READINGS, type FileReadingName } from '../../../simulators/DocuWare/fileSwitches';
import { passwordRun } from '../support/credentials';
import { sessionFor } from '../support/fakeNode';
import { useDocuWare } from '../support/useDocuWare';

const bench = useDocuWare();
const documents = 'FileCabinets/a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10/Documents';

/** Starts the simulator with another reading and shows that the package does as it promises. */
type Scenario = (reading: SwitchChanges, value: unknown) => Promise<void>;

/** Stores one file over the package's session; the status, or the code of the error. */
async function store(
	simulator: DocuWareSimulator,
	{ size = 1_000_000, sessionEnds = false } = {},
): Promise<number | string> {
	const session = await sessionFor(passwordRun(simulator, { licenceWaitSeconds: 0 }));
	await session.logOn();
	if (sessionEnds) simulator.revokeSessions();
	return await session
		.request({
			method: 'POST',
			url: documents,
			headers: {
				'Content-Type': 'application/pdf',
				'Content-Disposition': 'file; filename="a.pdf"',
			},
			body: async () => await Promise.resolve(Buffer.alloc(size)),
		})
		.then(
			({ status }) => status,
			(error: unknown) => (isConnectorError(error) ? error.code : String(error)),
		);
}

/** A session of the package, logged on. */
async function sessionOf(simulator: DocuWareSimulator): Promise<DocuWareSession> {
	const session = await sessionFor(passwordRun(simulator, { licenceWaitSeconds: 0 }));
	await session.logOn();
	return session;
}

/** Three parts: 3, 6 and 1 MB. */
const large = Buffer.alloc(10_000_000, 'a file that is sent in parts; ');

/** Stores a file of 10 MB in parts as the package does; the document, or the code of the error. */
async function storeInParts(simulator: DocuWareSimulator): Promise<unknown> {
	const client = new PlatformClient(await sessionOf(simulator));
	return await storeInvoice(client, [
		{ fileName: 'Größe.pdf', mediaType: 'application/pdf', content: large, size: large.length },
	]).catch((error: unknown) => (isConnectorError(error) ? error.code : String(error)));
}

async function storeInvoice(client: PlatformClient, files: FileToStore[]): Promise<unknown> {
	return await storeDocument(client, {
		path: documents,
		query: [],
		indexData: JSON.stringify({ Fields: [{ FieldName: 'COMPANY', Item: 'Peters' }] }),
		files,
		modifiedAt: undefined,
		partsAbove: 1_000_000,
		signal: undefined,
	});
}

const textFile: FileToStore = {
	fileName: 'Größe 1.txt',
	mediaType: 'text/plain',
	content: Buffer.from('one line\n'.repeat(1000)),
	size: 9000,
};

/** Downloads a document with these files over the package's session. */
async function downloaded(reading: SwitchChanges, files: FileToStore[]) {
	const simulator = await bench.simulator(reading);
	const session = await sessionOf(simulator);
	await storeInvoice(new PlatformClient(session), files);
	return await session.request<'buffer'>({
		method: 'GET',
		url: `${documents}/1/FileDownload?TargetFileType=Auto&KeepAnnotations=false`,
		responseType: 'buffer',
	});
}

const scenarios: Record<FileReadingName, Scenario> = {
	uploadAuthentication: async (reading) => {
		const simulator = await bench.simulator({ ...reading, concurrentLicences: 9 });
		expect(await store(simulator, { sessionEnds: true })).toBe(200);
		expect(simulator.counters).toMatchObject({ documentsStored: 1, logOns: { password: 2 } });
	},
	earlyRefusal: async (reading) => {
		const simulator = await bench.simulator({ ...reading, maxRequestBytes: 100_000 });
		// Closed under the sender, the answer may be lost on its way.
		expect([413, 'HTTP_CONNECTION_FAILED']).toContain(await store(simulator, { size: 5_000_000 }));
		expect(simulator.counters.documentsStored).toBe(0);
	},
	uploadFileNames: async (reading) => {
		const simulator = await bench.simulator(reading);
		await storeInvoice(new PlatformClient(await sessionOf(simulator)), [textFile]);
		expect(simulator.state.documents.all()[0]?.sections[0]?.name).toBe('Größe 1.txt');
	},
	chunkOwner: async (reading) => {
		const simulator = await bench.simulator({ ...reading, concurrentLicences: 9 });
		const hold = simulator.holds.hold('platform.received', {
			where: { path: /ChunkedUploads/ },
		});
		const stored = storeInParts(simulator);
		const held = await hold.waiting();
		simulator.revokeSessions();
		held.release();
		// Nobody goes on with the upload of another session, so the file is sent from its start again.
		expect(await stored).toMatchObject({ FileSize: large.length });
		expect(simulator.counters).toMatchObject({ documentsStored: 1, logOns: { password: 2 } });
	},
	repeatedChunk: async (reading, value) => {
		const simulator = await bench.simulator(reading);
		simulator.faults.push({ kind: 'lostAnswer', where: { path: /ChunkedUploads\/[^/]*\/1$/ } });
		const stored = await storeInParts(simulator);
		expect(simulator.faults.size).toBe(0);
		if (value === 'accepted') {
			const section = simulator.state.documents.all()[0]?.sections[0];
			expect(section?.content.bytes().equals(large)).toBe(true);
		} else {
			expect(stored).toBe('DOCUWARE_UPLOAD_INCOMPLETE');
			expect(simulator.counters.documentsStored).toBe(0);
		}
	},
	chunkFileName: async (reading, value) => {
		const simulator = await bench.simulator(reading);
		expect(await storeInParts(simulator)).toMatchObject({ Id: 1 });
		const name = simulator.state.documents.all()[0]?.sections[0]?.name;
		expect(name).toBe(value === 'asSent' ? encodeURIComponent('Größe.pdf') : 'Größe.pdf');
	},
	lastChunkAnswer: async (reading) => {
		const simulator = await bench.simulator(reading);
		expect(await storeInParts(simulator)).toMatchObject({ Id: 1, FileSize: large.length });
		expect(simulator.counters).toMatchObject({ documentsStored: 1, chunksTaken: 3 });
	},
	severalFilesAuto: async (reading) => {
		const answer = await downloaded(reading, [textFile, textFile]);
		expect(answer.headers['content-type']).toBe('application/pdf');
		expect(readContent(answer.headers, answer.body)).toMatchObject({ kind: 'binary' });
	},
	downloadForm: async (reading) => {
		const { body } = await downloaded(reading, [textFile]);
		expect(body).toEqual(textFile.content);
	},
	downloadNames: async (reading, value) => {
		const { headers } = await downloaded(reading, [textFile]);
		const name = dispositionName(headers['content-disposition'] ?? '');
		expect(name).toBe(value === 'none' ? undefined : 'Größe 1.txt');
	},
	textshotSingles: async (reading) => {
		const simulator = await bench.simulator(reading);
		const client = new PlatformClient(await sessionOf(simulator));
		const content = Buffer.from('one');
		await storeInvoice(client, [{ ...textFile, content, size: 3 }]);
		const { Pages: pages } = await client.read({
			path: documents.replace('Documents', 'Sections/1-1/Textshot'),
		});
		expect(JSON.stringify(pages)).toContain('"Ln":{"');
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
