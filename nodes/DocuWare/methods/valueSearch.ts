import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import type { FieldType } from '../fields/indexFields';
import { VALUE_SEARCH } from '../resources/common/valueLocator';
import {
	chosenCabinetId,
	chosenFieldName,
	chosenValue,
	withFacts,
	type EditorCall,
} from './withClient';

/** So many values are offered; what is typed narrows them. */
const MOST_VALUES = 100;

/** Types whose values are short enough to be chosen. */
const LISTED: ReadonlySet<FieldType | undefined> = new Set<FieldType>([
	'Text',
	'Keyword',
	'Numeric',
	'Decimal',
	'Date',
	'DateTime',
]);

/** Types whose values come in the server's format, unless they are asked for as what they are. */
const TYPED: ReadonlySet<FieldType | undefined> = new Set<FieldType>([
	'Numeric',
	'Decimal',
	'Date',
	'DateTime',
]);

/**
 * The values that the select list of the field in the same row has, those that begin with what was typed; none before
 * cabinet and field are chosen, of long texts, and of columns of tables.
 */
async function searchFieldValues(
	this: ILoadOptionsFunctions,
	search = '',
): Promise<INodeListSearchResult> {
	const fieldName = chosenFieldName(this);
	if (fieldName === undefined) return { results: [] };
	return await withFacts(this, async (call) => {
		const cabinetId = await chosenCabinetId(this, call);
		if (cabinetId === undefined) return { results: [] };
		const given = chosenValue(this, 'dialogId');
		const dialogId = given && (await call.facts.dialogIdOf(cabinetId, given.text));
		const { names } =
			dialogId === undefined
				? await call.facts.cabinet(cabinetId)
				: await call.facts.dialog(cabinetId, dialogId);
		const field = names.has(fieldName) ? names.find(fieldName) : undefined;
		if (field === undefined || !LISTED.has(field.type)) return { results: [] };
		const values = await call.facts.selectList(cabinetId, field.name, {
			dialogId: dialogId ?? (await dialogWithList(call, cabinetId, field.name)),
			prefix: search.trim(),
			limit: MOST_VALUES,
			typed: TYPED.has(field.type),
		});
		const texts = values.flatMap((value) => (value === null ? [] : [String(value)]));
		return { results: [...new Set(texts)].map((value) => ({ name: value, value })) };
	});
}

/** The default dialog that has a select list for the field; where none has, those of documents are offered. */
async function dialogWithList(
	{ facts }: EditorCall,
	cabinetId: string,
	fieldName: string,
): Promise<string | undefined> {
	for (const type of ['Search', 'Store'] as const) {
		const dialog = await facts.defaultDialog(cabinetId, type);
		if (dialog === undefined) continue;
		const { names } = await facts.dialog(cabinetId, dialog.id);
		if (names.has(fieldName) && names.find(fieldName).hasSelectList) return dialog.id;
	}
	return undefined;
}

/** The searchable list of values. */
export const valueSearches = { [VALUE_SEARCH]: searchFieldValues };
