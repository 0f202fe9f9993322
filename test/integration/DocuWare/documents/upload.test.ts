import { createHash } from 'node:crypto';
import type { IBinaryData, IDataObject } from 'n8n-workflow';
import type { NodeSettings } from '../../../support/n8nContext';
import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const STORE_INVOICE = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d15';
const MB = 1_000_000;

const locator = (value: string) => ({ __rl: true, mode: 'id', value });

/** A file of an item. */
function binary(content: string | Buffer, fileName = 'scan.pdf'): IBinaryData {
	const data = Buffer.from(content).toString('base64');
	return { data, mimeType: 'application/pdf', fileName };
}

const item = (content: string | Buffer, fileName?: string) => ({
	binary: { data: binary(content, fileName) },
});

/** Parameters of an upload with index fields as JSON. */
function upload(fields: object = { COMPANY: 'Peters' }, more: IDataObject = {}) {
	return operation('document', 'upload', {
		fileCabinetId: locator(INVOICES),
		dataMode: 'json',
		json: JSON.stringify(fields),
		...more,
	} as IDataObject);
}

async function store(
	{ run }: NodeFixture,
	parameters: NodeSettings['parameters'],
	settings: NodeSettings = { items: [item('content')] },
): Promise<IDataObject> {
	const { items } = await run(parameters, settings);
	return items[0]?.json ?? {};
}

const documents = ({ simulator }: NodeFixture) => simulator.state.documents.all();

const filesOf = (fixture: NodeFixture, index = 0) =>
	(documents(fixture)[index]?.sections ?? []).map(({ name, content }) => [name, content.sha256]);

const hash = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');

const codeOf = (code: string) => ({ message: expect.stringContaining(`[${code}]`) });

const toDocuments = { method: 'POST', path: /\/Documents$/i };

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

describe('a session that ends in mid-upload', () => {
	it('is begun anew, and the file sent again from where it is kept', async () => {
		const fixture = await start();
		await store(fixture, upload());
		const hold = fixture.simulator.holds.hold('platform.receiving', { where: toDocuments });
		const large = Buffer.alloc(2 * MB, 'large ');
		const run = fixture.run(upload(), { items: [item(large)] });
		const held = await hold.waiting();
		expect(fixture.simulator.revokeSessions()).toBeGreaterThan(0);
		held.release();
		expect((await run).items[0]?.json).toMatchObject({ created: true, fileSize: large.length });
		expect(documents(fixture)).toHaveLength(2);
		expect(filesOf(fixture, 1)[0]?.[1]).toBe(hash(large));
	});

	it('between two parts does no harm either', async () => {
		const fixture = await start();
		const hold = fixture.simulator.holds.hold('platform.received', {
			where: { path: /ChunkedUploads/ },
		});
		const large = Buffer.alloc(5 * MB, 'large ');
		const run = fixture.run(upload({ COMPANY: 'Peters' }, { options: { partsAbove: 1 } }), {
			items: [item(large)],
		});
		const held = await hold.waiting();
		fixture.simulator.revokeSessions();
		held.release();
		expect((await run).items[0]?.json).toMatchObject({ created: true });
		expect(filesOf(fixture).map(([, sha256]) => sha256)).toEqual([hash(large)]);
		expect(documents(fixture)).toHaveLength(1);
	});
});

