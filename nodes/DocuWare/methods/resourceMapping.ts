import type {
	FieldType as EditorType,
	ILoadOptionsFunctions,
	ResourceMapperField,
	ResourceMapperFields,
} from 'n8n-workflow';
import type { CabinetFacts } from '../api/cabinetFacts';
import type { IndexField } from '../fields/indexFields';
import { chosenCabinetId, chosenValue, withFacts, type EditorCall } from './withClient';

/** A select list with more values is left to typing. */
const MOST_OPTIONS = 200;

/** So many select lists are read for one form: each is a request. */
const MOST_LISTS = 25;

/** Operations that store a document, for which mandatory fields are needed. */
const STORING = new Set(['upload']);

/** Operations whose dialog is one to store by; that of others chooses what they change. */
const BY_STORE_DIALOG = new Set(['upload', 'transfer']);

/**
 * The index fields of the chosen file cabinet, or of the store dialog where one is chosen, for n8n's mapper: typed,
 * mandatory ones marked, each with its label and its name, and with the values of its select list. What DocuWare fills
 * itself, or the dialog only shows, is not among them: as `readOnly` it would be an empty box, and an empty value in what is
 * sent (docs/facts/n8n.md, What n8n asks of a node's face).
 */
export async function getIndexFields(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	return await withFacts(this, async (call) => {
		const cabinetId = await chosenCabinetId(this, call);
		if (cabinetId === undefined) {
			return { fields: [], emptyFieldsNotice: 'Choose a file cabinet first.' };
		}
		const dialogId = await chosenDialogId(this, call, cabinetId);
		const { fields } =
			dialogId === undefined
				? await call.facts.cabinet(cabinetId)
				: await call.facts.dialog(cabinetId, dialogId);
		const writable = fields.filter(({ isReadOnly }) => !isReadOnly);
		const lists = await selectLists(call.facts, { cabinetId, dialogId }, writable);
		const operation = String(this.getCurrentNodeParameter('operation') ?? '');
		const isNew = STORING.has(operation);
		return {
			fields: writable.map((field) => mapperField(field, isNew, lists.get(field.name))),
			emptyFieldsNotice: 'There are no index fields that can be written.',
		};
	});
}

async function chosenDialogId(
	context: ILoadOptionsFunctions,
	{ facts }: EditorCall,
	cabinetId: string,
): Promise<string | undefined> {
	if (!BY_STORE_DIALOG.has(String(context.getCurrentNodeParameter('operation')))) return undefined;
	const given = chosenValue(context, 'dialogId');
	return given && (await facts.dialogIdOf(cabinetId, given.text, 'Store'));
}

/** Values of the select lists, by field; those that cannot be read, or are long, are left to typing. */
async function selectLists(
	facts: CabinetFacts,
	{ cabinetId, dialogId }: { cabinetId: string; dialogId: string | undefined },
	fields: readonly IndexField[],
): Promise<Map<string, string[]>> {
	const listed = fields.filter(isChosen);
	const lists = await Promise.all(
		listed.slice(0, MOST_LISTS).map(async ({ name }): Promise<[string, string[]]> => {
			const request = { dialogId, limit: MOST_OPTIONS + 1 };
			const values = await facts.selectList(cabinetId, name, request).catch(() => []);
			return [name, values.filter((value) => value !== null).map(String)];
		}),
	);
	return new Map(lists.filter(([, { length }]) => length > 0 && length <= MOST_OPTIONS));
}

/** n8n refuses what is not among the options of a field, so that only a field that is chosen from a list has some. */
function isChosen({ type, hasSelectList, takesListOnly }: IndexField): boolean {
	return type === 'Text' && hasSelectList && takesListOnly === true;
}

function mapperField(
	field: IndexField,
	isNew: boolean,
	values: readonly string[] | undefined,
): ResourceMapperField {
	return {
		id: field.name,
		displayName: shownLabel(field, isNew),
		required: isNew && field.isRequired,
		defaultMatch: false,
		canBeUsedToMatch: false,
		display: true,
		// The editor marks an empty table as wrong, so that it is added by those who want it.
		...(field.type === 'Table' && !(isNew && field.isRequired) && { removed: true }),
		...(values === undefined
			? { type: editorType(field) }
			: { type: 'options', options: values.map((value) => ({ name: value, value })) }),
	};
}

/** `Company (COMPANY)`; where the editor does not mark what is mandatory, the name says so. */
function shownLabel({ name, label, isRequired }: IndexField, isNew: boolean): string {
	const more = [...(label === name ? [] : [name]), ...(isRequired && !isNew ? ['mandatory'] : [])];
	return more.length === 0 ? label : `${label} (${more.join(', ')})`;
}

/** Keywords may be one word, which a list of the editor's would not take. */
function editorType({ type }: IndexField): EditorType {
	switch (type) {
		case 'Numeric':
		case 'Decimal':
			return 'number';
		case 'Date':
		case 'DateTime':
			return 'dateTime';
		case 'Table':
			return 'array';
		default:
			return 'string';
	}
}
