import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import { DocuWare } from '../../../../nodes/DocuWare/DocuWare.node';
import { resources } from '../../../../nodes/DocuWare/resources';
import { closeVaults } from '../../../../nodes/shared/vault/place/openVault';
import { startDocuWareSimulator, type DocuWareSimulator } from '../../../simulators/DocuWare';
import { N8nEngine } from '../../../support/n8nEngine';
import { API_USER } from '../node/support/nodeFixture';
import { DATA_OPERATIONS } from './support/dataOperations';

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const TRAY = 'b_e9f0b3c1-2d47-4e58-8b6a-1c3d5e7f9a40';

const engine = new N8nEngine(new DocuWare());
const before = { ...process.env };
let simulator: DocuWareSimulator;

beforeAll(async () => {
	process.env.N8N_ENCRYPTION_KEY = 'an encryption key for tests';
	delete process.env.DB_TYPE;
	simulator = await startDocuWareSimulator();
});

afterAll(async () => {
	await closeVaults();
	await simulator.close();
	engine.dispose();
	process.env = { ...before };
});

beforeEach(() => simulator.state.documents.clear());

/** What went through the engine, as `resource operation`. */
const done = new Set<string>();

interface Item {
	json?: IDataObject;
	binary?: Record<string, IBinaryData>;
}

/** Runs the node in n8n's engine over items. */
async function run(
	resource: string,
	operation: string,
	parameters: object = {},
	items: Item[] = [{}],
): Promise<INodeExecutionData[]> {
	const data = { platformUrl: simulator.url, ...API_USER, licenceWaitSeconds: 0 };
	const [output = []] = await engine.run({
		credentials: { docuWareApi: { id: 'credential-1', data } },
		parameters: { resource, operation, ...parameters } as IDataObject,
		items,
	});
	done.add(`${resource} ${operation}`);
	return output;
}

const locator = (value: string, mode = 'id') => ({ __rl: true, mode, value });

/** The document that the item names, in a file cabinet by its name. */
const ofItem = { fileCabinetId: locator('Invoices', 'name'), documentId: '={{ $json.id }}' };

/** A file of an item, in a field called `scan`. */
function file(content: string, fileName = 'a.txt', mimeType = 'text/plain'): Item {
	const data: IBinaryData = { data: Buffer.from(content).toString('base64'), mimeType, fileName };
	return { binary: { scan: data } };
}

const contentOf = ({ binary }: INodeExecutionData = { json: {} }) =>
	Buffer.from(binary?.data?.data ?? '', 'base64').toString('latin1');

const inCabinet = () => simulator.state.documents.inCabinet(INVOICES);

/** The texts of the files of a document in the simulator. */
function textsOf(index: number, cabinet = INVOICES): string[] | undefined {
	const document = simulator.state.documents.inCabinet(cabinet)[index];
	return document?.sections.map(({ content }) => content.bytes().toString());
}

/** Stores a document for each of these companies; gives items with their numbers. */
async function stored(
	companies: string[],
	content = 'one',
): Promise<Array<{ json: { id: number } }>> {
	const output = await run(
		'document',
		'upload',
		{
			fileCabinetId: locator('Invoices', 'name'),
			...{ binaryPropertyName: '={{ "sc" + "an" }}', dataMode: 'json' },
			json: '={{ { "COMPANY": $json.company } }}',
		},
		companies.map((company) => ({ json: { company }, ...file(content) })),
	);
	expect(output.map(({ json }) => json.COMPANY)).toEqual(companies);
	return output.map(({ json }) => ({ json: { id: Number(json.documentId) } }));
}

