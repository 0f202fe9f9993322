import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { isRecord } from '../../../shared/http';
import { entityOutputFields, outputRows } from '../../../shared/node/entityOutput';
import { readLimit, takeRows, toolListFields } from '../../../shared/node/listFields';
import { mappedPages } from '../../../shared/node/mappedPages';
import { optionsCollection } from '../../../shared/node/optionsField';
import { readValueOptions, thousandsOption } from '../../../shared/node/valueOptionFields';
import { invalidParameter } from '../../api/clientErrors';
import { conditionsOf, FULL_TEXT, type SearchField } from '../../search/conditions';
import { asOneList, type ConditionList } from '../../search/expression';
import { readJsonSearch } from '../../search/jsonConditions';
import {
	OPERATOR_WORDS,
	operatorNamed,
	SEARCH_TYPES,
	WITHOUT_VALUE,
	type SearchOperator,
	type SearchType,
} from '../../search/operators';
import { sessionFields } from '../common/sessionFields';
import { tooManyDeleted } from '../document/searchErrors';
import { MOST_RESULTS } from '../document/searchRequest';
import { positionPages } from '../document/positionPages';
import type { DocuWareOperation, OperationCall } from '../operation';
import { trashPage, trashRow } from './trashPage';

/** The trash bin holds documents of all file cabinets, so nobody knows the types of its fields. */
const conditionRows: INodeProperties = {
	displayName: 'Conditions',
	name: 'trashConditions',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add condition',
	default: {},
	description: 'What is searched for; without any condition all that was deleted is found',
	options: [
		{
			displayName: 'Condition',
			name: 'condition',
			values: [
				{
					displayName: 'Field',
					name: 'field',
					type: 'string',
					default: '',
					placeholder: 'e.g. DELETEDATETIME',
					description: 'Name of the field in the database, or DocuWareFulltext',
				},
				{
					displayName: 'Operator',
					name: 'operator',
					type: 'options',
					options: Object.entries(OPERATOR_WORDS).map(([value, name]) => ({ name, value })),
					default: 'is',
				},
				{
					displayName: 'Type',
					name: 'type',
					type: 'options',
					options: SEARCH_TYPES.filter((type) => type !== 'FullText').map((type) => ({
						name: type === 'DateTime' ? 'Date and Time' : type,
						value: type,
					})),
					default: 'Text',
					description: 'Type of the field, by which the value is read',
				},
				{
					displayName: 'Value',
					name: 'value',
					type: 'string',
					default: '',
					description:
						'Taken literally, but for wildcards with Is Like. For Is Any Of a list with commas, or an array.',
					displayOptions: { hide: { operator: [...WITHOUT_VALUE] } },
				},
				{
					displayName: 'Value To',
					name: 'valueTo',
					type: 'string',
					default: '',
					description: 'The end of the range, which belongs to it',
					displayOptions: { show: { operator: ['between'] } },
				},
			],
		},
	],
};

const conditionsJsonOption: INodeProperties = {
	displayName: 'Conditions (JSON)',
	name: 'conditionsJson',
	type: 'json',
	default: '[]',
	description:
		'Conditions in DocuWare\'s own form, added to the others: [{"DBName": "DELETEDATETIME", "Value": ["2026-01-01", null]}]',
};

/** What it takes to know a document again and to restore it. */
const form = {
	simplify: trashRow,
	most: ['trashBinId', 'documentId', 'DWDOCID', 'title', 'DELETEDATETIME', 'DELETEUSER'],
};

/** `POST TrashBin/Query` (docs/facts/docuware.md 7.3). */
export const searchTrashBin: DocuWareOperation = {
	name: 'Search',
	value: 'search',
	action: 'Search trash bin',
	description: 'Find deleted documents, the latest first',
	fields: [
		...sessionFields,
		conditionRows,
		...toolListFields,
		...entityOutputFields,
		optionsCollection([conditionsJsonOption, thousandsOption]),
	],
	otherWords: { operator: operatorNamed },
	async execute(call) {
		const limit = readLimit(call.context, call.itemIndex);
		const list = readConditions(call);
		const pages = positionPages({
			fetch: async (wish) => await trashPage(call, list, wish),
			limit,
			bound: { places: MOST_RESULTS, beyond: tooManyDeleted },
		});
		return await takeRows(
			mappedPages(pages, (row) => outputRows(call, [row], form)[0] ?? { json: {} }),
			limit,
		);
	},
};

