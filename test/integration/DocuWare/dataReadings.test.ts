import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { SwitchChanges } from '../../simulators/DocuWare';
import {
	DATA_READINGS as READINGS,
	type DataReadingName,
} from '../../simulators/DocuWare/dataSwitches';
import { operation, useNode, type NodeFixture } from './node/support/nodeFixture';
import { pollsOf } from './trigger/support/pollFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const cabinet = { fileCabinetId: { __rl: true, mode: 'id', value: INVOICES } };

/** Starts the simulator with the reading and shows that the node does as it promises. */
type Scenario = (reading: SwitchChanges) => Promise<void>;

/** Changes the document and returns what the node gives. */
async function update(
	{ run }: NodeFixture,
	documentId: number,
	fields: object,
): Promise<IDataObject | undefined> {
	const parameters = { ...cabinet, documentId, dataMode: 'json', json: JSON.stringify(fields) };
	const { items } = await run(operation('document', 'updateIndexFields', parameters));
	return items[0]?.json;
}

/** Values of each type are written and read back alike, and a field is cleared. */
const writeReadClear: Scenario = async (reading) => {
	const fixture = await start(reading);
	const { first } = fixture.simulator.addDocuments(INVOICES, [{ COMPANY: 'Acme', STATUS: 'open' }]);
	const values = {
		COMPANY: 'Peters',
		AMOUNT: 12.5,
		INVOICEDATE: '2026-02-28',
		RECEIVED: '2026-02-28T10:00:00Z',
		INVOICENO: 42,
		KEYWORDS: ['a', 'b'],
		REMARKS: 'long',
		POSITIONS: [{ POSIT_ARTICLE: 'Bolt', POSIT_DELIVERED: '2026-03-01' }],
	};
	await update(fixture, first, { ...values, STATUS: null });
	expect(fixture.simulator.state.documents.find(INVOICES, first)?.values).toEqual({
		...values,
		INVOICEDATE: Date.UTC(2026, 1, 28),
		RECEIVED: Date.UTC(2026, 1, 28, 10),
		POSITIONS: [{ POSIT_ARTICLE: 'Bolt', POSIT_DELIVERED: Date.UTC(2026, 2, 1) }],
	});
	const { items } = await fixture.run(
		operation('document', 'get', { ...cabinet, documentId: first }),
	);
	const empty = { POSIT_QUANTITY: null, POSIT_PRICE: null };
	expect(items[0]?.json).toMatchObject({
		...values,
		STATUS: null,
		RATE: null,
		DOCTYPE: null,
		POSITIONS: [{ ...values.POSITIONS[0], ...empty }],
	});
};

/** What the cabinet does not take is refused by the node, which sends nothing. */
const refuseBeforehand =
	(fields: object): Scenario =>
	async (reading) => {
		const fixture = await start(reading);
		const { first } = fixture.simulator.addDocuments(INVOICES, [{ COMPANY: 'Acme' }]);
		await expect(update(fixture, first, fields)).rejects.toThrow();
		expect(fixture.simulator.counters.documentsUpdated).toBe(0);
		await writeReadClear(reading);
	};

const idsOf = (items: INodeExecutionData[]): unknown[] => items.map(({ json }) => json.documentId);

/** Conditions find the same documents in each reading, to the end of all pages. */
const searchToTheEnd: Scenario = async (reading) => {
	const fixture = await start(reading);
	const companies = ['Peters', 'say "no"', 'C:\\temp (UK)'];
	fixture.simulator.addDocuments(
		INVOICES,
		Array.from({ length: 180 }, (_, index) => ({
			COMPANY: companies[index % 3],
			RECEIVED: index === 7 ? '2026-02-01T23:59:59Z' : '2026-02-02T00:00:00Z',
			...(index === 8 ? {} : { STATUS: 'open' }),
		})),
	);
	const found = async (...condition: IDataObject[]): Promise<unknown[]> => {
		const parameters = { ...cabinet, conditions: { condition }, returnAll: true };
		const { items } = await fixture.run(operation('document', 'search', parameters));
		return idsOf(items);
	};
	const every = Array.from({ length: 180 }, (_, index) => index + 1);
	expect(await found()).toEqual(every);
	for (const [at, value] of companies.entries()) {
		expect(await found({ field: 'COMPANY', operator: 'is', value })).toEqual(
			every.filter((id) => (id - 1) % 3 === at),
		);
	}
	expect(
		await found({ field: 'COMPANY', operator: 'anyOf', value: companies.slice(0, 2) }),
	).toHaveLength(120);
	expect(await found({ field: 'STATUS', operator: 'isEmpty' })).toEqual([9]);
	expect(await found({ field: 'RECEIVED', operator: 'to', value: '2026-02-01T23:59:59Z' })).toEqual(
		[8],
	);
	const count = await fixture.run(
		operation('document', 'getCount', {
			...cabinet,
			conditions: { condition: [{ field: 'COMPANY', operator: 'is', value: 'Peters' }] },
		}),
	);
	expect(count.items[0]?.json).toMatchObject({ count: 60 });
};

