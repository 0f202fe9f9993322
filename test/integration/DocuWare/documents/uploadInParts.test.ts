import type { IBinaryData } from 'n8n-workflow';
import { useNode } from '../node/support/nodeFixture';
import {
	binary,
	codeOf,
	documents,
	filesOf,
	hash,
	item,
	locator,
	MB,
	store,
	toDocuments,
	upload,
} from './support/uploads';

const { start } = useNode();

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
