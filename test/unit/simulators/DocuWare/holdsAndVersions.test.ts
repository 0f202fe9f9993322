import { dispositionName } from '../../../../nodes/shared/http/dispositionName';
import type { DocuWareSimulator } from '../../../simulators/DocuWare/docuWareSimulator';
import type { SwitchChanges } from '../../../simulators/DocuWare/switches';
import { file, fileClient, index, personnel, type FileClient } from './fileClient';
import { useSimulator } from './useSimulator';

const { start } = useSimulator();
const folder = `/FileCabinets/${personnel}`;
const one = `${folder}/Documents/1`;

/** A document in a cabinet with version management, its user and another one. */
async function versioned(
	switches: SwitchChanges = {},
): Promise<{ simulator: DocuWareSimulator; client: FileClient; other: FileClient }> {
	const simulator = await start({ concurrentLicences: 9, ...switches });
	const client = await fileClient(simulator);
	await client.parts(`${folder}/Documents`, [index({ EMPLOYEE: 'Jenkins' }), file('a.txt', 'old')]);
	const other = await fileClient(simulator, { UserName: 'trusted.service', Password: 'trust me' });
	return { simulator, client, other };
}

const rels = async (client: FileClient): Promise<string[]> => {
	const { Links } = (await client.call('GET', one)).json() as { Links: Array<{ rel: string }> };
	return Links.map(({ rel }) => rel).filter((rel) => /^check(out|In)/.test(rel));
};

const checkIn = (changes: object = {}) => ({
	name: 'CheckIn',
	fileName: 'CheckIn.json',
	type: 'application/json',
	content: JSON.stringify({
		DocumentVersion: { Major: 2, Minor: 0 },
		Comments: 'new contract',
		CheckInReturnDocument: 'CheckedIn',
		...changes,
	}),
});

describe('a version', () => {
	it('is checked out under a name, and checked in by it', async () => {
		const { simulator, client } = await versioned();
		expect(await rels(client)).toEqual(['checkoutToFileSystem']);
		const out = await client.json('POST', `${one}/CheckoutToFileSystem`, {});
		const name = dispositionName(out.headers.get('content-disposition') ?? '') ?? '';
		expect([out.text, name]).toEqual(['old', `1+${personnel}+a.txt`]);
		expect(await rels(client)).toEqual(['checkInFromFileSystem']);
		expect((await client.json('POST', `${one}/CheckoutToFileSystem`, {})).status).toBe(409);
		const path = `${one}/CheckInFromFileSystem`;
		expect((await client.parts(path, [file(name, 'new'), checkIn()])).status).toBe(400);
		expect((await client.parts(path, [checkIn(), file('a.txt', 'new')])).status).toBe(422);
		const nameless = checkIn({ DocumentVersion: undefined });
		expect((await client.parts(path, [nameless, file(name, 'new')])).status).toBe(422);
		const back = await client.parts(path, [checkIn(), file(name, 'new', 'text/plain')]);
		expect(back.json()).toMatchObject({
			Version: { Major: 2, Minor: 0 },
			Flags: { IsCheckedOut: false },
			Sections: [{ OriginalFileName: 'a.txt', FileSize: 3 }],
		});
		const [document] = simulator.state.documents.all();
		expect(document?.versions).toMatchObject([{ version: { major: 1, minor: 0 } }]);
		const { Items } = (await client.call('GET', `${one}/VersionHistory`)).json() as {
			Items: Array<{ Version: { Major: number } }>;
		};
		expect(Items.map(({ Version }) => Version.Major)).toEqual([1, 2]);
		expect((await client.parts(path, [checkIn(), file(name, 'new')])).status).toBe(409);
	});

	it('answers a check-in with the document as it was, unless told otherwise', async () => {
		const { client } = await versioned();
		await client.json('POST', `${one}/CheckoutToFileSystem`, {});
		const original = checkIn({ CheckInReturnDocument: undefined });
		const answer = await client.parts(`${one}/CheckInFromFileSystem`, [
			original,
			file(`1+${personnel}+a.txt`, 'new'),
		]);
		expect(answer.json()).toMatchObject({ Version: { Major: 1, Minor: 0 } });
	});

	it('by switch gives links in place of the file', async () => {
		const { client } = await versioned({ checkOutAnswer: 'links' });
		const out = await client.json('POST', `${one}/CheckoutToFileSystem`, {});
		const { Links } = out.json() as { Links: Array<{ href: string }> };
		const { body } = await client.bytes(Links[0]?.href.replace('/DocuWare/Platform', '') ?? '');
		expect(body.toString()).toBe('old');
		expect(out.headers.get('content-disposition')).toContain(`1+${personnel}+a.txt`);
	});

	it('goes back by UndoCheckOut', async () => {
		const { client, other } = await versioned();
		const undo = async (by: FileClient, action = 'UndoCheckOut') =>
			await by.json('PUT', `${folder}/Operations/ProcessDocumentAction?DocId=1`, {
				DocumentAction: action,
			});
		expect((await undo(client)).status).toBe(409);
		expect((await undo(client, 'Nonsense')).status).toBe(422);
		expect((await undo(client, 'CheckOut')).json()).toMatchObject({
			Flags: { IsCheckedOut: true },
		});
		expect((await undo(other)).status).toBe(409);
		expect((await undo(client)).json()).toMatchObject({ Flags: { IsCheckedOut: false } });
		expect((await undo(client, 'EnhanceImage')).status).toBe(200);
	});

	it('needs version management', async () => {
		const client = await fileClient(await start());
		await client.parts('Documents', [file()]);
		const out = await client.json('POST', 'Documents/1/CheckoutToFileSystem', {});
		expect([out.status, out.text]).toEqual([422, expect.stringContaining('Version management')]);
	});
});