/** Documents in another order than that of their numbers come to the end, of a search as of a list. */
const sortToTheEnd: Scenario = async (reading) => {
	const { run, simulator } = await start(reading);
	const values = Array.from({ length: 2_350 }, (_, index) => ({ AMOUNT: index % 7 }));
	simulator.addDocuments(INVOICES, values);
	simulator.addDocuments(
		TRAY,
		Array.from({ length: 1_100 }, () => ({})),
	);
	const sort = { fields: [{ field: 'AMOUNT', direction: 'Desc' }] };
	const sought = operation('document', 'search', { ...cabinet, sort, returnAll: true });
	const amounts = (await run(sought)).items.map(({ json }) => Number(json.AMOUNT));
	expect(amounts).toEqual(values.map(({ AMOUNT }) => AMOUNT).sort((one, other) => other - one));
	const listed = operation('documentTray', 'getDocuments', { ...tray, returnAll: true });
	expect(new Set(idsOf((await run(listed)).items)).size).toBe(1_100);
};

/** An order by two fields is that of all pages. */
const sortByTwo: Scenario = async (reading) => {
	const { run, simulator } = await start(reading);
	const values = Array.from({ length: 2_350 }, (_, index) => ({
		...{ AMOUNT: index % 7, INVOICENO: index },
	}));
	simulator.addDocuments(INVOICES, values);
	const fields = ['AMOUNT', 'INVOICENO'].map((field) => ({ field, direction: 'Desc' }));
	const sort = { fields };
	const sought = operation('document', 'search', { ...cabinet, sort, returnAll: true });
	const found = (await run(sought)).items.map(({ json }) => json.INVOICENO);
	const all = [...values].sort(
		(one, other) => other.AMOUNT - one.AMOUNT || other.INVOICENO - one.INVOICENO,
	);
	expect(found).toEqual(all.map(({ INVOICENO }) => INVOICENO));
};

/** Texts with parentheses are found, whatever else they hold, by all that is asked of texts. */
const searchTexts: Scenario = async (reading) => {
	const { run, simulator } = await start(reading);
	const texts = [
		'Price List (UK)',
		'(a)',
		'x AND (y)',
		'say "(no)"',
		'C:\\(x)',
		'*(b)?',
		'two  (c)',
	];
	simulator.addDocuments(
		INVOICES,
		texts.map((COMPANY) => ({ COMPANY })),
	);
	const found = async (operator: string, value: unknown) => {
		const condition = [{ field: 'COMPANY', operator, value }] as IDataObject[];
		const parameters = { ...cabinet, conditions: { condition } };
		return idsOf((await run(operation('document', 'search', parameters))).items);
	};
	for (const [index, text] of texts.entries()) {
		for (const operator of ['is', 'contains', 'startsWith', 'endsWith']) {
			expect([text, operator, await found(operator, text)]).toEqual([text, operator, [index + 1]]);
		}
		expect(await found('isNot', text)).toHaveLength(texts.length - 1);
	}
	expect(await found('anyOf', texts)).toHaveLength(texts.length);
	expect(await found('like', '*(*K)')).toEqual([1]);
};