describe('a large file in parts', () => {
	const large = Buffer.from(Array.from({ length: 7 * MB }, (_none, index) => index % 250));
	const inParts = upload({ COMPANY: 'Peters', AMOUNT: 3 }, { options: { partsAbove: 1 } });
	const toParts = { path: /ChunkedUploads/ };

	/** Its second part is not its last one. */
	const larger = Buffer.concat([large, large]);

	it('is one document with its index fields, named beyond ASCII', async () => {
		const fixture = await start();
		const json = await store(fixture, inParts, { items: [item(large, 'Übersicht.pdf')] });
		expect(json).toMatchObject({ COMPANY: 'Peters', AMOUNT: 3, created: true });
		expect(filesOf(fixture).map(([, sha256]) => sha256)).toEqual([hash(large)]);
		expect(documents(fixture)).toHaveLength(1);
		expect(fixture.simulator.counters.requests).toMatchObject({
			'POST FileCabinets/{fileCabinetId}/Documents': 1,
		});
	});

	it.each([
		['first', 'cutUpload', toDocuments],
		['first', 'lostAnswer', toDocuments],
		['second', 'cutUpload', toParts],
		['second', 'lostAnswer', toParts],
	] as const)(
		'is whole after its %s part broke (%s), in each reading of a part that comes twice',
		async (_part, kind, where) => {
			for (const repeatedChunk of ['refused', 'accepted'] as const) {
				const fixture = await start({ repeatedChunk });
				fixture.simulator.faults.push({ kind, where });
				const json = await store(fixture, inParts, { items: [item(larger)] });
				expect(json).toMatchObject({ created: true });
				expect(fixture.simulator.faults.size).toBe(0);
				expect(documents(fixture)).toHaveLength(1);
				expect(filesOf(fixture)[0]?.[1]).toBe(hash(larger));
			}
		},
	);

	it('whose last answer is lost may be stored, and is looked for where it can be', async () => {
		const fixture = await start();
		fixture.simulator.faults.push({ kind: 'lostAnswer', where: toParts });
		await expect(fixture.run(inParts, { items: [item(large)] })).rejects.toMatchObject({
			message: expect.stringMatching(/last part of "scan\.pdf".*\[DOCUWARE_WRITE_UNCONFIRMED\]/),
		});
		expect(documents(fixture)).toHaveLength(1);
		fixture.simulator.faults.push({ kind: 'lostAnswer', where: toParts });
		const again = { ...inParts, json: '{"AMOUNT":4}', ifExists: 'skip', matchFields: ['AMOUNT'] };
		expect(await store(fixture, again, { items: [item(large)] })).toMatchObject({
			AMOUNT: 4,
			foundAfterUnknownFate: true,
		});
		expect(fixture.simulator.faults.size).toBe(0);
		expect(documents(fixture)).toHaveLength(2);
	});

	it('is not called stored where the server writes a part twice', async () => {
		const fixture = await start({ repeatedChunk: 'appended' });
		fixture.simulator.faults.push({ kind: 'lostAnswer', where: toParts });
		const failure = fixture.run(inParts, { items: [item(larger)] });
		await expect(failure).rejects.toMatchObject(codeOf('DOCUWARE_UPLOAD_INCOMPLETE'));
		expect(fixture.simulator.faults.size).toBe(0);
		expect(documents(fixture)).toEqual([]);
	});

	it('that cannot be sent on names what was sent, and leaves no document', async () => {
		const fixture = await start();
		fixture.simulator.faults.push({ kind: 'reset', where: toParts, times: Infinity });
		const failure = fixture.run(inParts, { items: [item(large, 'scan.pdf')] });
		await expect(failure).rejects.toMatchObject({
			message: expect.stringMatching(
				/"scan\.pdf" 3000000 of 7000000 bytes|last part of "scan\.pdf"/,
			),
		});
		expect(documents(fixture)).toEqual([]);
	});

	it('is made of smaller parts for a server that takes no large ones', async () => {
		const fixture = await start({ maxRequestBytes: 2 * MB });
		await store(fixture, inParts, { items: [item(large)] });
		expect(filesOf(fixture)[0]?.[1]).toBe(hash(large));
	});

	it('is refused for its index data as a small one is', async () => {
		const fixture = await start();
		const parameters = upload(
			{ COMPANY: 'Peters' },
			{
				dialogId: locator('00000000-0000-0000-0000-000000000001'),
				options: { partsAbove: 1 },
			},
		);
		await expect(fixture.run(parameters, { items: [item(large)] })).rejects.toThrow();
		expect(documents(fixture)).toEqual([]);
	});
});

