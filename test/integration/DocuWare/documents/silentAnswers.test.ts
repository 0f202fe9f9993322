import type { IBinaryData, IDataObject } from 'n8n-workflow';
import { FileContent } from '../../../simulators/DocuWare/http/fileContent';
import { addSection, type StoredDocument } from '../../../simulators/DocuWare/world/documents';
import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const PERSONNEL = '4d3b1f86-7f52-4f7c-8a9f-2b6a5d0e3c20';
const TRAY = 'b_e9f0b3c1-2d47-4e58-8b6a-1c3d5e7f9a40';

const by = (value: string, mode = 'id') => ({ __rl: true, mode, value }) as IDataObject;
const cabinet = (id = INVOICES) => ({ fileCabinetId: by(id) });
const of = ({ id, fileCabinetId }: StoredDocument) => ({
	...cabinet(fileCabinetId),
	documentId: String(id),
});
const json = (fields: object) => ({ dataMode: 'json', json: JSON.stringify(fields) });

function file(content: string | Buffer, fileName = 'a.txt') {
	const data: IBinaryData = {
		...{ data: Buffer.from(content).toString('base64'), mimeType: 'text/plain', fileName },
	};
	return { items: [{ json: {}, binary: { data } }] };
}

/** The node, and a server that makes changes without saying anything of them. */
async function silent(status: number) {
	const fixture = await start();
	const { simulator } = fixture;
	const { documents } = simulator.state;
	const stock = (fileCabinetId = INVOICES, files = 1, values = {}) => {
		const added = documents.add({ fileCabinetId, values, storedBy: 'api', storedAt: 0 });
		for (let at = 0; at < files; at += 1) {
			const content = FileContent.of(Buffer.from(`%PDF ${at}`));
			addSection(added, { name: `${at}.pdf`, contentType: 'application/pdf', content }, 0);
		}
		return added;
	};
	/** Runs an operation; the answer to the request that makes its change has no body. */
	const change = async (
		resource: string,
		name: string,
		path: RegExp,
		parameters: IDataObject,
		settings: Parameters<NodeFixture['run']>[1] & { skip?: number } = {},
	) => {
		const { skip = 0, ...rest } = settings;
		simulator.faults.push({
			...{ kind: 'emptyBody', status, when: 'afterProcessing', skip },
			where: { path, test: ({ method }) => method !== 'GET' },
		});
		const { items } = await fixture.run(operation(resource, name, parameters), rest);
		expect({ name, left: simulator.faults.size }).toEqual({ name, left: 0 });
		return items.map((item) => item.json);
	};
	return { fixture, simulator, documents, stock, change };
}