/** Times are searched to the second, of fields and of the system, in each form that the service may take alone. */
const searchTimes: Scenario = async (reading) => {
	for (const dateOffset of ['none', 'local'] as const) {
		const { run, simulator } = await start({ dateOffset, ...reading });
		const times = ['2026-02-01T22:59:59Z', '2026-02-01T23:00:00Z', '2026-02-01T23:59:59Z'];
		simulator.addDocuments(
			INVOICES,
			[...times, '2026-02-02T00:00:00Z'].map((RECEIVED) => ({ RECEIVED })),
		);
		const condition = (operator: string, value: string, field = 'RECEIVED') => ({
			conditions: { condition: [{ field, operator, value }] },
		});
		const found = async (operator: string, value: string, field?: string) => {
			const parameters = { ...cabinet, ...condition(operator, value, field) };
			return idsOf((await run(operation('document', 'search', parameters))).items);
		};
		expect(await found('is', '2026-02-01T23:00:00Z')).toEqual([2]);
		expect(await found('to', '2026-02-01T23:59:59Z')).toEqual([1, 2, 3]);
		expect(await found('from', '2026-02-02T00:59:59+01:00')).toEqual([3, 4]);
		expect(await found('anyOf', `${times[0]}, ${times[2]}`)).toEqual([1, 3]);
		expect(await found('from', '2026-01-01', 'DWSTOREDATETIME')).toHaveLength(4);
		expect(await found('to', '2026-01-01', 'DWSTOREDATETIME')).toEqual([]);
		const count = operation('document', 'getCount', {
			...cabinet,
			...condition('from', '2026-02-02T00:00:00Z'),
		});
		expect((await run(count)).items[0]?.json).toMatchObject({ count: 1 });
		// What the service refuses is found out once.
		const refused = () => Number(simulator.counters.statuses['422'] ?? 0);
		const before = refused();
		const parameters = { ...cabinet, ...condition('is', '2026-02-01T23:00:00Z') };
		const items = [{ json: {} }, { json: {} }];
		const twice = await run(operation('document', 'search', parameters), { items });
		expect(idsOf(twice.items)).toEqual([2, 2]);
		expect([before, refused()]).toEqual(reading.zonedTimes === 'refused' ? [1, 1] : [0, 0]);
		const { documents } = simulator.state;
		for (const document of documents.inCabinet(INVOICES)) {
			documents.discard(document, 'api', simulator.state.now());
		}
		const trashed = operation('trashBin', 'search', {
			trashConditions: {
				condition: [
					{
						...{ field: 'DELETEDATETIME', type: 'DateTime' },
						...{ operator: 'from', value: '2026-01-01T00:00:00Z' },
					},
				],
			},
		});
		expect((await run(trashed)).items).toHaveLength(4);
	}
};

/** The trash bin is searched, and what was found in it restored. */
const restoreFromTrash: Scenario = async (reading) => {
	const fixture = await start(reading);
	const { state } = fixture.simulator;
	fixture.simulator.addDocuments(INVOICES, [{ COMPANY: 'A' }, { COMPANY: 'B' }]);
	for (const document of state.documents.inCabinet(INVOICES)) {
		state.documents.discard(document, 'api', state.now());
	}
	const parameters = {
		trashConditions: { condition: [{ field: 'COMPANY', operator: 'is', value: 'B' }] },
	};
	const found = await fixture.run(operation('trashBin', 'search', parameters));
	expect(found.items.map(({ json }) => json.DWDOCID)).toEqual([2]);
	await fixture.run(
		operation('trashBin', 'restore', { trashBinIds: String(found.items[0]?.json.trashBinId) }),
	);
	expect(state.documents.inCabinet(INVOICES).map(({ id }) => id)).toEqual([2]);
};

/** A document that somebody has checked out is there: none is stored beside it, and a search finds it that says so. */
const knowCheckedOut: Scenario = async (reading) => {
	const fixture = await start(reading);
	const { documents } = fixture.simulator.state;
	const { first } = fixture.simulator.addDocuments(INVOICES, [{ COMPANY: 'Peters' }]);
	documents.find(INVOICES, first)!.checkedOutBy = 'peggy.jenkins';
	const upload = operation('document', 'upload', {
		...{ ...cabinet, uploadContent: 'record', dataMode: 'json', json: '{"COMPANY": "Peters"}' },
		...{ ifExists: 'skip', matchFields: ['COMPANY'] },
	});
	const { items } = await fixture.run(upload);
	expect(items[0]?.json).toMatchObject({ documentId: first, skipped: true });
	expect(documents.inCabinet(INVOICES)).toHaveLength(1);
	const options = { includeCheckedOut: true };
	const found = await fixture.run(operation('document', 'search', { ...cabinet, options }));
	expect(idsOf(found.items)).toEqual([first]);
};

