import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { isKind } from '../api/cabinetFacts';
import type { FieldNames } from '../fields/fieldNames';
import type { IndexField } from '../fields/indexFields';
import { DOCUMENT_ID, FULL_TEXT } from '../search/conditions';
import { OPERATOR_WORDS, operatorsOf } from '../search/operators';
import { searchFieldNamed } from '../search/searchFields';
import {
	chosenCabinetId,
	chosenFieldName,
	chosenValue,
	withFacts,
	type EditorCall,
} from './withClient';

/** Fields that documents can be searched by, and sorted by: those of the chosen dialog, else of the file cabinet. */
async function getSearchFields(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await withFacts(this, async (call) => {
		const chosen = await chosenFields(this, call);
		if (chosen === undefined) return [];
		const { fields, hasFullText } = chosen;
		const inOrder = [...fields].sort((one, other) => Number(one.isSystem) - Number(other.isSystem));
		const offered = inOrder.flatMap(offeredField);
		const isKnown = offered.some(({ value }) => value === DOCUMENT_ID.name);
		return [
			...(hasFullText ? [{ name: 'Full Text', value: FULL_TEXT.name }] : []),
			...offered,
			...(isKnown ? [] : [{ name: `Document ID (${DOCUMENT_ID.name})`, value: DOCUMENT_ID.name }]),
		];
	});
}

/** Operators that fit the type of the field in the same row. */
async function getSearchOperators(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await withFacts(this, async (call) => {
		const name = chosenFieldName(this);
		const chosen = await chosenFields(this, call);
		const type =
			chosen === undefined || name === undefined
				? 'Text'
				: searchFieldNamed(chosen.names, name).type;
		return operatorsOf(type).map((value) => ({ name: OPERATOR_WORDS[value], value }));
	});
}

/** The file cabinets that the user may reach, without document trays. */
async function getFileCabinets(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await withFacts(this, async ({ facts }) => {
		const rows = await facts.list();
		return rows
			.filter((row) => isKind(row, 'cabinets'))
			.map(({ Id, Name }) => ({ name: String(Name ?? Id), value: String(Id) }))
			.sort((one, other) => one.name.localeCompare(other.name));
	});
}

/** A table is searched by its columns. */
function offeredField({ name, label, type, columns }: IndexField): INodePropertyOptions[] {
	if (type !== 'Table') return [{ name: labelled(name, label), value: name }];
	return columns.map((column) => ({
		name: `${label}: ${labelled(column.name, column.label)}`,
		value: `${name}.${column.name}`,
	}));
}

function labelled(name: string, label: string): string {
	return label === name ? name : `${label} (${name})`;
}

interface ChosenFields {
	fields: readonly IndexField[];
	names: FieldNames;
	hasFullText: boolean;
}

async function chosenFields(
	context: ILoadOptionsFunctions,
	call: EditorCall,
): Promise<ChosenFields | undefined> {
	const cabinetId = await chosenCabinetId(context, call);
	if (cabinetId === undefined) return undefined;
	const cabinet = await call.facts.cabinet(cabinetId);
	const hasFullText = cabinet.resource.HasFullTextSupport === true;
	const given = chosenValue(context, 'dialogId');
	if (given === undefined) return { ...cabinet, hasFullText };
	const dialogId = await call.facts.dialogIdOf(cabinetId, given.text, 'Search');
	return { ...(await call.facts.dialog(cabinetId, dialogId)), hasFullText };
}

/** Drop-downs of searches, by the names under which fields ask for them. */
export const searchOptions = { getFileCabinets, getSearchFields, getSearchOperators };