describe('a document that somebody else holds', () => {
	const update = { Field: [{ FieldName: 'NOTES', Item: 'x' }] };
	it.each([409, 423] as const)('is not changed: %d', async (heldDocumentStatus) => {
		const { client, other } = await versioned({ heldDocumentStatus });
		await client.json('POST', `${one}/CheckoutToFileSystem`, {});
		const statuses = [
			(await other.json('PUT', `${one}/Fields`, update)).status,
			(await other.call('DELETE', one)).status,
			(await other.parts(`${folder}/Sections?DocId=1`, [file()])).status,
			(await other.call('DELETE', `${folder}/Sections/1-1`)).status,
			(await other.json('POST', `${one}/Lock`, { Interval: '00:10:00' })).status,
		];
		expect(statuses).toEqual(Array(5).fill(heldDocumentStatus));
		expect((await other.call('GET', one)).status).toBe(200);
		expect((await client.json('PUT', `${one}/Fields`, update)).status).toBe(200);
	});

	it('is free again when the lock is taken away, or its time is up', async () => {
		const { simulator, client, other } = await versioned();
		const lock = async (by: FileClient, Operation = 'edit', Interval = '00:10:00') =>
			(await by.json('POST', `${one}/Lock`, { Interval, Operation })).status;
		expect(await lock(client)).toBe(200);
		expect(await lock(client)).toBe(200);
		expect(await lock(client, 'print')).toBe(409);
		expect(await lock(other)).toBe(409);
		expect((await other.call('DELETE', `${one}/Lock`)).status).toBe(409);
		expect((await client.call('DELETE', `${one}/Lock`)).status).toBe(200);
		expect(await lock(other)).toBe(200);
		simulator.advanceClock(600_000);
		expect(await lock(client, 'edit', 'soon')).toBe(422);
		expect(await lock(client)).toBe(200);
		// The vendor's sample writes a minute so.
		expect(await lock(client, 'edit', '0:0:1:0.0')).toBe(200);
		expect(simulator.state.documents.all()[0]?.lock?.until).toBe(simulator.state.now() + 60_000);
	});
});
