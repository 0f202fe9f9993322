import type { IDataObject, INodeExecutionData, ResourceMapperField } from 'n8n-workflow';
import { DocuWare } from '../../../../nodes/DocuWare/DocuWare.node';
import { getIndexFields } from '../../../../nodes/DocuWare/methods/resourceMapping';
import { closeVaults } from '../../../../nodes/shared/vault/place/openVault';
import { loadContext } from '../../../support/n8nContext';
import { N8nEngine } from '../../../support/n8nEngine';
import { startDocuWareSimulator, type DocuWareSimulator } from '../../../simulators/DocuWare';
import { API_USER } from '../node/support/nodeFixture';

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';

const node = new DocuWare();
const engine = new N8nEngine(node);

const before = { ...process.env };
let simulator: DocuWareSimulator;
let schema: ResourceMapperField[];

beforeAll(async () => {
	process.env.N8N_ENCRYPTION_KEY = 'an encryption key for tests';
	delete process.env.DB_TYPE;
	simulator = await startDocuWareSimulator();
	const { description } = node;
	const context = loadContext({ description, credentials: credentials() });
	const chosen: IDataObject = { fileCabinetId: cabinet, operation: 'updateIndexFields' };
	context.getCurrentNodeParameter = (name) => chosen[name] as never;
	schema = (await getIndexFields.call(context)).fields;
});

afterAll(async () => {
	await closeVaults();
	await simulator.close();
	engine.dispose();
	process.env = { ...before };
});

const cabinet = { __rl: true, mode: 'id', value: INVOICES } as IDataObject;

function credentials() {
	const data = { platformUrl: simulator.url, ...API_USER, licenceWaitSeconds: 0 };
	return { docuWareApi: { id: 'credential-1', data } };
}

async function run(
	operation: string,
	parameters: IDataObject,
	items: IDataObject[] = [{}],
	continueOnFail = false,
): Promise<INodeExecutionData[]> {
	const [output = []] = await engine.run({
		credentials: credentials(),
		parameters: { resource: 'document', operation, fileCabinetId: cabinet, ...parameters },
		items: items.map((json) => ({ json })),
		continueOnFail,
		timeZone: 'Europe/Amsterdam',
	});
	return output;
}

/** A record without a file; returns its number. */
async function stored(): Promise<unknown> {
	const [item] = await run('upload', {
		uploadContent: 'record',
		dataMode: 'json',
		json: '{"COMPANY": "Peters", "AMOUNT": 10}',
	});
	return item?.json.documentId;
}

/** n8n's mapper as the editor stores it, with these expressions. */
const mapped = (value: IDataObject): IDataObject => ({
	dataMode: 'fields',
	indexFields: { mappingMode: 'defineBelow', value, schema } as unknown as IDataObject,
});

