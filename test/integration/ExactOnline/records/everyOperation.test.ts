import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { readEndpoint } from '../../../../nodes/ExactOnline/catalogue/catalogue';
import { ABILITIES } from '../../../../nodes/ExactOnline/catalogue/firstClass/abilities';
import { FIRST_CLASS } from '../../../../nodes/ExactOnline/catalogue/firstClass';
import type { ResourceData } from '../../../../nodes/ExactOnline/catalogue/firstClass/resourceData';
import { ExactOnline } from '../../../../nodes/ExactOnline/ExactOnline.node';
import { resources } from '../../../../nodes/ExactOnline/resources';
import { locator } from '../../../support/n8nContext';
import { N8nEngine } from '../../../support/n8nEngine';
import {
	DEFAULT_APPS,
	ExactOnlineSimulator,
	FIRST_DIVISION,
} from '../../../simulators/ExactOnline';
import { seedRows } from '../../../simulators/ExactOnline/world/seedRows';
import { RECORD_CASES } from './support/recordCases';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

let simulator: ExactOnlineSimulator;
const engine = new N8nEngine(new ExactOnline());

beforeAll(async () => {
	simulator = await ExactOnlineSimulator.start({
		switches: { minutelyLimit: 100_000, dailyLimit: 100_000, accessTokenLifeSeconds: 36_000 },
	});
	const [app] = DEFAULT_APPS;
	const [user] = simulator.world.users;
	const { accessToken } = simulator.issueTokens(app?.clientId ?? '', user?.userId ?? '');
	const token = { accessToken, generation: 0, validUntil: Infinity };
	const source = {
		baseUrl: simulator.url,
		clientId: randomUUID(),
		ignoreSslIssues: false,
		getAccessToken: async () => await Promise.resolve(token),
		replaceRefusedToken: async () => await Promise.resolve(undefined),
		chain: {
			vault: {
				withLease: async (_name: string, _options: object, work: () => Promise<unknown>) =>
					await work(),
			},
		},
	};
	jest.mocked(createAccessTokenSource).mockResolvedValue(source as never);
});

afterAll(async () => {
	engine.dispose();
	await simulator.close();
});

/** What went through the engine, as `resource operation`. */
const done = new Set<string>();

async function run(resource: string, operation: string, more: IDataObject): Promise<IDataObject[]> {
	const parameters = { resource, operation, division: locator(FIRST_DIVISION), ...more };
	const credentials = { exactOnlineOAuth2Api: { id: 'cred-1' } };
	const [output] = await engine.run({ credentials, parameters });
	done.add(`${resource} ${operation}`);
	return (output ?? []).map(({ json }) => json);
}

const operationsOf = (resource: string) =>
	(resources.find(({ value }) => value === resource)?.operations ?? []).map(({ value }) => value);

const asJson = (values: IDataObject) => ({ dataMode: 'json', json: JSON.stringify(values) });

/** The first row that is there, or one that is put there. */
function presentRow({ endpoint, value }: ResourceData): IDataObject {
	const [user] = simulator.world.users;
	const context = { user: user!, division: FIRST_DIVISION, now: Date.now() };
	const { seed } = RECORD_CASES[value] ?? {};
	const table = simulator.world.table(endpoint);
	const [row] = seed
		? seedRows(simulator.world, endpoint, [seed], context)
		: (table?.rows(context) ?? []);
	return { ...row } as IDataObject;
}

/** What needs a record of another kind. */
async function completed(value: string, create: IDataObject): Promise<IDataObject> {
	if (value === 'documentAttachment') {
		const [document] = await run('document', 'create', asJson({ Subject: 'Letter', Type: 55 }));
		return { ...create, Document: document?.recordId };
	}
	if (value === 'mailboxMessage') {
		const mailbox = presentRow({ endpoint: 'mailbox/Mailboxes' } as ResourceData).ID;
		return { ...create, SenderMailboxID: mailbox, RecipientMailboxID: mailbox };
	}
	if (value !== 'goodsDelivery') return create;
	const lines = { SalesOrderLines: [{ Item: 'ART-001', Quantity: 5 }] };
	const [order] = await run('salesOrder', 'create', asJson({ OrderedBy: '1000', ...lines }));
	const record = locator(String(order?.recordId), 'id');
	const options = { expand: ['SalesOrderLines'] };
	const [whole] = await run('salesOrder', 'get', { record, options });
	const [line] = whole?.SalesOrderLines as IDataObject[];
	const delivered = { SalesOrderLineID: line?.ID, QuantityDelivered: 1 };
	return { ...create, GoodsDeliveryLines: [delivered] };
}

/** Adds a line like the first one; changes and deletes it where that can be done. */
async function goThroughLines(
	{ value, lines }: ResourceData,
	record: IDataObject,
	create: IDataObject,
): Promise<void> {
	const can = operationsOf(value);
	const [first = {}] = create[lines?.field ?? ''] as IDataObject[];
	const form = Object.entries(first).map(([field, given]) => [
		field,
		['Item', 'GLAccount'].includes(field) ? locator(String(given), 'code') : given,
	]);
	const line = Object.fromEntries(form) as IDataObject;
	const [added] = await run(value, 'addLine', { record, lineFields: { line } });
	expect(added).toMatchObject({ created: true });
	const lineId = String(added?.recordId);
	if (can.includes('changeLine')) {
		const changed = value === 'goodsDelivery' ? 'Notes' : 'Description';
		const lineFields = { line: { [changed]: 'Changed' } };
		const [after] = await run(value, 'changeLine', { lineId, lineFields });
		expect(after).toMatchObject({ recordId: lineId, updated: true });
	}
	if (can.includes('deleteLine')) {
		const [deleted] = await run(value, 'deleteLine', { lineId });
		expect(deleted).toMatchObject({ recordId: lineId, deleted: true });
	}
}