/** Whatever links lead to: where clients know it, elsewhere alone, or to another server, which nothing is asked of. */
describe.each(['usual', 'other', 'foreign'] as const)(
	"in n8n's execution engine, links: %s",
	(linkPaths) => {
		beforeAll(() => simulator.configure({ linkPaths }));

		afterAll(() => simulator.configure({ linkPaths: 'usual' }));

		it('files of documents are added, replaced, read, and taken out, each of its own item', async () => {
			const items = await stored(['Peters', 'Miller']);
			const withFile = items.map((item, at) => ({ ...item, ...file(`second ${at}`, 'b.txt') }));
			const field = { binaryPropertyName: 'scan' };
			const appended = await run('document', 'appendFile', { ...ofItem, ...field }, withFile);
			expect(appended.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
			expect([textsOf(0), textsOf(1)]).toEqual([
				['one', 'second 0'],
				['one', 'second 1'],
			]);
			const other = items.slice(1).map((item) => ({ ...item, ...file('anew', 'c.txt') }));
			await run(
				'document',
				'replaceSection',
				{ ...ofItem, ...field, sectionId: '={{ 1 + 1 }}' },
				other,
			);
			expect([textsOf(0), textsOf(1)]).toEqual([
				['one', 'second 0'],
				['one', 'anew'],
			]);
			const sections = await run('document', 'getSections', ofItem, items);
			expect(sections.map(({ json, pairedItem }) => [json.fileName, pairedItem])).toEqual([
				['a.txt', { item: 0 }],
				['b.txt', { item: 0 }],
				['a.txt', { item: 1 }],
				['c.txt', { item: 1 }],
			]);
			const texts = await run('document', 'getText', { ...ofItem, sectionId: '2' }, items);
			expect(texts.map(({ json }) => json.text)).toEqual(['second 0', 'anew']);
			const [first] = sections;
			await run('document', 'deleteSection', { ...ofItem, sectionId: '={{ $json.section }}' }, [
				{ json: { ...items[0]?.json, section: String(first?.json.sectionId) } },
			]);
			expect([textsOf(0), textsOf(1)]).toEqual([['second 0'], ['one', 'anew']]);
		});

		it('a file comes back as it was stored, as a PDF with its stamps or without, and as a picture', async () => {
			const items = await stored(['Peters'], 'one\ftwo');
			const [original] = await run('document', 'download', ofItem, items);
			expect(contentOf(original)).toBe('one\ftwo');
			expect(original?.binary?.data).toMatchObject({ fileName: 'a.txt', mimeType: 'text/plain' });
			const text = [{ text: 'Seen by Peggy' }];
			await run('document', 'addAnnotation', { ...ofItem, annotations: { text } }, items);
			const as = async (downloadFormat: string) =>
				contentOf((await run('document', 'download', { ...ofItem, downloadFormat }, items))[0]);
			expect(await as('annotatedPdf')).toMatch(/^%PDF[^]*Seen by Peggy/);
			expect(await as('pdf')).toMatch(/^%PDF(?![^]*Seen by Peggy)/);
			const picture = { ...ofItem, sectionId: '1' };
			const [second] = await run(
				'document',
				'getThumbnail',
				{ ...picture, page: '={{ 2 }}' },
				items,
			);
			expect(second?.binary?.data?.mimeType).toBe('image/png');
			expect(second?.json).toMatchObject({ page: 2 });
			await expect(
				run('document', 'getThumbnail', { ...picture, page: 3 }, items),
			).rejects.toMatchObject({ message: expect.stringContaining('[DOCUWARE_NOT_FOUND]') });
		});

		it('a document is split before the pages that are given, each page in one of the parts', async () => {
			const items = await stored(['Peters'], 'one\ftwo\fthree\ffour');
			const parts = await run(
				'document',
				'split',
				{ ...ofItem, splitPages: '={{ [2, 4] }}' },
				items,
			);
			expect(parts).toHaveLength(3);
			expect([textsOf(0), textsOf(1), textsOf(2)]).toEqual([['one'], ['two\fthree'], ['four']]);
		});

		it('index fields are changed one by one and many at once, and nothing else is', async () => {
			const items = await stored(['Peters', 'Miller', 'Meier']);
			const ids = items.map(({ json }) => json.id);
			await run(
				'document',
				'updateIndexFields',
				{ ...ofItem, dataMode: 'json', json: '={{ { "AMOUNT": $json.id * 10 } }}' },
				items.slice(0, 2),
			);
			const many = { fileCabinetId: locator(INVOICES), documentIds: '={{ $json.ids }}' };
			const one = [{ json: { ids: ids.slice(1) } }];
			const words = { keywordField: 'KEYWORDS', keywords: '={{ ["urgent", "paid"] }}' };
			const append = await run('document', 'appendKeywords', { ...many, ...words }, one);
			const status = { dataMode: 'json', json: '={{ { "STATUS": "paid " + $json.ids.length } }}' };
			const changed = await run('document', 'batchUpdate', { ...many, ...status }, one);
			for (const rows of [append, changed]) {
				expect(rows.map(({ json }) => [json.documentId, json.updated])).toEqual([
					[ids[1], true],
					[ids[2], true],
				]);
			}
			const documents = await run('document', 'get', ofItem, items);
			expect(
				documents.map(({ json: { COMPANY, AMOUNT, STATUS, KEYWORDS } }) => [
					...[COMPANY, AMOUNT, STATUS, KEYWORDS],
				]),
			).toEqual([
				['Peters', Number(ids[0]) * 10, null, null],
				['Miller', Number(ids[1]) * 10, 'paid 2', ['urgent', 'paid']],
				['Meier', null, 'paid 2', ['urgent', 'paid']],
			]);
		});

		it('documents are found and counted, in a tray too', async () => {
			const items = await stored(['Peters', 'Miller', 'Peters']);
			const condition = [{ field: 'COMPANY', operator: 'is', value: '={{ $json.name }}' }];
			const search = { fileCabinetId: locator(INVOICES), conditions: { condition } };
			const names = [{ json: { name: 'Peters' } }, { json: { name: 'Miller' } }];
			const found = await run('document', 'search', search, names);
			expect(found.map(({ json, pairedItem }) => [json.documentId, pairedItem])).toEqual([
				[items[0]?.json.id, { item: 0 }],
				[items[2]?.json.id, { item: 0 }],
				[items[1]?.json.id, { item: 1 }],
			]);
			const counts = await run('document', 'getCount', search, names);
			expect(counts.map(({ json }) => json.count)).toEqual([2, 1]);

			const trays = await run('documentTray', 'getAll', { limit: '={{ 1 }}' });
			expect(trays.map(({ json }) => json.Id)).toEqual([TRAY]);
			const inTray = { fileCabinetId: locator('={{ $json.tray }}') };
			const uploads = ['Übersicht.txt', 'b.txt'].map((name) => ({
				json: { tray: TRAY },
				...file(name, name),
			}));
			const field = { binaryPropertyNames: '={{ Object.keys($binary)[0] }}' };
			const put = await run('documentTray', 'uploadToTray', { ...inTray, ...field }, uploads);
			expect(put.map(({ json }) => json.created)).toEqual([true, true]);
			expect([textsOf(0, TRAY), textsOf(1, TRAY)]).toEqual([['Übersicht.txt'], ['b.txt']]);
			const there = await run('documentTray', 'getDocuments', inTray, [{ json: { tray: TRAY } }]);
			expect(there.map(({ json }) => json.documentId)).toEqual(
				put.map(({ json }) => json.documentId),
			);
		});

		it('a document comes back from the trash bin, and another one leaves it for good', async () => {
			const items = await stored(['Peters', 'Miller']);
			await run('document', 'delete', ofItem, items);
			expect(inCabinet()).toEqual([]);
			const { documents } = simulator.state;
			const idOf = (company: string) =>
				documents.discarded().find(({ document }) => document.values.COMPANY === company)?.id;
			const ids = [idOf('Peters'), idOf('Miller')];
			const trashed = await run('trashBin', 'search', { returnAll: true });
			expect(trashed.map(({ json }) => json.trashBinId).sort()).toEqual([...ids].sort());
			const of = (id: unknown) => trashed.filter(({ json }) => json.trashBinId === id);
			const named = { trashBinIds: '={{ $json.trashBinId }}' };
			const [restored] = await run('trashBin', 'restore', named, of(ids[0]));
			expect(restored?.json.restored).toBe(true);
			const [deleted] = await run('trashBin', 'delete', named, of(ids[1]));
			expect(deleted?.json.deleted).toBe(true);
			expect(inCabinet().map(({ values }) => values.COMPANY)).toEqual(['Peters']);
			expect(documents.discarded()).toEqual([]);
		});

		it('file cabinets, their dialogs, fields and select lists, and organizations are told', async () => {
			const all = await run('fileCabinet', 'getAll', { returnAll: true });
			expect(all.map(({ json }) => json.Name)).toEqual(expect.arrayContaining(['Invoices']));
			const cabinet = { fileCabinetId: locator('={{ $json.name }}', 'name') };
			const items = [{ json: { name: 'Invoices' } }, { json: { name: 'Personnel' } }];
			const both = await run('fileCabinet', 'get', cabinet, items);
			expect(both.map(({ json }) => json.Name)).toEqual(['Invoices', 'Personnel']);
			const dialogs = await run(
				'fileCabinet',
				'getDialogs',
				{ ...cabinet, dialogType: '={{ "Store" }}' },
				items.slice(0, 1),
			);
			expect(dialogs.map(({ json }) => json.DisplayName)).toEqual(['Store', 'Store invoice']);
			const fields = await run('fileCabinet', 'getFields', cabinet, items);
			expect(
				fields.filter(({ pairedItem }) => JSON.stringify(pairedItem) === '{"item":0}')[0]?.json,
			).toMatchObject({ name: 'COMPANY', label: 'Company', type: 'Text' });
			expect(fields.map(({ json }) => json.name)).toContain('EMPLOYEE');
			const values = await run(
				'fileCabinet',
				'getSelectListValues',
				{
					...cabinet,
					dialogId: locator('Store invoice', 'name'),
					...{ fieldName: 'DOCTYPE', options: { prefix: '={{ "Re" }}' } },
				},
				items.slice(0, 1),
			);
			expect(values.map(({ json }) => json.value)).toEqual(['Reminder']);

			const organizations = await run('organization', 'getAll', { returnAll: true });
			const [current] = await run('organization', 'getCurrent');
			expect(organizations.map(({ json }) => json.Name)).toEqual(['Peters Engineering']);
			expect(current?.json.Name).toBe('Peters Engineering');
		});
	},
);

it('every operation of these resources was run, none left out', () => {
	const documentOperations = resources
		.filter(({ value }) => value === 'document')
		.flatMap(({ operations }) => operations.map(({ value }) => value));
	const unknown = [...DATA_OPERATIONS].filter((name) => !documentOperations.includes(name));
	expect(unknown).toEqual([]);
	const whole = ['documentTray', 'fileCabinet', 'organization', 'trashBin'];
	const all = resources.flatMap(({ value, operations }) =>
		operations
			.filter(
				(one) => whole.includes(value) || (value === 'document' && DATA_OPERATIONS.has(one.value)),
			)
			.map((one) => `${value} ${one.value}`),
	);
	expect(all).toHaveLength(DATA_OPERATIONS.size + 13);
	expect(all.filter((name) => !done.has(name))).toEqual([]);
});
