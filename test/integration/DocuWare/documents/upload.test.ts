import type { IDataObject } from 'n8n-workflow';
import type { NodeSettings } from '../../../support/n8nContext';
import { operation, useNode } from '../node/support/nodeFixture';
import {
	binary,
	codeOf,
	documents,
	filesOf,
	hash,
	INVOICES,
	item,
	locator,
	MB,
	store,
	STORE_INVOICE,
	toDocuments,
	upload,
} from './support/uploads';

const { start } = useNode();

describe('Document: Upload', () => {
	it('stores a file with typed index fields, and gives the document', async () => {
		const fixture = await start();
		const json = await store(
			fixture,
			upload({
				COMPANY: 'Peters (Ltd)',
				AMOUNT: '12,50',
				INVOICEDATE: '2026-04-07',
				KEYWORDS: ['paid', 'urgent'],
			}),
			{ items: [item('content', 'Prüfbericht – 日本.pdf')] },
		);
		expect(json).toMatchObject({
			documentId: 1,
			fileCabinetId: INVOICES,
			COMPANY: 'Peters (Ltd)',
			AMOUNT: 12.5,
			INVOICEDATE: '2026-04-07',
			KEYWORDS: ['paid', 'urgent'],
			fileSize: 7,
			created: true,
		});
		const [[, sha256] = []] = filesOf(fixture);
		expect(sha256).toBe(hash('content'));
		const { requests } = fixture.simulator.counters;
		expect(requests['POST FileCabinets/{fileCabinetId}/Documents']).toBe(1);
	});

	it.each(['both', 'plain', 'extended'] as const)(
		'names a file beyond ASCII so that a server understands it that reads %s',
		async (uploadFileNames) => {
			const fixture = await start({ uploadFileNames });
			await store(fixture, upload(), { items: [item('content', 'Prüfbericht.pdf')] });
			expect(filesOf(fixture)[0]?.[0]).toBe('Prüfbericht.pdf');
		},
	);

	it('stores several files as sections, in their order', async () => {
		const fixture = await start();
		const several = { uploadContent: 'files', binaryPropertyNames: 'second, first' };
		const json = await store(fixture, upload({ COMPANY: 'Peters' }, several), {
			items: [{ binary: { first: binary('one', 'a.pdf'), second: binary('two', 'b.pdf') } }],
		});
		expect(json).toMatchObject({ sectionCount: 2 });
		expect(filesOf(fixture)).toEqual([
			['b.pdf', hash('two')],
			['a.pdf', hash('one')],
		]);
	});

	it('stores a data record without a file', async () => {
		const fixture = await start();
		const json = await store(
			fixture,
			upload({ COMPANY: 'Peters' }, { uploadContent: 'record' }),
			{},
		);
		expect(json).toMatchObject({ COMPANY: 'Peters', sectionCount: 0 });
	});

	it('stores nothing where a field to return is unknown; a label is known', async () => {
		const fixture = await start();
		const record = (fieldsToReturn: string) =>
			upload(
				{ COMPANY: 'Peters' },
				{ uploadContent: 'record', output: 'selected', fieldsToReturn },
			);
		await expect(store(fixture, record('Companny'), {})).rejects.toMatchObject({
			message: expect.stringContaining('Did you mean COMPANY'),
		});
		const { requests } = fixture.simulator.counters;
		expect(Object.keys(requests).filter((one) => one.startsWith('POST FileCab'))).toEqual([]);
		expect(await store(fixture, record('Company'), {})).toMatchObject({ COMPANY: 'Peters' });
	});

	it('stores by a dialog, with its date and its flags', async () => {
		const fixture = await start();
		const more = {
			dialogId: locator(STORE_INVOICE),
			options: {
				fileModifiedAt: '2020-08-26T10:00:00+02:00',
				processTextshot: false,
				fileName: 'other.pdf',
			},
		};
		await store(fixture, upload({ COMPANY: 'Peters' }, more));
		expect(filesOf(fixture)).toEqual([['other.pdf', hash('content')]]);
		const [section] = documents(fixture)[0]?.sections ?? [];
		expect(new Date(section?.modifiedAt ?? 0).toISOString()).toBe('2020-08-26T08:00:00.000Z');
	});

	it.each<[string, object, IDataObject, NodeSettings, string]>([
		['a field that is not there', { NOTHING: 1 }, {}, {}, 'DOCUWARE_INVALID_VALUE'],
		['a value that does not fit', { AMOUNT: 'much' }, {}, {}, 'DOCUWARE_INVALID_VALUE'],
		[
			'no name of a field',
			{},
			{ uploadContent: 'files', binaryPropertyNames: ' , ' },
			{},
			'DOCUWARE_INVALID_PARAMETER',
		],
		[
			'a date that is none',
			{},
			{ options: { fileModifiedAt: 'soon' } },
			{},
			'DOCUWARE_INVALID_PARAMETER',
		],
		[
			"a date whose day and month are anybody's guess",
			{},
			{ options: { fileModifiedAt: '01.02.2026' } },
			{},
			'DOCUWARE_INVALID_PARAMETER',
		],
		[
			'a file without a name',
			{},
			{},
			{ items: [{ binary: { data: { ...binary('x'), fileName: '' } } }] },
			'DOCUWARE_INVALID_PARAMETER',
		],
	])('stores nothing with %s', async (_name, fields, more, settings, code) => {
		const fixture = await start();
		const items = settings.items ?? [item('content')];
		await expect(fixture.run(upload(fields, more), { items })).rejects.toMatchObject(codeOf(code));
		expect(documents(fixture)).toEqual([]);
	});

	it("takes a file's date without a zone for one of the workflow, and half a character for none", async () => {
		const fixture = await start();
		const options = { fileModifiedAt: '2026-02-01T12:00:00' };
		await store(fixture, upload({ COMPANY: 'Peters' }, { options }), {
			items: [item('content', 'half \ud83d.pdf')],
			timeZone: 'America/New_York',
		});
		const [section] = documents(fixture)[0]?.sections ?? [];
		expect(section?.name).toBe('half _.pdf');
		expect(new Date(section?.modifiedAt ?? 0).toISOString()).toBe('2026-02-01T17:00:00.000Z');
	});

	it('says what to do about a file that is too large for the server', async () => {
		const fixture = await start({ maxRequestBytes: 100_000 });
		const failure = fixture.run(upload(), { items: [item(Buffer.alloc(200_000))] });
		await expect(failure).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_TOO_LARGE]'),
			description: expect.stringContaining('Send in Parts Above'),
		});
	});

	it('does not know what became of an upload whose answer is lost, and says so', async () => {
		const fixture = await start();
		fixture.simulator.faults.push({ kind: 'lostAnswer', where: toDocuments });
		await expect(fixture.run(upload(), { items: [item('content')] })).rejects.toMatchObject(
			codeOf('DOCUWARE_WRITE_UNCONFIRMED'),
		);
		expect(documents(fixture)).toHaveLength(1);
	});
});