/** All conditions have to hold. */
function readConditions(call: OperationCall): ConditionList {
	const { context, itemIndex } = call;
	const given = context.getNodeParameter('trashConditions', itemIndex, {}) as IDataObject;
	const rows = Array.isArray(given.condition) ? given.condition.filter(isRecord) : [];
	const valueOptions = readValueOptions(call);
	const groups = rows.map((row, index) => {
		const field = fieldOf(row, index);
		const operator = operatorOf(row, index);
		return conditionsOf(
			field,
			{ field: field.name, operator, value: row.value, valueTo: row.valueTo, place: index + 1 },
			valueOptions,
		);
	});
	const json = readJsonSearch(jsonOf(call));
	const [term] = [
		...(json.operation === 'Or' ? ['Operation Or'] : []),
		...Object.keys(json.terms).map((name) => TERM_WORDS[name] ?? name),
	];
	if (term !== undefined) {
		throw invalidParameter(
			`Conditions (JSON) has ${term}, which a search of the trash bin does not have. Nothing was sent.`,
			'Leave it out: all conditions have to hold, and the latest deletions come first.',
		);
	}
	const strangers = json.rows.map(({ field }) => field);
	if (strangers.length > 0) {
		throw invalidParameter(
			`Conditions (JSON) names ${strangers.join(', ')} without DBName and Value.`,
			"Give conditions of the trash bin in DocuWare's own form, or in rows.",
		);
	}
	const all = [...groups, ...json.conditions.map((condition) => [condition])];
	const list = asOneList({ operation: 'And', groups: all });
	if (list !== undefined) return list;
	throw invalidParameter(
		'Is Any Of for numbers or dates cannot stand beside other conditions here.',
		'Use Is Between, or search once for each value.',
	);
}

function jsonOf({ context, itemIndex }: OperationCall): unknown {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	return options.conditionsJson ?? [];
}

/** What JSON may say of searches elsewhere, in its own words. */
const TERM_WORDS: Readonly<Record<string, string>> = {
	sort: 'SortOrder',
	additionalCabinets: 'AdditionalCabinets',
	flags: 'FlagConditions',
};

/** What is found may be deleted for good, so nothing is taken for something else. */
function operatorOf({ operator = 'is' }: Record<string, unknown>, index: number): SearchOperator {
	const known = operatorNamed(String(operator));
	if (known !== undefined) return known;
	throw invalidParameter(
		`Condition ${index + 1} has the operator "${String(operator)}", which is not known. Nothing was sent.`,
		`Use one of ${Object.keys(OPERATOR_WORDS).join(', ')}.`,
	);
}

function typeOf({ type = 'Text' }: Record<string, unknown>, index: number): SearchType {
	const wanted = String(type).toLowerCase();
	const known = SEARCH_TYPES.find((one) => one.toLowerCase() === wanted);
	if (known !== undefined) return known;
	throw invalidParameter(
		`Condition ${index + 1} has the type "${String(type)}", which is not known. Nothing was sent.`,
		`Use one of ${SEARCH_TYPES.join(', ')}.`,
	);
}

function fieldOf(row: Record<string, unknown>, index: number): SearchField {
	const name = String(row.field ?? '').trim();
	if (name.toLowerCase() === FULL_TEXT.name.toLowerCase()) return FULL_TEXT;
	if (name !== '') return { name, type: typeOf(row, index) };
	throw invalidParameter(
		`Condition ${index + 1} names no field. Nothing was sent.`,
		'Give the name of the field, or remove the condition.',
	);
}