const TRAY = 'b_e9f0b3c1-2d47-4e58-8b6a-1c3d5e7f9a40';
const tray = { fileCabinetId: { __rl: true, mode: 'id', value: TRAY } };
const dialog = (value: string) => ({ dialogId: { __rl: true, mode: 'name', value } });

function file(content: string | Buffer, fileName = 'scan.txt') {
	const data = Buffer.from(content).toString('base64');
	return { items: [{ json: {}, binary: { data: { data, mimeType: 'text/plain', fileName } } }] };
}

/** Who is in what is asked for, and changed, where the links of users and groups lead. */
async function manageUsers(run: NodeFixture['run']): Promise<void> {
	const rowsOf = async (resource: string, name: string, more: IDataObject = {}) =>
		(await run(operation(resource, name, more))).items.map(({ json: row }) => row);
	const [group] = await rowsOf('group', 'getAll');
	const [role] = await rowsOf('role', 'getAll');
	const by = (mode: string, value: unknown) => ({ __rl: true, mode, value }) as IDataObject;
	const user = (await rowsOf('user', 'getAll')).find(({ Name: name }) => name === 'peggy.jenkins');
	for (const userId of [by('name', 'peggy.jenkins'), by('id', user?.Id)]) {
		expect(await rowsOf('user', 'get', { userId })).toMatchObject([{ Name: 'peggy.jenkins' }]);
		await run(operation('user', 'addToGroups', { userId, groupIds: [String(group?.Id)] }));
		await run(operation('user', 'addToRoles', { userId, roleIds: [String(role?.Id)] }));
		const groups = await rowsOf('user', 'getGroups', { userId });
		expect(groups).toContainEqual(expect.objectContaining({ Id: group?.Id }));
		const roles = await rowsOf('user', 'getRoles', { userId });
		expect(roles).toContainEqual(expect.objectContaining({ Id: role?.Id }));
		await run(operation('user', 'removeFromRoles', { userId, roleIds: [String(role?.Id)] }));
	}
	for (const groupId of [by('name', group?.Name), by('id', group?.Id)]) {
		const users = await rowsOf('group', 'getUsers', { groupId });
		expect(users).toContainEqual(expect.objectContaining({ Name: 'peggy.jenkins' }));
	}
}