describe('a file that is not as long as n8n has noted', () => {
	const bytes = Buffer.alloc(2 * MB, 'bytes ');
	const stored = { data: 'filesystem', id: 'f1', mimeType: 'text/plain', fileName: 'a.txt' };
	const settings = (noted: number) => ({
		items: [{ binary: { data: stored } }],
		files: { f1: { bytes, noted } },
	});

	it.each([
		['more bytes than the 1999999', 2 * MB - 1, 25],
		['only 2000000 bytes of the 2000001', 2 * MB + 1, 25],
		['more bytes than the 1999999', 2 * MB - 1, 1],
	])('has %s, so nothing is stored', async (told, noted, partsAbove) => {
		const fixture = await start();
		const parameters = upload({ COMPANY: 'Peters' }, { options: { partsAbove } });
		await expect(fixture.run(parameters, settings(noted))).rejects.toMatchObject({
			message: expect.stringMatching(`${told} .*\\[DOCUWARE_INVALID_PARAMETER\\]`),
		});
		expect(documents(fixture)).toEqual([]);
		expect(await store(fixture, parameters, settings(2 * MB))).toMatchObject({ created: true });
	});

	it('is not put into the place of a section, or added', async () => {
		const fixture = await start();
		const { documentId } = await store(fixture, upload());
		const target = { fileCabinetId: locator(INVOICES), documentId: String(documentId) };
		for (const name of ['appendFile', 'replaceSection']) {
			const parameters = operation('document', name, target);
			await expect(fixture.run(parameters, settings(5))).rejects.toMatchObject({
				message: expect.stringContaining('more bytes than the 5'),
			});
		}
		expect(filesOf(fixture)).toEqual([['scan.pdf', hash('content')]]);
	});
});

