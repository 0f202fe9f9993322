import type { IDataObject } from 'n8n-workflow';
import { useNode } from '../node/support/nodeFixture';
import {
	binary,
	codeOf,
	documents,
	filesOf,
	hash,
	item,
	store,
	toDocuments,
	upload,
} from './support/uploads';

const { start } = useNode();

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
		['REPLACEFILE', { fileReplaced: true }, 'other'],
		['replace the file', { fileReplaced: true }, 'other'],
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