/** Whatever a resource has a link to is asked for where that leads; at its usual place where that is another server. */
const followLinks: Scenario = async (reading) => {
	const { run, simulator } = await start(reading);
	const of = async (name: string, more: IDataObject, settings = file('content')) =>
		(await run(operation('document', name, { ...cabinet, ...more }), settings)).items;
	const json = (fields: object) => ({ dataMode: 'json', json: JSON.stringify(fields) });
	const upload = { ...dialog('Store invoice'), ...json({ COMPANY: 'Peters', DOCTYPE: 'Invoice' }) };
	const [stored] = await of('upload', upload);
	const isForeign = reading.linkPaths === 'foreign';
	const large = file(Buffer.alloc(4_000_000, 'large '));
	// Where the next part goes, only the link tells.
	const options = isForeign ? {} : { partsAbove: 1 };
	await of('upload', { ...json({ COMPANY: 'Large' }), options }, large);
	const target = { documentId: String(stored?.json.documentId) };
	const many = { ...target, documentIds: target.documentId };
	const [updated] = await of('updateIndexFields', { ...target, ...json({ STATUS: 'paid' }) });
	expect(updated?.json).toMatchObject({ STATUS: 'paid', updated: true });
	const [batch] = await of('batchUpdate', { ...many, ...json({ AMOUNT: 5 }) });
	expect(batch?.json.updated).toBe(true);
	const keywords = { keywordField: 'KEYWORDS', keywords: 'new' };
	expect((await of('appendKeywords', { ...many, ...keywords }))[0]?.json.updated).toBe(true);
	const condition = [{ field: 'Supplier', operator: 'is', value: 'Peters' }];
	const found = { ...dialog('Search by company'), conditions: { condition } };
	expect(await of('search', found)).toHaveLength(1);
	expect((await of('getCount', found))[0]?.json.count).toBe(1);
	const list = { ...cabinet, ...dialog('Store invoice'), fieldName: 'DOCTYPE' };
	const values = await run(operation('fileCabinet', 'getSelectListValues', list));
	expect(values.items).toHaveLength(3);
	expect(await of('appendFile', target, file('second', 'b.txt'))).toHaveLength(1);
	const replaced = await of(
		'replaceSection',
		{ ...target, sectionId: '2' },
		file('third', 'c.txt'),
	);
	expect(replaced[0]?.json).toMatchObject({ fileSize: 5 });
	const files = await of('getSections', target);
	expect(files.map(({ json: { fileSize } }) => fileSize)).toEqual([7, 5]);
	const contentOf = async (more: IDataObject) => {
		const [item] = await of('download', { ...target, ...more });
		return Buffer.from(item?.binary?.data?.data ?? '', 'base64').toString();
	};
	expect(await contentOf({ downloadFormat: 'section', sectionId: '2' })).toBe('third');
	expect(await contentOf({ downloadFormat: 'zip' })).toMatch(/^PK/);
	expect((await of('getText', target))[0]?.json.text).toContain('content');
	for (const sectionId of ['', '2']) {
		expect((await of('getThumbnail', { ...target, sectionId }))[0]?.binary).toBeDefined();
	}
	for (const name of [
		'getRights',
		'getSuggestions',
		'getApplicationProperties',
		'lock',
		'unlock',
	]) {
		await of(name, { ...target, lockMinutes: 1 });
	}
	const put = { ...tray, binaryPropertyNames: 'data' };
	await run(operation('documentTray', 'uploadToTray', put), file('in a tray'));
	const lying = await run(operation('documentTray', 'getDocuments', tray));
	const trayId = lying.items[0]?.json.documentId;
	await of('transfer', {
		...{ sourceFileCabinetId: tray.fileCabinetId, documentIds: String(trayId) },
		transferMode: 'move',
	});
	await manageUsers(run);
	await of('delete', { documentId: String(stored?.json.documentId) });
	const [trashed] = (await run(operation('trashBin', 'search'))).items;
	const trashBinIds = String(trashed?.json.trashBinId);
	const restored = await run(operation('trashBin', 'restore', { trashBinIds }));
	expect(restored.items[0]?.json).toEqual({ trashBinId: trashBinIds, restored: true });
	expect(simulator.counters.statuses['404']).toBeUndefined();
	expect(simulator.state.documents.inCabinet(INVOICES)).toHaveLength(3);
	if (isForeign) return;
	// The usual path leads nowhere here.
	const path = `FileCabinets/${INVOICES}/Documents/${target.documentId}/FileDownload`;
	const usual = operation('customApiCall', 'call', { method: 'GET', path });
	await expect(run(usual)).rejects.toMatchObject({
		message: expect.stringContaining('[DOCUWARE_NOT_FOUND]'),
	});
};

/** A count is that of the hits, however the server wants to be asked, and in each form of what they are limited by. */
const countHits: Scenario = async (reading) => {
	const { run, simulator } = await start(reading);
	const { documents } = simulator.state;
	for (const COMPANY of ['Peters', 'Miller', 'Peters', 'Peters']) {
		documents.add({ fileCabinetId: INVOICES, values: { COMPANY }, storedBy: 'api', storedAt: 0 });
	}
	const countOf = async (value: string, more: IDataObject = {}) => {
		const condition = [{ field: 'COMPANY', operator: 'is', value }];
		const given = { ...cabinet, conditions: { condition }, ...more };
		return (await run(operation('document', 'getCount', given))).items[0]?.json.count;
	};
	expect(await countOf('Peters')).toBe(3);
	expect(await countOf('Peters', dialog('Search by company'))).toBe(3);
	expect([await countOf('Miller'), await countOf('Nobody')]).toEqual([1, 0]);
	const unreadable = {
		conditionsAs: 'json',
		conditionsJson: '[{"DBName":"NOWHERE","Value":["x"]}]',
	};
	await expect(countOf('', unreadable)).rejects.toMatchObject({
		message: expect.stringContaining('[DOCUWARE_VALIDATION]'),
	});
};