describe('several files that are large together, in parts', () => {
	const several = upload(
		{ COMPANY: 'Peters' },
		{
			...{ uploadContent: 'files', binaryPropertyNames: 'one, two, three' },
			options: { partsAbove: 1 },
		},
	);
	const contents = [
		Buffer.alloc(3 * MB, 'first '),
		Buffer.from('second'),
		Buffer.from(Array.from({ length: 8 * MB + 1 }, (_none, index) => index % 250)),
	];
	const names = ['Übersicht 100%.pdf', 'zwei – 2.txt', 'c.pdf'];
	const [one, two, three] = contents.map((content, index) => binary(content, names[index]));
	const items = [{ binary: { one, two, three } as Record<string, IBinaryData> }];

	it('are one document with each file as a section, whichever breaks come between', async () => {
		const fixture = await start();
		fixture.simulator.faults.push({ kind: 'reset', where: { path: /ChunkedUploads/ } });
		const json = await store(fixture, several, { items });
		expect(json).toMatchObject({ COMPANY: 'Peters', sectionCount: 3, created: true });
		expect(filesOf(fixture)).toEqual(
			contents.map((content, index) => [names[index], hash(content)]),
		);
		expect(documents(fixture)).toHaveLength(1);
		const { requests } = fixture.simulator.counters;
		expect(requests['POST FileCabinets/{fileCabinetId}/Documents']).toBe(1);
	});

	it('go out in one request where a name is too long for an archive, or that is wanted', async () => {
		const fixture = await start();
		const long = `${'ä'.repeat(60)}.pdf`;
		const twin = { ...items[0]?.binary, two: binary('second', long) } as Record<
			string,
			IBinaryData
		>;
		await store(fixture, several, { items: [{ binary: twin }] });
		expect(filesOf(fixture).map(([name]) => name)).toEqual([names[0], long, names[2]]);
		await store(fixture, { ...several, options: { partsAbove: 0 } }, { items });
		expect(filesOf(fixture, 1).map(([, sha256]) => sha256)).toEqual(contents.map(hash));
		expect(
			Object.keys(fixture.simulator.counters.requests).filter((name) => name.includes('Chunked')),
		).toEqual([]);
	});
});

