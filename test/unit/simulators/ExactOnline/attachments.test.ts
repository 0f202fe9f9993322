import { entityOf, ResourceClient } from './resourceClient';

/** Attachments: base64 up, bytes down from an address of their own (docs/facts/exact-online.md 3, 7.2). */

let service: ResourceClient;
let document: unknown;

beforeAll(async () => {
	service = await ResourceClient.start();
	const made = await service.create('documents/Documents', { Subject: 'Letter', Type: 55 });
	document = made['ID'];
});

afterAll(async () => {
	await service.close();
});

function attachment(bytes: Buffer): Record<string, unknown> {
	return { Document: document, FileName: 'ü.bin', Attachment: bytes.toString('base64') };
}

async function download(address: string, token = service.accessToken): Promise<Response> {
	return await fetch(address, { headers: { authorization: `Bearer ${token}` } });
}

test('what went up comes down, with the token and Download=1', async () => {
	const bytes = Buffer.from([0, 1, 2, 253, 254, 255]);
	const made = await service.create('documents/DocumentAttachments', attachment(bytes));
	expect(made).toMatchObject({ Attachment: null, FileSize: 6, FileName: 'ü.bin' });
	const url = String(made['Url']);
	expect(url).toBe(
		`${service.client.simulator.url}/docs/SysAttachment.aspx?ID=${String(made['ID'])}`,
	);
	const answer = await download(`${url}&Download=1`);
	expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
	expect(answer.headers.get('content-disposition')).toContain(encodeURIComponent('ü.bin'));
	expect((await download(url)).headers.get('content-type')).toContain('text/html');
	expect((await download(`${url}&Download=1`, 'wrong')).status).toBe(401);
	const single = `documents/DocumentAttachments(guid'${String(made['ID'])}')`;
	expect(entityOf(await service.get(single))['Url']).toBe(url);
	const bulk = await service.rows('bulk/Documents/DocumentAttachments', { $select: 'ID,Url' });
	expect(bulk.map((row) => row['Url'])).toContain(url);
	expect((await service.delete(single)).status).toBe(204);
	expect((await download(`${url}&Download=1`)).status).toBe(404);
});

test('attachments have no PUT, need a document that exists, a name and base64', async () => {
	const made = await service.create('documents/DocumentAttachments', attachment(Buffer.from('x')));
	const single = `documents/DocumentAttachments(guid'${String(made['ID'])}')`;
	expect((await service.put(single, { FileName: 'y' })).status).toBe(405);
	const post = async (change: Record<string, unknown>): Promise<number> => {
		const body = { ...attachment(Buffer.from('x')), ...change };
		return (await service.post('documents/DocumentAttachments', body)).status;
	};
	expect(await post({ Document: made['ID'] })).toBe(400);
	expect(await post({ FileName: '' })).toBe(400);
	expect(await post({ Attachment: 'no base64!' })).toBe(400);
});

test('ten megabytes count before their encoding, or 9.5 as they are sent', async () => {
	const status = async (megabytes: number): Promise<number> => {
		const body = attachment(Buffer.alloc(megabytes * 1_000_000));
		return (await service.post('documents/DocumentAttachments', body)).status;
	};
	expect(await status(9.9)).toBe(201);
	expect(await status(10.1)).toBe(413);
	service.client.simulator.configure({ bodyLimitMB: 9.5 });
	expect(await status(8)).toBe(413);
	service.client.simulator.configure({ bodyLimitMB: 38 });
	expect(await status(12)).toBe(201);
	service.client.simulator.configure({ bodyLimitMB: 10 });
});
