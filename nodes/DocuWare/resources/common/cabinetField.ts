import type { INodeProperties } from 'n8n-workflow';
import { isRecord } from '../../../shared/http';
import type { CabinetKind, DialogType } from '../../api/cabinetFacts';
import { invalidParameter } from '../../api/clientErrors';
import type { OperationCall } from '../operation';

/** What an operation works in, by which places it takes. */
const WORDS: Record<CabinetKind, { title: string; one: string; list: string }> = {
	cabinets: { title: 'File Cabinet', one: 'file cabinet', list: 'searchFileCabinets' },
	trays: { title: 'Document Tray', one: 'document tray', list: 'searchDocumentTrays' },
	both: {
		title: 'File Cabinet or Document Tray',
		one: 'file cabinet or document tray',
		list: 'searchCabinetsAndTrays',
	},
};

/**
 * The file cabinet (or tray) that an operation works in: from a list, by ID, or by name.
 * @param texts another name and title where an operation has a second one, such as the target of a transfer
 */
export function fileCabinetField(
	kind: CabinetKind,
	texts: { displayName?: string; name?: string; description?: string } = {},
): INodeProperties {
	const { title, one, list } = WORDS[kind];
	return {
		displayName: texts.displayName ?? title,
		name: texts.name ?? FILE_CABINET,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		description: texts.description ?? `The ${one} to work in`,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: `Select a ${one}…`,
				typeOptions: { searchListMethod: list, searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder:
					kind === 'trays'
						? 'e.g. b_3fa85f64-5717-4562-b3fc-2c963f66afa6'
						: 'e.g. 3fa85f64-5717-4562-b3fc-2c963f66afa6',
			},
			{
				displayName: 'By Name',
				name: 'name',
				type: 'string',
				placeholder: kind === 'trays' ? 'e.g. Inbox' : 'e.g. Invoices',
				hint: 'The name is looked up once per run; two of one name are an error',
			},
		],
	};
}

const FILE_CABINET = 'fileCabinetId';

/**
 * The ID of the file cabinet or tray that the item names.
 * @param name of the field
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER where it is empty, DOCUWARE_UNKNOWN_NAME, DOCUWARE_AMBIGUOUS_NAME
 */
export async function readFileCabinetId(
	{ context, itemIndex, facts }: OperationCall,
	kind: CabinetKind,
	name = FILE_CABINET,
): Promise<string> {
	const { text, isName } = located(context.getNodeParameter(name, itemIndex, ''));
	if (text !== '') return await facts.idOf(text, kind, isName);
	const { title, one } = WORDS[kind];
	throw invalidParameter(
		`The field ${title} is empty.`,
		`Choose a ${one}, or give its ID or name.`,
	);
}

const DIALOG_LISTS = {
	Search: 'searchSearchDialogs',
	Store: 'searchStoreDialogs',
	ResultList: 'searchResultLists',
	InfoDialog: 'searchInfoDialogs',
	TaskList: 'searchTaskLists',
	any: 'searchDialogs',
} as const;

/**
 * A dialog of the chosen file cabinet: from a list, by ID, or by name.
 * @param type of the dialogs in the list; `any` for all
 */
export function dialogField(
	type: DialogType | 'any',
	texts: Pick<INodeProperties, 'displayName' | 'description'> & { hint?: string },
	required = false,
): INodeProperties {
	return {
		...texts,
		name: DIALOG,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select a dialog…',
				typeOptions: { searchListMethod: DIALOG_LISTS[type], searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. 3fa85f64-5717-4562-b3fc-2c963f66afa6',
			},
			{ displayName: 'By Name', name: 'name', type: 'string', placeholder: 'e.g. Store' },
		],
	};
}

const DIALOG = 'dialogId';

/**
 * The ID of the dialog that the item names; undefined where it names none.
 * @throws ConnectorError DOCUWARE_UNKNOWN_NAME, DOCUWARE_AMBIGUOUS_NAME
 */
export async function readDialogId(
	{ context, itemIndex, facts }: OperationCall,
	cabinetId: string,
	type?: DialogType,
): Promise<string | undefined> {
	const { text } = located(context.getNodeParameter(DIALOG, itemIndex, ''));
	return text === '' ? undefined : await facts.dialogIdOf(cabinetId, text, type);
}

/** What a resource locator holds; an expression or a model may give the value alone. */
function located(value: unknown): { text: string; isName: boolean } {
	const stands = isRecord(value) ? value.value : value;
	const isName = isRecord(value) && value.mode === 'name';
	return { text: String(stands ?? '').trim(), isName };
}