/** What is on the list of a field is stored, whatever the form knows of it; else the service refuses it. */
const storeByList: Scenario = async (reading) => {
	const { run, simulator } = await start(reading);
	const upload = (DOCTYPE: string) =>
		operation('document', 'upload', {
			...{ ...cabinet, ...dialog('Store invoice'), uploadContent: 'record', dataMode: 'json' },
			json: JSON.stringify({ COMPANY: 'Peters', DOCTYPE }),
		});
	await expect(run(upload('Letter'))).rejects.toMatchObject({
		message: expect.stringContaining('[DOCUWARE_VALIDATION]'),
	});
	expect((await run(upload('Invoice'))).items[0]?.json).toMatchObject({ DOCTYPE: 'Invoice' });
	expect(simulator.state.documents.inCabinet(INVOICES)).toHaveLength(1);
};

/** A trigger gives what is stored after it was published, and all of it once. */
const followNewOnes: Scenario = async (reading) => {
	const { store, publish } = pollsOf(await start(reading));
	const now = Date.UTC(2026, 10, 26, 12);
	store(3, now - 7_200_000);
	const trigger = publish();
	expect(await trigger.ids()).toEqual([]);
	store(2, now);
	expect(await trigger.ids()).toEqual([4, 5]);
	store(2, now + 1_000);
	expect(await trigger.ids()).toEqual([6, 7]);
	expect(await trigger.ids()).toEqual([]);
};

/** The same of a document tray, over several polls. */
const followTray: Scenario = async (reading) => {
	const { store, publish, simulator } = pollsOf(await start(reading));
	const now = Date.UTC(2026, 10, 26, 12);
	const id = simulator.world.fileCabinets.find(({ isBasket }) => isBasket)?.id ?? '';
	store(3, now - 7_200_000, id);
	const trigger = publish({
		...{ place: 'tray', options: { mostItems: 2 } },
		fileCabinetId: { __rl: true, mode: 'id', value: id },
	});
	expect(await trigger.ids()).toEqual([]);
	for (let second = 0; second < 5; second += 1) store(1, now + second * 1_000, id);
	expect((await trigger.allIds()).flat()).toEqual([4, 5, 6, 7, 8]);
};

const scenarios: Record<DataReadingName, Scenario> = {
	unknownIndexFields: refuseBeforehand({ NOWHERE: 'x' }),
	clearing: writeReadClear,
	decimalPlaces: refuseBeforehand({ AMOUNT: 1.005 }),
	typeFirst: writeReadClear,
	dateOffset: writeReadClear,
	answerTimes: followNewOnes,
	emptyDates: writeReadClear,
	emptyItem: writeReadClear,
	linkPaths: followLinks,
	selectListOnly: storeByList,
	answerCompression: searchToTheEnd,
	tableRows: restoreFromTrash,
	countValue: searchToTheEnd,
	countRequest: countHits,
	defaultPageSize: searchToTheEnd,
	deepPages: searchToTheEnd,
	nextLinks: sortToTheEnd,
	linkedSort: sortByTwo,
	notFindsEmpty: searchToTheEnd,
	quotedBackslash: searchToTheEnd,
	quotedParentheses: searchTexts,
	zonedTimes: searchTimes,
	severalValues: searchToTheEnd,
	dayOfTimes: searchToTheEnd,
	checkedOutUntold: knowCheckedOut,
	searchedTimes: followNewOnes,
	timeBounds: followNewOnes,
	trayOrder: followTray,
};

const others = Object.entries(scenarios).flatMap(([name, scenario]) => {
	const values: readonly unknown[] = READINGS[name as DataReadingName].others;
	return values.map((value) => [name, value, scenario] as const);
});

describe('another reading of what is stored in DocuWare', () => {
	it.each(others)('%s: %j', async (name, value, scenario) => {
		await scenario({ [name]: value });
	});

	it('all harder ones together', async () => {
		const harder = Object.fromEntries(
			Object.entries(READINGS).flatMap(([name, reading]) =>
				'harder' in reading ? [[name, reading.harder]] : [],
			),
		) as SwitchChanges;
		await writeReadClear(harder);
		await searchToTheEnd(harder);
		await sortToTheEnd(harder);
		await searchTexts(harder);
		await searchTimes(harder);
		await restoreFromTrash(harder);
		await followNewOnes(harder);
		await followTray(harder);
	});
});