describe('If It Exists Already', () => {
	const matched = (ifExists: string, fields: object, more: IDataObject = {}) =>
		upload(fields, { ifExists, matchFields: ['COMPANY', 'AMOUNT'], ...more });
	const FIELDS = { COMPANY: 'Peters (Ltd)', AMOUNT: 4711 };

	it('Skip stores no second copy in a repeated run', async () => {
		const fixture = await start();
		const first = await store(fixture, matched('skip', FIELDS));
		expect(first).toMatchObject({ created: true });
		const second = await store(fixture, matched('skip', { ...FIELDS, DOCTYPE: 'Invoice' }));
		expect(second).toMatchObject({
			documentId: first.documentId,
			COMPANY: 'Peters (Ltd)',
			created: false,
			skipped: true,
		});
		expect(documents(fixture)).toHaveLength(1);
		expect(await store(fixture, matched('skip', { ...FIELDS, AMOUNT: 1 }))).toMatchObject({
			created: true,
		});
	});

	it('Update Fields changes the fields that are given, and not the file', async () => {
		const fixture = await start();
		await store(fixture, matched('updateFields', { ...FIELDS, KEYWORDS: ['paid'] }));
		const json = await store(fixture, matched('updateFields', { ...FIELDS, DOCTYPE: 'Invoice' }), {
			items: [item('other content')],
		});
		expect(json).toMatchObject({
			created: false,
			fieldsUpdated: true,
			DOCTYPE: 'Invoice',
			KEYWORDS: ['paid'],
		});
		expect(filesOf(fixture)).toEqual([['scan.pdf', hash('content')]]);
	});

	it('Replace the File changes the file, and not the fields', async () => {
		const fixture = await start();
		await store(fixture, matched('replaceFile', FIELDS));
		const json = await store(fixture, matched('replaceFile', { ...FIELDS, DOCTYPE: 'Invoice' }), {
			items: [item('other content', 'new.pdf')],
		});
		expect(json).toMatchObject({ created: false, fileReplaced: true, DOCTYPE: null });
		expect(filesOf(fixture)).toEqual([['new.pdf', hash('other content')]]);
		expect(documents(fixture)).toHaveLength(1);
	});

	it('Replace the File changes nothing where the numbers of files differ', async () => {
		const fixture = await start();
		const two = {
			uploadContent: 'files',
			binaryPropertyNames: 'a,b',
		};
		const items = [{ binary: { a: binary('a'), b: binary('b') } }];
		await store(fixture, matched('replaceFile', FIELDS, two), { items });
		await expect(
			fixture.run(matched('replaceFile', FIELDS), { items: [item('new')] }),
		).rejects.toMatchObject(codeOf('DOCUWARE_SECTIONS_DIFFER'));
		expect(filesOf(fixture).map(([, sha256]) => sha256)).toEqual([hash('a'), hash('b')]);
	});

	it.each([
		['replaceFile', [null, hash('new')]],
		['updateFields', ['Invoice', hash('content')]],
	])(
		'says of %s that the change was made where only the look at it fails',
		async (rule, changed) => {
			const fixture = await start();
			await store(fixture, matched(rule, FIELDS));
			const { faults } = fixture.simulator;
			const where = { method: 'GET', path: /\/Documents\/1$/i };
			// The first look is for the document's own links, without which it goes on.
			for (let times = 0; times < 2; times += 1)
				faults.push({ kind: 'status', status: 403, where });
			await expect(
				fixture.run(matched(rule, { ...FIELDS, DOCTYPE: 'Invoice' }), { items: [item('new')] }),
			).rejects.toMatchObject({
				message: expect.stringContaining('The document was changed; only reading it again failed.'),
			});
			expect(faults.size).toBe(0);
			const [document] = documents(fixture);
			expect([document?.values.DOCTYPE ?? null, filesOf(fixture)[0]?.[1]]).toEqual(changed);
		},
	);

	it('lists the documents where several match', async () => {
		const fixture = await start();
		await store(fixture, upload(FIELDS));
		await store(fixture, upload(FIELDS));
		await expect(
			fixture.run(matched('skip', FIELDS), { items: [item('content')] }),
		).rejects.toMatchObject({
			message: expect.stringMatching(/: 1, 2\..*\[DOCUWARE_AMBIGUOUS_DOCUMENT\]/),
		});
		expect(documents(fixture)).toHaveLength(2);
	});

	const byExpression = (rule: string) => ({
		parameters: matched('={{ $json.rule }}', FIELDS),
		settings: { items: [{ ...item('other', 'other.pdf'), json: { rule } }] },
	});

	it.each(['skipped', 'replace', ' '])(
		'says what there is to choose from where an expression gives "%s", and changes nothing',
		async (rule) => {
			const fixture = await start();
			await store(fixture, upload(FIELDS));
			const { parameters, settings } = byExpression(rule);
			await expect(fixture.run(parameters, settings)).rejects.toThrow('If It Exists Already');
			expect(filesOf(fixture)).toEqual([['scan.pdf', hash('content')]]);
			expect(documents(fixture)).toHaveLength(1);
		},
	);

	it.each([
		['Skip', { skipped: true }, 'content'],
		['REPLACEFILE', { replaced: true }, 'other'],
		['replace the file', { replaced: true }, 'other'],
	])('takes the words "%s" of an expression', async (rule, outcome, content) => {
		const fixture = await start();
		await store(fixture, upload(FIELDS));
		const { parameters, settings } = byExpression(rule);
		expect(await store(fixture, parameters, settings)).toMatchObject(outcome);
		expect(filesOf(fixture).map(([, sha256]) => sha256)).toEqual([hash(content)]);
	});

	it('needs a value in each field to match', async () => {
		const fixture = await start();
		await expect(
			fixture.run(matched('skip', { COMPANY: 'Peters' }), { items: [item('content')] }),
		).rejects.toMatchObject(codeOf('DOCUWARE_INVALID_VALUE'));
		expect(documents(fixture)).toEqual([]);
	});

	it('makes one document of two executions at once', async () => {
		const fixture = await start();
		const runs = await Promise.all(
			[1, 2, 3].map(async () => await store(fixture, matched('skip', FIELDS))),
		);
		expect(documents(fixture)).toHaveLength(1);
		expect(runs.filter(({ created }) => created)).toHaveLength(1);
	});

	it('finds what was stored though the answer was lost', async () => {
		const fixture = await start();
		fixture.simulator.faults.push({ kind: 'lostAnswer', where: toDocuments });
		expect(await store(fixture, matched('skip', FIELDS))).toMatchObject({
			created: true,
			foundAfterUnknownFate: true,
		});
		expect(fixture.simulator.faults.size).toBe(0);
		expect(documents(fixture)).toHaveLength(1);
	});

	it.each([
		['3 of 7 bytes', {}],
		['0 of 1 files', { uploadContent: 'record' }],
	])('takes none for stored after a lost answer that has %s', async (words, content) => {
		const fixture = await start();
		const { faults, holds } = fixture.simulator;
		faults.push({ kind: 'reset', where: toDocuments });
		const hold = holds.hold('platform.received', {
			where: { path: /DialogExpression/i },
			times: 2,
		});
		const run = fixture.run(matched('skip', FIELDS), { items: [item('content')] });
		const failure = expect(run).rejects.toMatchObject({
			message: expect.stringMatching(new RegExp(`1 .*has ${words}.*UNCONFIRMED`)),
		});
		(await hold.waiting()).release();
		const afterwards = await hold.waiting();
		expect(faults.size).toBe(0);
		await store(fixture, upload(FIELDS, content), { items: [item('con')] });
		afterwards.release();
		await failure;
		expect(documents(fixture)).toHaveLength(1);
	});

	it('says of a skipped document that it may be unfinished', async () => {
		const fixture = await start();
		await store(fixture, upload(FIELDS, { uploadContent: 'record' }));
		const { hints, items } = await fixture.run(matched('skip', FIELDS), {
			items: [item('content')],
		});
		expect(items[0]?.json).toMatchObject({ skipped: true, mayBeUnfinished: true });
		expect(hints).toMatchObject([
			{ message: expect.stringMatching(/document 1 .*0 of 1 files\. It was skipped/) },
		]);
		await store(fixture, upload({ ...FIELDS, AMOUNT: 5 }), { items: [item('cont')] });
		const whole = matched('skip', { ...FIELDS, AMOUNT: 5 });
		expect((await fixture.run(whole, { items: [item('content')] })).hints).toEqual([]);
		const inParts = { ...whole, options: { partsAbove: 0.000005 } };
		expect((await fixture.run(inParts, { items: [item('content')] })).hints).toMatchObject([
			{ message: expect.stringContaining('4 of 7 bytes') },
		]);
	});

	it('says that nothing was found where the upload did not arrive', async () => {
		const fixture = await start();
		fixture.simulator.faults.push({ kind: 'reset', where: toDocuments });
		await expect(
			fixture.run(matched('skip', FIELDS), { items: [item('content')] }),
		).rejects.toMatchObject({
			message: expect.stringMatching(/afterwards and not found.*\[DOCUWARE_WRITE_UNCONFIRMED\]/),
		});
		expect(documents(fixture)).toEqual([]);
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