describe("index fields in n8n's execution engine", () => {
	it('go through the mapper as they are given, and are read by the rules of this node', async () => {
		const documentId = await stored();
		const items: IDataObject[] = [
			{
				id: documentId as number,
				amount: '1.234,56',
				day: '2026-04-06T22:30:00Z',
				number: '1042',
				words: ['urgent', 'a, b'],
				rows: [{ Article: 'Bolt', Quantity: '3', Price: '0,25' }],
			},
		];
		const [changed] = await run(
			'updateIndexFields',
			{
				documentId: '={{ $json.id }}',
				...mapped({
					...{ AMOUNT: '={{ $json.amount }}', INVOICEDATE: '={{ $json.day }}' },
					...{ INVOICENO: '={{ $json.number }}', KEYWORDS: '={{ $json.words }}' },
					...{ POSITIONS: '={{ $json.rows }}', RECEIVED: '2026-04-07 13:30', STATUS: '' },
				}),
			},
			items,
		);
		expect(changed?.json).toMatchObject({ documentId, updated: true });
		const [document] = await run('get', { documentId: documentId as string });
		expect(document?.json).toMatchObject({
			...{ COMPANY: 'Peters', AMOUNT: 1234.56, INVOICEDATE: '2026-04-07', INVOICENO: 1042 },
			...{ KEYWORDS: ['urgent', 'a, b'], RECEIVED: '2026-04-07T11:30:00Z', STATUS: null },
			POSITIONS: [{ POSIT_ARTICLE: 'Bolt', POSIT_QUANTITY: 3, POSIT_PRICE: 0.25 }],
		});
	});

	/** The rows of *Fields with Lists*: values typed, from the list, or of an expression. */
	const rows = (values: Array<[field: string, value: unknown, mode?: string]>): IDataObject => ({
		dataMode: 'rows',
		indexFieldRows: {
			row: values.map(([field, value, mode = 'text']) => ({
				field,
				value: { __rl: true, mode, value },
			})),
		} as IDataObject,
	});

	it('go by rows with values of lists, typed or of expressions, by the same rules', async () => {
		const [made] = await run(
			'upload',
			{
				uploadContent: 'record',
				...rows([
					['COMPANY', 'Peters'],
					['DOCTYPE', 'Invoice', 'list'],
					['AMOUNT', '={{ $json.amount }}'],
					['KEYWORDS', '={{ $json.words }}'],
					['STATUS', ''],
				]),
			},
			[{ amount: '1.234,56', words: ['a, b', 'c'] }],
		);
		expect(made?.json).toMatchObject({
			...{ COMPANY: 'Peters', DOCTYPE: 'Invoice', AMOUNT: 1234.56, KEYWORDS: ['a, b', 'c'] },
			STATUS: null,
		});
		const documentId = made?.json.documentId as string;
		const empty = rows([
			['COMPANY', '={{ $json.company }}'],
			['AMOUNT', 5],
		]);
		await expect(run('updateIndexFields', { documentId, ...empty })).rejects.toMatchObject({
			message: expect.stringMatching(/COMPANY.*DOCUWARE_EMPTY_VALUE/s),
		});
		for (const [emptyValues, COMPANY] of [
			['leaveOut', 'Peters'],
			['clear', null],
		]) {
			await run('updateIndexFields', {
				documentId,
				...empty,
				options: { emptyValues } as IDataObject,
			});
			const [read] = await run('get', { documentId });
			expect(read?.json).toMatchObject({ COMPANY, AMOUNT: 5 });
		}
	});

	it.each<[string, Array<[string, unknown]>, RegExp]>([
		[
			'no field',
			[
				['COMPANY', 'x'],
				['', 'y'],
			],
			/Row 2 of item 0 names no field/,
		],
		[
			'a field twice',
			[
				['COMPANY', 'x'],
				['COMPANY', 'y'],
			],
			/Row 2 of item 0 names the field COMPANY a second time/,
		],
		[
			'a field by name and label',
			[
				['COMPANY', 'x'],
				['company', 'y'],
			],
			/given twice/,
		],
		['a value that does not fit', [['AMOUNT', 'many']], /AMOUNT/],
	])('by rows with %s are an error, and nothing is sent', async (_what, values, message) => {
		const documentId = (await stored()) as string;
		await expect(run('updateIndexFields', { documentId, ...rows(values) })).rejects.toMatchObject({
			message: expect.stringMatching(message),
		});
		const [read] = await run('get', { documentId });
		expect(read?.json).toMatchObject({ COMPANY: 'Peters', AMOUNT: 10 });
	});

	it('that an expression leaves empty are no zero: the item fails, the others go on', async () => {
		const ids = [await stored(), await stored()];
		const output = await run(
			'updateIndexFields',
			{
				documentId: '={{ $json.id }}',
				...mapped({ AMOUNT: '={{ $json.amount }}' }),
			},
			ids.map((id, index) => ({ id: id as number, amount: index === 0 ? '' : 7 })),
			true,
		);
		expect(output[0]?.json.error).toMatchObject({ code: 'DOCUWARE_EMPTY_VALUE' });
		expect(output[1]?.json).toMatchObject({ updated: true, AMOUNT: 7 });
		const documents = await run(
			'get',
			{ documentId: '={{ $json.id }}' },
			ids.map((id) => ({ id: id as number })),
		);
		expect(documents.map(({ json }) => json.AMOUNT)).toEqual([10, 7]);
	});

	it('are taken from columns, and one table is changed as a whole', async () => {
		const documentId = await stored();
		const columns = { dataMode: 'fields', indexFields: { mappingMode: 'autoMapInputData' } };
		const update = { documentId: documentId as string, ...columns };
		const rows = [{ POSIT_ARTICLE: 'Bolt' }, { POSIT_ARTICLE: 'Nut' }];
		await run('updateIndexFields', update, [{ POSITIONS: rows, 'Document type': 'Invoice' }]);
		const [document] = await run('get', { documentId: documentId as string });
		expect(document?.json).toMatchObject({ DOCTYPE: 'Invoice', COMPANY: 'Peters' });
		const table = document?.json.POSITIONS as IDataObject[];
		await run('updateIndexFields', update, [{ ...document?.json, POSITIONS: table.slice(1) }]);
		const [again] = await run('get', { documentId: documentId as string });
		expect(again?.json.POSITIONS).toMatchObject([{ POSIT_ARTICLE: 'Nut' }]);
		expect(again?.json).toMatchObject({ DOCTYPE: 'Invoice', AMOUNT: 10 });
	});
});