/** The rows that open items are made of. */
const OPEN_ITEMS: Readonly<Record<string, string>> = {
	openPayable: 'cashflow/Payments',
	openReceivable: 'cashflow/Receivables',
};

/** Makes a record by its code, in the form of the mapper, and changes it there. */
async function upsertByCode({ value }: ResourceData, create: IDataObject): Promise<void> {
	const upsert = async (more: IDataObject) => {
		const values = { ...create, Code: `${String(create.Code)}9`, ...more };
		const mapped = { mappingMode: 'defineBelow', value: values };
		const [row] = await run(value, 'upsert', { values: mapped, matchBy: 'Code' });
		return row;
	};
	const made = await upsert({});
	expect(made).toMatchObject({ created: true });
	const [text = ''] = ['Description', 'Name'].filter((name) => name in create);
	const changed = await upsert({ [text]: 'By its code' });
	expect(changed).toMatchObject({ recordId: made?.recordId, created: false, updated: true });
	const record = locator(String(made?.recordId), 'id');
	const [after] = await run(value, 'get', { record, output: 'raw' });
	expect(after).toMatchObject({ [text]: 'By its code' });
}

it('has a case for each resource', () => {
	expect(Object.keys(RECORD_CASES).sort()).toEqual(Object.keys(ABILITIES).sort());
});

describe.each(FIRST_CLASS)('$name', (data) => {
	const { value, endpoint: path } = data;
	const can = operationsOf(value);
	const { create, update = {}, actions = {} } = RECORD_CASES[value] ?? {};
	const [key = ''] = readEndpoint(path).keyNames;
	const [changed] = Object.keys(update);

	it('goes through all of its operations', async () => {
		let id: string;
		const whole = await completed(value, create ?? {});
		if (can.includes('create')) {
			const [made] = await run(value, 'create', asJson(whole));
			expect(made).toMatchObject({ created: true });
			id = String(made?.recordId);
		} else {
			id = String(presentRow(data)[key]);
		}
		const record = locator(id, 'id');
		if (can.includes('get')) {
			const [got] = await run(value, 'get', { record });
			expect(got?.recordId).toBe(id);
			expect(Object.keys(got ?? {}).length).toBeLessThanOrEqual(10);
		}
		if (can.includes('update') && changed !== undefined) {
			const options = { returnRecord: true };
			const fields = { output: 'selected', fieldsToReturn: [changed] };
			const item = { record, ...asJson(update), ...fields, options };
			const [after] = await run(value, 'update', item);
			expect(after).toMatchObject({ recordId: id, updated: true, ...update });
		}
		const openItems = OPEN_ITEMS[value];
		if (openItems !== undefined) {
			simulator.addRows(FIRST_DIVISION, openItems, [
				{ AmountDC: 100, InvoiceNumber: 4711 },
				{ AmountDC: 100, InvoiceNumber: 4712, Status: 50 },
			]);
		}
		const parameters = { mappingMode: 'defineBelow', value: { itemId: 'ART-001' } };
		const values = value === 'stockPosition' ? { values: parameters } : {};
		const many = await run(value, 'getAll', { returnAll: true, ...values });
		if (value === 'stockPosition') expect(many).toHaveLength(1);
		else if (openItems !== undefined) {
			const numbers = many.map(({ InvoiceNumber }) => InvoiceNumber);
			expect(numbers).toContain(4711);
			expect(numbers).not.toContain(4712);
		} else if (value === 'division') {
			const codes = simulator.world.users[0]?.divisions.map(String);
			expect(many.map(({ Code }) => String(Code)).sort()).toEqual(codes?.sort());
		} else expect(many.some((row) => String(row[key]) === id)).toBe(true);
		if (can.includes('upsert')) {
			const match = { matchBy: 'filter', matchFilter: `${key} eq guid'${id}'` };
			const [upserted] = await run(value, 'upsert', { ...asJson(update), ...match });
			expect(upserted).toMatchObject({ recordId: id, created: false, updated: true });
			if (whole.Code !== undefined) await upsertByCode(data, whole);
		}
		if (can.includes('addLine')) await goThroughLines(data, record, whole);
		for (const { value: action, record: field } of data.actions ?? []) {
			const values = asJson(actions[action]?.(id) ?? {});
			if (field === undefined) {
				expect(await run(value, action, values)).toMatchObject([{ NumberOfCreatedInvoices: 1 }]);
				continue;
			}
			const [{ recordId } = {}] = await run(value, 'create', asJson(whole));
			const subject = { record: locator(String(recordId), 'id') };
			if (action === 'reopen') await run(value, 'reject', subject);
			const [answer] = await run(value, action, { ...subject, ...values });
			expect(answer).toMatchObject({ recordId });
		}
		if (can.includes('delete')) {
			const [deleted] = await run(value, 'delete', { record });
			expect(deleted).toMatchObject({ recordId: id, deleted: true });
			const options = { ifNone: 'empty' };
			await expect(run(value, 'get', { record, options })).resolves.toEqual([]);
		}
	});
});

/** Operations with files have a test of their own. */
const FILES = /^(?:upload|download\w*)$/;

it('has run every operation that the node has for them', () => {
	const left = FIRST_CLASS.flatMap(({ value }) =>
		operationsOf(value)
			.filter((operation) => !FILES.test(operation) && !done.has(`${value} ${operation}`))
			.map((operation) => `${value} ${operation}`),
	);
	expect(left).toEqual([]);
});
