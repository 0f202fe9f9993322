import type { INodeProperties } from 'n8n-workflow';
import { isRecord } from '../../../shared/http';
import { takeRows } from '../../../shared/node/listFields';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { invalidParameter } from '../../api/clientErrors';
import type { PlatformResource } from '../../api/platformClient';
import type { OperationCall } from '../operation';
import { DIRECTORY, directoryPages, type DirectoryFilter, type DirectoryKind } from './directory';

/** The name under which the editor searches them. */
export function directorySearch(kind: DirectoryKind): string {
	return `search${DIRECTORY[kind].title}s`;
}

/** One user, group or role: from a searchable list, by ID or by name. */
export function directoryField(kind: DirectoryKind): INodeProperties {
	const { title } = DIRECTORY[kind];
	return {
		displayName: title,
		name: `${kind}Id`,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: directorySearch(kind), searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. 5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a02',
			},
			{ displayName: 'By Name', name: 'name', type: 'string', placeholder: 'e.g. Accounting' },
		],
	};
}

const ALL = 'all';

const activeOption: INodeProperties = {
	displayName: 'Active',
	name: 'active',
	type: 'options',
	options: [
		{ name: 'Active Only', value: 'true' },
		{ name: 'All', value: ALL },
		{ name: 'Inactive Only', value: 'false' },
	],
	default: ALL,
	description: 'Whether to return those that are active, those that are not, or both',
};

const nameOption: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	description: 'Only those whose name DocuWare finds by this text',
};

const roleTypeOption: INodeProperties = {
	displayName: 'Type',
	name: 'type',
	type: 'options',
	options: [
		{ name: 'Administrator', value: 'Administrator' },
		{ name: 'Default', value: 'Default' },
		{ name: 'Standard', value: 'Standard' },
	],
	default: 'Standard',
	description: 'Only roles of one type',
};

/** Options that narrow a list; DocuWare itself does so. */
export function directoryOptions(kind: DirectoryKind): INodeProperties {
	return optionsCollection([
		activeOption,
		nameOption,
		...(kind === 'role' ? [roleTypeOption] : []),
	]);
}

/** What the item narrows a list by. */
export function readDirectoryFilter(call: OperationCall): DirectoryFilter {
	const { active = ALL, name = '', type = '' } = readOptions(call);
	return {
		active: active === ALL ? undefined : String(active) === 'true',
		name: text(name),
		type: text(type),
	};
}

/** A user, group or role. */
export interface DirectoryEntry {
	id: string;
	/** As it is listed, where it was looked up; undefined for one that is given by its ID. */
	row: PlatformResource | undefined;
}

/**
 * The user, group or role that the item names; a name is looked up once per run.
 *
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER for one that is empty, unknown, or the name of several
 */
export async function readDirectoryEntry(
	call: OperationCall,
	kind: DirectoryKind,
): Promise<DirectoryEntry> {
	const given: unknown = call.context.getNodeParameter(`${kind}Id`, call.itemIndex);
	const { mode, value } = isRecord(given) ? given : { mode: 'id', value: given };
	const typed = text(value);
	const label = DIRECTORY[kind].title;
	if (typed === '') {
		throw invalidParameter(
			`${label} is empty for item ${call.itemIndex}.`,
			`Choose one from the list of ${label}, or give its ID or its name.`,
		);
	}
	if (mode !== 'name') return { id: typed, row: undefined };
	const [row] = await findEntries(call, kind, [typed]);
	return { id: String(row?.Id ?? ''), row };
}

/**
 * The entries with these IDs or names, in that order, each once; the list is read once per run. A text that is no
 * entry as a whole is several with commas between them.
 *
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER for one that is unknown, or the name of several
 */
export async function findEntries(
	call: OperationCall,
	kind: DirectoryKind,
	wanted: readonly string[],
): Promise<PlatformResource[]> {
	const rows = await allOfKind(call, kind);
	const isEntry = (text: string) => rows.some(({ Id, Name }) => same(Id, text) || same(Name, text));
	const single = wanted
		.flatMap((text) => (isEntry(text) ? [text] : text.split(',')))
		.map((text) => text.trim())
		.filter((text) => text !== '');
	return [...new Set(single.map((one) => entryOf(call, kind, rows, one)))];
}

/** All users, groups or roles, asked for once in a run. */
export async function allOfKind(
	call: OperationCall,
	kind: DirectoryKind,
): Promise<readonly PlatformResource[]> {
	const { memory, session } = call;
	const read = async () => await takeRows(directoryPages(call, kind, {}), Infinity);
	return await memory.once(session, `all of kind ${kind}`, read);
}

function entryOf(
	{ itemIndex }: OperationCall,
	kind: DirectoryKind,
	rows: readonly PlatformResource[],
	wanted: string,
): PlatformResource {
	const byId = rows.find(({ Id: id }) => same(id, wanted));
	const byName = rows.filter(({ Name: name }) => same(name, wanted));
	const { title } = DIRECTORY[kind];
	const [entry] = byId ? [byId] : byName;
	if (entry === undefined) {
		throw invalidParameter(
			`There is no ${title.toLowerCase()} "${wanted.slice(0, 60)}" (${title} of item ${itemIndex}); nothing was changed.`,
			`${title}: Get Many lists those that the user of the credential may see, with their IDs.`,
		);
	}
	if (byId === undefined && byName.length > 1) {
		throw invalidParameter(
			`${byName.length} entries are called "${wanted}" (${title} of item ${itemIndex}); nothing was changed.`,
			`Give the ID: ${byName.map(({ Id: id }) => String(id)).join(', ')}.`,
		);
	}
	return entry;
}

function same(value: unknown, wanted: string): boolean {
	return typeof value === 'string' && value.toLowerCase() === wanted.toLowerCase();
}

function text(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}
