import type { INodeExecutionData } from 'n8n-workflow';
import { cabinetSearches } from '../../../../nodes/DocuWare/methods/listSearch';
import {
	getDocumentFields,
	getKeywordFields,
	getListedFields,
} from '../../../../nodes/DocuWare/methods/loadOptions';
import { DocuWare } from '../../../../nodes/DocuWare/DocuWare.node';
import { defaultWorld } from '../../../simulators/DocuWare';
import { loadContext } from '../../../support/n8nContext';
import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const INBOX = 'b_e9f0b3c1-2d47-4e58-8b6a-1c3d5e7f9a40';

const locator = (value: string, mode = 'id') => ({ __rl: true, mode, value });
const named = { fileCabinetId: locator('Invoices', 'name') };

const column = (items: readonly INodeExecutionData[], name: string) =>
	items.map(({ json }) => json[name]);

describe('File Cabinet', () => {
	it('Get gives one without its many fields, and a tray by its ID', async () => {
		const { run } = await start();
		const { items } = await run(operation('fileCabinet', 'get', named));
		expect(items[0]?.json).toMatchObject({ Id: INVOICES, Name: 'Invoices', IsBasket: false });
		expect(items[0]?.json).not.toHaveProperty('Fields');
		const tray = await run(operation('fileCabinet', 'get', { fileCabinetId: locator(INBOX) }));
		expect(tray.items[0]?.json).toMatchObject({ Name: 'Inbox', IsBasket: true });
	});

	it('by name is the one of that name now, whatever the kept list says', async () => {
		const { run, simulator } = await start();
		await run(operation('fileCabinet', 'get', named));
		const [first, other] = simulator.world.fileCabinets.filter(({ isBasket }) => !isBasket);
		if (first === undefined || other === undefined) throw new Error('Two cabinets are needed.');
		[first.name, other.name] = [other.name, first.name];
		const { items } = await run(operation('fileCabinet', 'get', named));
		expect(items[0]?.json).toMatchObject({ Id: other.id, Name: 'Invoices' });
		expect(simulator.counters.requests['GET FileCabinets']).toBe(2);
	});

	it('by name is asked for again before something is changed: another one of that name may be new', async () => {
		const { run, simulator } = await start();
		await run(operation('fileCabinet', 'get', named));
		const invoices = simulator.world.fileCabinets.find(({ id }) => id === INVOICES);
		if (invoices === undefined) throw new Error('A cabinet is needed.');
		const twin = { ...invoices, id: 'c2d4e6f8-0a1b-4c3d-8e5f-6a7b8c9d0e1f' };
		simulator.world.fileCabinets.push(twin);
		const record = {
			...named,
			uploadContent: 'record',
			dataMode: 'json',
			json: '{"COMPANY": "Peters"}',
		};
		await expect(run(operation('document', 'upload', record))).rejects.toMatchObject({
			message: expect.stringMatching(/Several file cabinets .*DOCUWARE_AMBIGUOUS_NAME/s),
		});
		expect(
			simulator.counters.requests['POST FileCabinets/{fileCabinetId}/Documents'],
		).toBeUndefined();
	});

	it('Get Fields describes fields, those of a dialog and of tables too', async () => {
		const { run } = await start();
		const { items } = await run(operation('fileCabinet', 'getFields', named));
		expect(items[0]?.json).toMatchObject({ name: 'COMPANY', label: 'Company', type: 'Text' });
		expect(column(items, 'name')).not.toContain('DWDOCID');
		const table = items.find(({ json }) => json.name === 'POSITIONS')?.json;
		expect(table?.columns).toMatchObject([{ name: 'POSIT_ARTICLE', length: 80 }, {}, {}, {}]);
		const ofDialog = await run(
			operation('fileCabinet', 'getFields', {
				...named,
				dialogId: locator('Store invoice', 'name'),
			}),
		);
		expect(ofDialog.items[0]?.json).toMatchObject({ label: 'Supplier', mandatory: true });
		const all = { options: { includeSystemFields: true }, output: 'raw' };
		const raw = await run(operation('fileCabinet', 'getFields', { ...named, ...all }));
		expect(column(raw.items, 'DBFieldName')).toContain('DWDOCID');
	});

	it('Get Dialogs gives those of a type', async () => {
		const { run } = await start();
		const { items } = await run(
			operation('fileCabinet', 'getDialogs', { ...named, dialogType: 'Store' }),
		);
		expect(column(items, 'DisplayName')).toEqual(['Store', 'Store invoice']);
		expect(items[0]?.json).not.toHaveProperty('Links');
	});

	it('Get Select List Values gives those of a dialog, by prefix and label', async () => {
		const { run } = await start();
		const values = operation('fileCabinet', 'getSelectListValues', {
			...named,
			dialogId: locator('Store invoice', 'name'),
			fieldName: 'Document type',
		});
		expect(column((await run(values)).items, 'value')).toEqual([
			'Credit note',
			'Invoice',
			'Reminder',
		]);
		const some = await run({ ...values, options: { prefix: 'Re', typed: true } });
		expect(column(some.items, 'value')).toEqual(['Reminder']);
		await expect(run({ ...values, fieldName: 'Documenttype' })).rejects.toMatchObject({
			message: expect.stringContaining('Did you mean Document type'),
		});
	});
});

