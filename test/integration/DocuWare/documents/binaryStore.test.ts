import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { BinaryDataService } from 'n8n-core';
import type { IBinaryData, IDataObject } from 'n8n-workflow';
import { DocuWare } from '../../../../nodes/DocuWare/DocuWare.node';
import { N8nEngine } from '../../../support/n8nEngine';
import { API_USER, operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const PLACE = { type: 'execution', workflowId: 'workflow-1', executionId: 'execution-1' } as const;

const folder = mkdtempSync(join(tmpdir(), 'n8n-binary-'));
const engine = new N8nEngine(new DocuWare());

/** n8n-core has a copy of its own of what makes its services. */
const { Container } = createRequire(require.resolve('n8n-core'))('@n8n/di') as {
	Container: { get(service: typeof BinaryDataService): BinaryDataService };
};

/** n8n's own store of binary data. */
const binaryData = () => Container.get(BinaryDataService);

beforeAll(async () => {
	process.env.N8N_BINARY_DATA_STORAGE_PATH = folder;
	process.env.N8N_DEFAULT_BINARY_DATA_MODE = 'filesystem';
	await binaryData().init();
});

afterAll(() => {
	engine.dispose();
	rmSync(folder, { recursive: true, force: true });
});

/** A file in n8n's store, as the node before would leave it. */
async function kept(content: Buffer, fileName: string): Promise<IBinaryData> {
	const data = { data: '', mimeType: 'application/pdf', fileName };
	return await binaryData().store(PLACE, Readable.from([content]), data);
}

async function run(
	{ simulator }: NodeFixture,
	name: string,
	parameters: IDataObject,
	binary?: IBinaryData,
) {
	const data = { platformUrl: simulator.url, ...API_USER, licenceWaitSeconds: 0 };
	const [output = []] = await engine.run({
		credentials: { docuWareApi: { id: 'credential-1', data } },
		parameters: operation('document', name, {
			fileCabinetId: { __rl: true, mode: 'id', value: INVOICES },
			...parameters,
		} as IDataObject),
		items: [binary ? { binary: { data: binary } } : {}],
	});
	return output;
}

/** Files below the folder, with their sizes. */
function filesIn(path: string): string[] {
	return readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) =>
		statSync(join(path, name)).isFile(),
	);
}

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

const content = Buffer.from(Array.from({ length: 3_000_000 }, (_none, index) => index % 253));

const upload = (more: IDataObject = {}) => ({
	...{ dataMode: 'json', json: '{"AMOUNT": 1}', output: 'selected' },
	...more,
});

describe('with n8n’s binary data in files', () => {
	it('a file goes up and comes down again byte for byte, both from file to file', async () => {
		const fixture = await start();
		const file = await kept(content, 'scan.pdf');
		expect(file.id).toMatch(/^filesystem/);
		const [stored] = await run(fixture, 'upload', upload(), file);
		expect(stored?.json).toMatchObject({ fileSize: content.length, created: true });
		const documentId = String(stored?.json.documentId);
		const [down] = await run(fixture, 'download', { documentId });
		expect(down?.json).toMatchObject({ fileName: 'scan.pdf', fileSize: content.length });
		const { id = '' } = down?.binary?.data ?? {};
		expect(id).toMatch(/^filesystem/);
		expect(hash(readFileSync(binaryData().getPath(id)))).toBe(hash(content));
	});

	it.each([
		['in one request', { partsAbove: 0 }],
		['in parts', { partsAbove: 1 }],
	])('is read anew after a session that was ended in mid-upload, %s', async (_name, options) => {
		const fixture = await start();
		const file = await kept(content, 'scan.pdf');
		await run(fixture, 'getSections', { documentId: '1' }).catch(() => undefined);
		const hold = fixture.simulator.holds.hold('platform.receiving', {
			where: { method: 'POST', path: /Documents$/ },
		});
		const uploading = run(fixture, 'upload', upload({ options }), file);
		const held = await hold.waiting();
		expect(fixture.simulator.revokeSessions()).toBe(1);
		held.release();
		expect((await uploading)[0]?.json).toMatchObject({ created: true });
		const [document, another] = fixture.simulator.state.documents.all();
		expect(another).toBeUndefined();
		expect(document?.sections[0]?.content.sha256).toBe(hash(content));
		expect(fixture.simulator.counters.logOns.password).toBe(2);
	});

	it.each(['length', 'chunked', 'gzip'] as const)(
		'nothing is kept of a download that is cut: %s',
		async (downloadForm) => {
			const fixture = await start({ downloadForm });
			const [stored] = await run(fixture, 'upload', upload(), await kept(content, 'scan.pdf'));
			const before = filesIn(folder);
			const where = { path: /FileDownload/ };
			fixture.simulator.faults.push({ kind: 'truncatedBody', where });
			const documentId = String(stored?.json.documentId);
			await expect(run(fixture, 'download', { documentId })).rejects.toThrow(
				'HTTP_CONNECTION_LOST',
			);
			expect(fixture.simulator.faults.size).toBe(0);
			expect(filesIn(folder)).toEqual(before);
		},
	);

	it('nothing is kept of a download that is found to be too large while it runs', async () => {
		const fixture = await start({ downloadForm: 'chunked' });
		const [stored] = await run(fixture, 'upload', upload(), await kept(content, 'scan.pdf'));
		const before = filesIn(folder);
		const documentId = String(stored?.json.documentId);
		process.env.N8N_DEFAULT_BINARY_DATA_MODE = 'database';
		process.env.N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE = '1';
		await expect(run(fixture, 'download', { documentId })).rejects.toThrow(
			'"scan.pdf" has more bytes than n8n can keep',
		);
		expect(filesIn(folder)).toEqual(before);
		process.env.N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE = '3';
		const [down] = await run(fixture, 'download', { documentId });
		expect(down?.binary?.data?.id).toMatch(/^filesystem/);
		expect(filesIn(folder).length).toBeGreaterThan(before.length);
	});
});