describe('many uploads', () => {
	const COUNT = 12;
	const items = Array.from({ length: COUNT }, (_none, index) => ({
		json: { number: index },
		...item(`content ${index}`, `${index}.pdf`),
	}));
	const numbered = (options: IDataObject) =>
		operation('document', 'upload', {
			fileCabinetId: locator(INVOICES),
			dataMode: 'json',
			json: '={{ { AMOUNT: $json.number } }}',
			options,
		} as IDataObject);

	it.each([1, 4])('are one request each and one log-on in all, %i at a time', async (atATime) => {
		const fixture = await start();
		const { items: output } = await fixture.run(numbered({ atATime }), { items });
		expect(output.map(({ json, pairedItem }) => [json.AMOUNT, pairedItem])).toEqual(
			items.map((_item, index) => [index, { item: index }]),
		);
		const { requests } = fixture.simulator.counters;
		expect(requests['POST FileCabinets/{fileCabinetId}/Documents']).toBe(COUNT);
		expect(requests['POST Account/Logon']).toBe(1);
		expect(requests['GET FileCabinets/{fileCabinetId}']).toBe(1);
	});

	it('are really side by side, and no more than allowed', async () => {
		const fixture = await start();
		const hold = fixture.simulator.holds.hold('platform.received', {
			where: toDocuments,
			times: COUNT,
		});
		const run = fixture.run(numbered({ atATime: 3 }), { items });
		await hold.waiting();
		await hold.waiting();
		await hold.waiting();
		expect(hold.held).toHaveLength(3);
		hold.release();
		expect((await run).items).toHaveLength(COUNT);
	});
});

it('as a tool it is refused unless a person allows it', async () => {
	const fixture = await start();
	const asTool = { nodeType: 'n8n-nodes-exactonline-docuware.docuWareTool', items: [item('x')] };
	await expect(fixture.run(upload(), asTool)).rejects.toMatchObject(codeOf('DOCUWARE_NOT_FOR_AI'));
	await fixture.run(upload({ COMPANY: 'Peters' }, { allowChangesAsTool: true }), asTool);
	expect(documents(fixture)).toHaveLength(1);
});

describe('Document Tray: Upload', () => {
	const INBOX = 'b_e9f0b3c1-2d47-4e58-8b6a-1c3d5e7f9a40';
	const toTray = (more: IDataObject = {}) =>
		operation('documentTray', 'uploadToTray', {
			fileCabinetId: locator(INBOX),
			...more,
		} as IDataObject);

	it('puts files into a tray, one document for each item', async () => {
		const fixture = await start();
		const json = await store(fixture, toTray(), { items: [item('content', 'Übersicht.pdf')] });
		expect(json).toMatchObject({ fileCabinetId: INBOX, created: true, fileSize: 7 });
		const several = toTray({ binaryPropertyNames: 'a, b' });
		await store(fixture, several, { items: [{ binary: { a: binary('a'), b: binary('b') } }] });
		expect(documents(fixture).map(({ sections }) => sections.length)).toEqual([1, 2]);
	});

	it('as a tool it is refused unless a person allows it', async () => {
		const fixture = await start();
		const asTool = { nodeType: 'n8n-nodes-exactonline-docuware.docuWareTool', items: [item('x')] };
		await expect(fixture.run(toTray(), asTool)).rejects.toMatchObject(
			codeOf('DOCUWARE_NOT_FOR_AI'),
		);
		expect(documents(fixture)).toEqual([]);
	});
});