describe('lists in the editor', () => {
	function contextOf({ credential }: NodeFixture, parameters: Record<string, unknown>) {
		const { description } = new DocuWare();
		const context = loadContext({ description, credentials: credential() });
		context.getCurrentNodeParameter = (name) => parameters[name] as never;
		return context;
	}

	it('tell cabinets from trays, and twins by their IDs', async () => {
		const context = contextOf(await start(), {});
		const cabinets = await cabinetSearches.searchFileCabinets?.call(context, 'inv');
		expect(cabinets?.results).toEqual([{ name: 'Invoices', value: INVOICES }]);
		const trays = await cabinetSearches.searchDocumentTrays?.call(context);
		expect(trays?.results.map(({ name }) => name)).toEqual([
			`Inbox (${INBOX})`,
			expect.any(String),
		]);
		const both = await cabinetSearches.searchCabinetsAndTrays?.call(context, 'in');
		expect(both?.results.map(({ name }) => name)).toEqual([
			`Inbox (document tray) (${INBOX})`,
			expect.stringMatching(/^Inbox \(document tray\) \(b_/),
			'Invoices',
		]);
	});

	it('are those of the organization, where two have a user of one name and password', async () => {
		const world = defaultWorld();
		const [user] = world.users;
		if (user === undefined) throw new Error('A user is needed.');
		world.users.push({ ...user, id: '5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a77', organizationId: '2' });
		const fixture = await start({ multiOrganization: true }, { world });
		const list = async (organization: string) => {
			const context = loadContext({
				description: new DocuWare().description,
				credentials: fixture.credential({ organization }),
			});
			context.getCurrentNodeParameter = () => undefined;
			await cabinetSearches.searchFileCabinets?.call(context);
		};
		await list('Peters Engineering');
		await list('Peters Logistics');
		await list('Peters Logistics');
		expect(fixture.simulator.counters.requests['GET FileCabinets']).toBe(2);
	});

	it('are asked of DocuWare once in five minutes', async () => {
		const fixture = await start();
		const context = contextOf(fixture, {});
		for (let times = 0; times < 5; times += 1) {
			await cabinetSearches.searchCabinetsAndTrays?.call(context);
		}
		expect(fixture.simulator.counters.requests['GET FileCabinets']).toBe(1);
	});

	it('offer dialogs and fields of the chosen cabinet, and none before', async () => {
		const fixture = await start();
		const chosen = contextOf(fixture, { fileCabinetId: locator(INVOICES, 'list') });
		const stores = await cabinetSearches.searchStoreDialogs?.call(chosen);
		expect(stores?.results.map(({ name }) => name)).toEqual(['Store (default)', 'Store invoice']);
		expect(await getKeywordFields.call(chosen)).toEqual([
			{ name: 'Keywords (KEYWORDS)', value: 'KEYWORDS' },
		]);
		const listed = await getListedFields.call(chosen);
		expect(listed.map(({ value }) => value)).not.toContain('POSITIONS');
		const fields = await getDocumentFields.call(chosen);
		expect(fields.map(({ value }) => value)).toEqual(
			expect.arrayContaining(['title', 'COMPANY', 'DWSTOREUSER']),
		);
		const none = contextOf(fixture, { fileCabinetId: locator('={{ $json.id }}', 'id') });
		expect((await cabinetSearches.searchStoreDialogs?.call(none))?.results).toEqual([]);
		expect(await getKeywordFields.call(none)).toEqual([]);
	});

	it('say what is wrong and what to do', async () => {
		const context = contextOf(await start(), { fileCabinetId: locator('Invoicez', 'name') });
		await expect(getKeywordFields.call(context)).rejects.toMatchObject({
			message: expect.stringMatching(/Did you mean Invoices.*Correct the name/),
		});
	});
});
