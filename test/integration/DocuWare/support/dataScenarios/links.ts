import type { IDataObject } from 'n8n-workflow';
import { operation, type NodeFixture } from '../../node/support/nodeFixture';
import { cabinet, dialog, INVOICES, type Scenario, tray } from './scenario';

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
export const followLinks: Scenario = async (start, reading) => {
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
