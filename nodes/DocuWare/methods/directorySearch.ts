import type {
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodePropertyOptions,
} from 'n8n-workflow';
import { directoryPages, type DirectoryKind } from '../resources/organization/directory';
import { directorySearch } from '../resources/organization/directoryFields';
import { RunMemory } from '../api/runMemory';
import { withClient } from './withClient';

/** The users, groups or roles whose name holds what is searched for. */
async function namesOf(
	context: ILoadOptionsFunctions,
	kind: DirectoryKind,
	search = '',
): Promise<INodePropertyOptions[]> {
	return await withClient(context, async (client) => {
		const found: INodePropertyOptions[] = [];
		const asker = { client, memory: new RunMemory(), signal: undefined };
		for await (const page of directoryPages(asker, kind, {})) {
			for (const { Id: id, Name: name } of page) {
				found.push({ name: String(name ?? id), value: String(id) });
			}
		}
		const wanted = search.toLowerCase();
		return found.filter(({ name }) => name.toLowerCase().includes(wanted));
	});
}

function searchOf(kind: DirectoryKind) {
	return async function (
		this: ILoadOptionsFunctions,
		search?: string,
	): Promise<INodeListSearchResult> {
		const results = await namesOf(this, kind, search);
		return { results: results.map(({ name, value }) => ({ name, value: String(value) })) };
	};
}

/** Lists of locators: users, groups and roles. */
export const directorySearches = {
	[directorySearch('group')]: searchOf('group'),
	[directorySearch('role')]: searchOf('role'),
	[directorySearch('user')]: searchOf('user'),
};

/** The groups for a list of which several are chosen. */
export async function getGroups(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await namesOf(this, 'group');
}

/** The same of roles. */
export async function getRoles(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await namesOf(this, 'role');
}
