import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { isKind, type CabinetKind, type DialogType } from '../api/cabinetFacts';
import type { PlatformResource } from '../api/platformClient';
import { chosenCabinetId, withFacts } from './withClient';

type ListSearch = (this: ILoadOptionsFunctions, search?: string) => Promise<INodeListSearchResult>;

/** File cabinets or trays; several of one name are told apart by their ID. */
function searchCabinets(kind: CabinetKind): ListSearch {
	return async function (this, search) {
		return await withFacts(this, async ({ facts }) => {
			const rows = (await facts.list()).filter((row) => isKind(row, kind));
			const entries = rows.map((row) => ({ name: cabinetName(row, kind), value: String(row.Id) }));
			return { results: listed(entries, search) };
		});
	};
}

/** Where both kinds stand in one list, trays say that they are some. */
function cabinetName(row: PlatformResource, kind: CabinetKind): string {
	const name = String(row.Name ?? row.Id);
	return kind === 'both' && isKind(row, 'trays') ? `${name} (document tray)` : name;
}

/** Dialogs of the chosen file cabinet; none before one is chosen. */
function searchDialogsOf(type?: DialogType): ListSearch {
	return async function (this, search) {
		return await withFacts(this, async (call) => {
			const cabinetId = await chosenCabinetId(this, call);
			if (cabinetId === undefined) return { results: [] };
			const dialogs = await call.facts.dialogs(cabinetId, type);
			const entries = dialogs.map((dialog) => ({
				name: nameOf(dialog, type === undefined),
				value: dialog.id,
			}));
			return { results: listed(entries, search) };
		});
	};
}

/** The searchable lists of file cabinets, trays and dialogs. */
export const cabinetSearches: Readonly<Record<string, ListSearch>> = {
	searchFileCabinets: searchCabinets('cabinets'),
	searchDocumentTrays: searchCabinets('trays'),
	searchCabinetsAndTrays: searchCabinets('both'),
	searchDialogs: searchDialogsOf(),
	searchSearchDialogs: searchDialogsOf('Search'),
	searchStoreDialogs: searchDialogsOf('Store'),
	searchResultLists: searchDialogsOf('ResultList'),
	searchInfoDialogs: searchDialogsOf('InfoDialog'),
	searchTaskLists: searchDialogsOf('TaskList'),
};

interface Entry {
	name: string;
	value: string;
}

/** The entries that hold what was typed, by name. */
export function listed(entries: readonly Entry[], search = ''): Entry[] {
	const twins = new Set(
		entries
			.filter(({ name }, at) => entries.some((other, i) => i !== at && other.name === name))
			.map(({ name }) => name),
	);
	const wanted = search.trim().toLowerCase();
	return entries
		.filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(wanted))
		.map(({ name, value }) => ({ name: twins.has(name) ? `${name} (${value})` : name, value }))
		.sort((one, other) => one.name.localeCompare(other.name));
}

function nameOf(
	{ name, type, isDefault }: { name: string; type: string; isDefault: boolean },
	showsType: boolean,
): string {
	const more = [...(showsType ? [type] : []), ...(isDefault ? ['default'] : [])];
	return more.length === 0 ? name : `${name} (${more.join(', ')})`;
}