describe.each([200, 204])('a change that is answered with %d and nothing', (status) => {
	it('was made: documents are stored, also where they are looked for, and in parts', async () => {
		const { change, documents } = await silent(status);
		const store = /\/Documents$/i;
		const record = { ...cabinet(), uploadContent: 'record', ...json({ COMPANY: 'Peters' }) };
		expect(await change('document', 'upload', store, record)).toMatchObject([
			{ created: true, documentId: null, fileCabinetId: INVOICES },
		]);
		const once = { ...cabinet(), uploadContent: 'record', ifExists: 'skip' };
		const match = { ...once, ...json({ COMPANY: 'Miller' }), matchFields: ['COMPANY'] };
		expect(await change('document', 'upload', store, match)).toMatchObject([
			{ created: true, documentId: 2, COMPANY: 'Miller' },
		]);
		const large = file(Buffer.alloc(4_000_000, 'large '));
		const parts = { ...cabinet(), ...json({ COMPANY: 'Large' }), options: { partsAbove: 1 } };
		const rest = /ChunkedUploads/;
		expect(await change('document', 'upload', rest, parts, large)).toMatchObject([
			{ created: true },
		]);
		const tray = { ...cabinet(TRAY), binaryPropertyNames: 'data' };
		expect(await change('documentTray', 'uploadToTray', store, tray, file('x'))).toMatchObject([
			{ created: true, fileCabinetId: TRAY },
		]);
		expect(documents.inCabinet(INVOICES)).toHaveLength(3);
		expect(documents.inCabinet(TRAY)).toHaveLength(1);
	});

	it('was made: files, fields, locks and properties are changed', async () => {
		const { change, documents, stock } = await silent(status);
		const one = stock(INVOICES, 2);
		const data = { ...of(one), binaryPropertyName: 'data' };
		const [added] = await change('document', 'appendFile', /\/Sections$/i, data, file('third'));
		expect(added).toMatchObject({ documentId: one.id });
		const second = { ...data, sectionId: '2' };
		await change('document', 'replaceSection', /\/Data$/i, second, file('anew'));
		await change('document', 'deleteSection', /\/Sections\//i, { ...of(one), sectionId: '1' });
		expect(one.sections.map(({ content }) => content.bytes().toString())).toEqual([
			'anew',
			'third',
		]);
		const fields = { ...of(one), ...json({ STATUS: 'paid' }) };
		expect(await change('document', 'updateIndexFields', /\/Fields$/i, fields)).toMatchObject([
			{ updated: true },
		]);
		const batch = /BatchDocumentsUpdateFields$/i;
		const many = { ...cabinet(), documentIds: String(one.id) };
		const amount = { ...many, ...json({ AMOUNT: 5 }) };
		expect(await change('document', 'batchUpdate', batch, amount)).toEqual([
			{ documentId: one.id, fileCabinetId: INVOICES, updated: true },
		]);
		const words = { ...many, keywordField: 'KEYWORDS', keywords: 'new' };
		expect(await change('document', 'appendKeywords', batch, words)).toMatchObject([
			{ updated: true },
		]);
		expect(one.values).toMatchObject({ STATUS: 'paid', AMOUNT: 5, KEYWORDS: ['new'] });
		await change('document', 'lock', /\/Lock$/i, { ...of(one), lockMinutes: 1 });
		expect(one.lock).toBeDefined();
		await change('document', 'unlock', /\/Lock$/i, of(one));
		expect(one.lock).toBeUndefined();
		const note = { ...of(one), annotations: { text: [{ text: 'Seen' }] } };
		await change('document', 'addAnnotation', /\/Annotation$/i, note);
		const stamp = { stampId: by('Approved', 'name') };
		const stampFields = { field: [{ name: 'Cost centre', value: '4711' }] };
		await change('document', 'placeStamp', /\/Annotation$/i, { ...of(one), ...stamp, stampFields });
		expect(one.annotations).toHaveLength(2);
		const property = [{ name: 'a', value: 'b' }];
		const properties = { ...of(one), applicationProperties: { property } };
		const own = /DocumentApplicationProperties$/i;
		expect(await change('document', 'setApplicationProperties', own, properties)).toMatchObject([
			{ set: ['a'] },
		]);
		expect(one.properties).toEqual([{ Name: 'a', Value: 'b' }]);
		expect(await change('document', 'delete', /\/Documents\//i, of(one))).toMatchObject([
			{ deleted: true },
		]);
		expect(documents.inCabinet(INVOICES)).toEqual([]);
	});

	it('was made: documents are put together, taken apart, moved, and taken out of the bin', async () => {
		const { change, documents, stock, simulator } = await silent(status);
		const [merge, divide] = [/ContentMerge$/i, /ContentDivide$/i];
		const pair = [stock(TRAY), stock(TRAY)];
		const documentIds = pair.map(({ id }) => id).join(', ');
		const both = { ...cabinet(TRAY), documentIds };
		expect(await change('document', 'staple', merge, both)).toEqual([
			{ stapled: true, documentIds: pair.map(({ id }) => id), fileCabinetId: TRAY },
		]);
		const only = () => {
			const [document] = documents.inCabinet(TRAY);
			return document === undefined ? {} : of(document);
		};
		expect(await change('document', 'unstaple', divide, only())).toMatchObject([
			{ unstapled: true },
		]);
		const ids = documents.inCabinet(TRAY).map(({ id }) => id);
		const again = { ...cabinet(TRAY), documentIds: ids.join(', ') };
		expect(await change('document', 'clip', merge, again)).toMatchObject([{ clipped: true }]);
		expect(await change('document', 'unclip', divide, only())).toMatchObject([{ unclipped: true }]);
		const move = {
			sourceFileCabinetId: by(TRAY),
			documentIds: documents
				.inCabinet(TRAY)
				.map(({ id }) => id)
				.join(', '),
			...{ transferMode: 'move', ...cabinet() },
		};
		expect(await change('document', 'transfer', /Transfer$/i, move)).toMatchObject([
			{ transferred: 2 },
		]);
		expect([documents.inCabinet(TRAY).length, documents.inCabinet(INVOICES).length]).toEqual([
			...[0, 2],
		]);
		const paged = stock(INVOICES, 0);
		const content = FileContent.of(Buffer.from('one\ftwo'));
		addSection(paged, { name: 'a.txt', contentType: 'text/plain', content }, 0);
		const split = { ...of(paged), splitPages: '2' };
		expect(await change('document', 'split', divide, split)).toMatchObject([
			{ split: true, documentId: paged.id },
		]);
		expect(documents.inCabinet(INVOICES)).toHaveLength(4);
		for (const document of documents.inCabinet(INVOICES)) documents.discard(document, 'api', 0);
		const bin = () => documents.discarded().map(({ id }) => id);
		const [restored, ...deleted] = bin();
		const restore = { trashBinIds: String(restored) };
		expect(await change('trashBin', 'restore', /BatchRestore$/i, restore)).toEqual([
			{ trashBinId: restored, restored: true },
		]);
		const remove = { trashBinIds: deleted.join(', ') };
		expect(await change('trashBin', 'delete', /BatchDelete$/i, remove)).toHaveLength(3);
		expect([documents.inCabinet(INVOICES).length, bin().length]).toEqual([1, 0]);
		expect(simulator.counters.documentsDeleted).toBe(0);
	});

	it('was made: a document is given back, and members are changed', async () => {
		const { change, fixture, stock } = await silent(status);
		const one = stock(PERSONNEL);
		const checkOut = operation('document', 'checkOut', of(one));
		await fixture.run(checkOut);
		const undo = /ProcessDocumentAction$/i;
		expect(await change('document', 'undoCheckOut', undo, of(one))).toMatchObject([
			{ documentId: one.id },
		]);
		expect(one.checkedOutBy).toBeUndefined();
		const [out] = (await fixture.run(checkOut)).items;
		const settings = { items: [{ json: {}, binary: out?.binary ?? {} }] };
		const checkIn = /CheckInFromFileSystem$/i;
		const version = { newVersion: 'major' };
		expect(await change('document', 'checkIn', checkIn, version, settings)).toMatchObject([
			{ documentId: one.id },
		]);
		expect([one.checkedOutBy, one.version]).toEqual([undefined, { major: 2, minor: 0 }]);
		const user = { userId: by('peggy.jenkins', 'name') };
		const groups = { ...user, groupIds: ['Former staff'] };
		expect(await change('user', 'addToGroups', /UserGroups$/i, groups)).toMatchObject([
			{ addedTo: [{ name: 'Former staff' }] },
		]);
		const roles = { ...user, roleIds: ['Everyone'] };
		await change('user', 'addToRoles', /UserRoles$/i, roles);
		await change('user', 'removeFromRoles', /UserRoles$/i, roles);
	});
});

type Made = Awaited<ReturnType<typeof silent>>;

/** The change of a document, or of several, with what it is made of. */
type Changing = [
	name: string,
	path: RegExp,
	parameters: (made: Made) => IDataObject | Promise<IDataObject>,
	settings?: { resource?: string; data?: ReturnType<typeof file> },
];

const many = ({ stock }: Made, fileCabinetId = INVOICES) => ({
	...cabinet(fileCabinetId),
	documentIds: [stock(fileCabinetId), stock(fileCabinetId)].map(({ id }) => id).join(', '),
});
const binned = ({ documents, stock }: Made) => {
	documents.discard(stock(), 'api', 0);
	return {
		trashBinIds: documents
			.discarded()
			.map(({ id }) => id)
			.join(', '),
	};
};
const member = { userId: by('peggy.jenkins', 'name') };
const inGroups = { ...member, groupIds: ['Former staff'] };
const inRoles = { ...member, roleIds: ['Everyone'] };
const record = { ...cabinet(), uploadContent: 'record', ...json({ COMPANY: 'Peters' }) };
const appended = { binaryPropertyName: 'data' };
const merge = /ContentMerge$/i;
const divide = /ContentDivide$/i;
const batch = /BatchDocumentsUpdateFields$/i;

it.each<Changing>([
	['upload', /\/Documents$/i, () => record],
	[
		'uploadToTray',
		/\/Documents$/i,
		() => ({ ...cabinet(TRAY), binaryPropertyNames: 'data' }),
		{ resource: 'documentTray', data: file('x') },
	],
	[
		'appendFile',
		/\/Sections$/i,
		({ stock }) => ({ ...of(stock()), ...appended }),
		{ data: file('x') },
	],
	[
		'replaceSection',
		/\/Data$/i,
		({ stock }) => ({ ...of(stock()), ...appended, sectionId: '1' }),
		{ data: file('x') },
	],
	[
		'deleteSection',
		/\/Sections\//i,
		({ stock }) => ({ ...of(stock(INVOICES, 2)), sectionId: '1' }),
	],
	['updateIndexFields', /\/Fields$/i, ({ stock }) => ({ ...of(stock()), ...json({ AMOUNT: 1 }) })],
	['batchUpdate', batch, (made) => ({ ...many(made), ...json({ AMOUNT: 5 }) })],
	[
		'appendKeywords',
		batch,
		(made) => ({ ...many(made), keywordField: 'KEYWORDS', keywords: 'new' }),
	],
	['lock', /\/Lock$/i, ({ stock }) => ({ ...of(stock()), lockMinutes: 1 })],
	['unlock', /\/Lock$/i, ({ stock }) => of(stock())],
	[
		'addAnnotation',
		/\/Annotation$/i,
		({ stock }) => ({ ...of(stock()), annotations: { text: [{ text: 'Seen' }] } }),
	],
	[
		'placeStamp',
		/\/Annotation$/i,
		({ stock }) => ({
			...{ ...of(stock()), stampId: by('Approved', 'name') },
			stampFields: { field: [{ name: 'Cost centre', value: '4711' }] },
		}),
	],
	[
		'setApplicationProperties',
		/DocumentApplicationProperties$/i,
		({ stock }) => ({
			...of(stock()),
			applicationProperties: { property: [{ name: 'a', value: 'b' }] },
		}),
	],
	['delete', /\/Documents\//i, ({ stock }) => of(stock())],
	['staple', merge, (made) => many(made, TRAY)],
	['clip', merge, (made) => many(made)],
	['unstaple', divide, ({ stock }) => of(stock(TRAY))],
	['unclip', divide, ({ stock }) => of(stock())],
	[
		'transfer',
		/Transfer$/i,
		(made) => ({
			...{ ...many(made, TRAY), sourceFileCabinetId: by(TRAY), transferMode: 'move' },
			...cabinet(),
		}),
	],
	[
		'undoCheckOut',
		/ProcessDocumentAction$/i,
		async ({ fixture, stock }) => {
			const one = of(stock(PERSONNEL));
			await fixture.run(operation('document', 'checkOut', one));
			return one;
		},
	],
	['restore', /BatchRestore$/i, binned, { resource: 'trashBin' }],
	['delete', /BatchDelete$/i, binned, { resource: 'trashBin' }],
	['addToGroups', /UserGroups$/i, () => inGroups, { resource: 'user' }],
	['removeFromGroups', /UserGroups$/i, () => inGroups, { resource: 'user' }],
	['addToRoles', /UserRoles$/i, () => inRoles, { resource: 'user' }],
	['removeFromRoles', /UserRoles$/i, () => inRoles, { resource: 'user' }],
])('a web page in place of the answer is no proof of a change: %s %s', async (...changing) => {
	const [name, path, parameters, { resource = 'document', data } = {}] = changing;
	const made = await silent(200);
	const wanted = operation(resource, name, await parameters(made));
	const { faults } = made.simulator;
	faults.push({
		...{ kind: 'html', status: 200 },
		where: { path, test: ({ method }) => method !== 'GET' },
	});
	await expect(made.fixture.run(wanted, data ?? {})).rejects.toMatchObject({
		message: expect.stringContaining('[DOCUWARE_WRITE_UNCONFIRMED]'),
	});
	expect(faults.size).toBe(0);
});
