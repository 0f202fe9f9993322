import type { IDataObject } from 'n8n-workflow';
import { isRecord } from '../../../shared/http';
import { isOn, readOptions } from '../../../shared/node/optionsField';
import { readValueOptions } from '../../../shared/node/valueOptionFields';
import { ALL_FIELDS_DIALOG, type CabinetKind } from '../../api/cabinetFacts';
import { invalidParameter } from '../../api/clientErrors';
import type { FieldNames } from '../../fields/fieldNames';
import { conditionsOf, DOCUMENT_ID, inCondition, type SearchRow } from '../../search/conditions';
import {
	logicalOperation,
	sortDirection,
	type QueryTerms,
	type SearchExpression,
	type SortField,
} from '../../search/expression';
import { readJsonSearch, type JsonSearch } from '../../search/jsonConditions';
import { operatorNamed, type SearchOperator } from '../../search/operators';
import { searchFieldNamed } from '../../search/searchFields';
import { readDialogId, readFileCabinetId } from '../common/cabinetField';
import { locatedValue } from '../common/valueLocator';
import type { OperationCall } from '../operation';
import { sortField } from './searchFields';

/** What the item searches for, and where. */
export interface ItemSearch {
	fileCabinetId: string;
	dialogId: string;
	expression: SearchExpression;
	terms: QueryTerms;
	/** Where the chosen dialog itself says that it is asked; undefined where it says nothing. */
	address?: URL;
	/** The same for the count of its results. */
	countAddress(): Promise<URL | undefined>;
	/** Whether the dialog can be asked for a range of document ids. */
	knowsIds(): Promise<boolean>;
}

/**
 * The search that the item asks for. Fields are found by their names in the database or their labels.
 *
 * @param kind what the operation works in, among which a name is looked up
 * @throws ConnectorError DOCUWARE_INVALID_VALUE, which names row and field; DOCUWARE_INVALID_PARAMETER for a JSON that
 *   cannot be read; what finding file cabinet and dialog throws
 */
export async function readSearch(
	call: OperationCall,
	kind: CabinetKind = 'both',
): Promise<ItemSearch> {
	const fileCabinetId = await readFileCabinetId(call, kind);
	const chosen = await readDialogId(call, fileCabinetId, 'Search');
	const json = readGiven(call);
	const { context, itemIndex } = call;
	const options = readOptions(call);
	const additionalCabinets =
		json.terms.additionalCabinets ?? (await readCabinets(call, options.additionalCabinets));
	const dialogId = chosen ?? (await dialogFor(call, fileCabinetId, additionalCabinets.length > 0));
	const names = new SearchNames(call, fileCabinetId, chosen);
	const valueOptions = readValueOptions(call);
	const groups = await Promise.all(
		json.rows.map(async (row) => {
			const known = await names.get();
			const field = inCondition(row, () => searchFieldNamed(known, row.field));
			return conditionsOf(field, row, valueOptions);
		}),
	);
	const sort = readSort(context.getNodeParameter(sortField.name, itemIndex, {}));
	const { facts } = call;
	const isOfAllFields = dialogId === ALL_FIELDS_DIALOG;
	const addressOf = async (rel: 'count' | 'dialogExpression') =>
		isOfAllFields ? undefined : await facts.queryAddress(fileCabinetId, dialogId, rel);
	const address = await addressOf('dialogExpression');
	return {
		fileCabinetId,
		dialogId,
		...(address !== undefined && { address }),
		expression: {
			operation: json.operation ?? 'And',
			groups: [...groups, ...json.conditions.map((condition) => [condition])],
		},
		terms: {
			sort: sort.length > 0 ? await namedSort(sort, names) : (json.terms.sort ?? []),
			additionalCabinets,
			flags: flagsOf(options, json.terms.flags),
		},
		countAddress: async () => await addressOf('count'),
		knowsIds: async () =>
			isOfAllFields || (await facts.dialog(fileCabinetId, dialogId)).names.has(DOCUMENT_ID.name),
	};
}

/** The conditions as they are given, in rows or as JSON; what the JSON says of their operation holds. */
function readGiven(call: OperationCall): JsonSearch {
	const { context, itemIndex } = call;
	const combine = context.getNodeParameter('combine', itemIndex, 'And');
	const operation = logicalOperation(combine);
	if (operation === undefined) {
		throw invalidParameter(
			`Conditions Must Match is "${String(combine)}". Nothing was sent.`,
			'Use And for all conditions, or Or for any of them.',
		);
	}
	if (context.getNodeParameter('conditionsAs', itemIndex, 'rows') === 'json') {
		return {
			operation,
			...readJsonSearch(context.getNodeParameter('conditionsJson', itemIndex, '[]')),
		};
	}
	const given = context.getNodeParameter('conditions', itemIndex, {}) as IDataObject;
	const rows = Array.isArray(given.condition) ? given.condition : [];
	return { operation, rows: rows.filter(isRecord).map(rowOf), conditions: [], terms: {} };
}

function rowOf(row: Record<string, unknown>, index: number): SearchRow {
	const field = String(row.field ?? '').trim();
	if (field === '') {
		throw invalidParameter(
			`Condition ${index + 1} names no field. Nothing was sent.`,
			'Choose a field, or remove the condition.',
		);
	}
	const operator = String(row.operator ?? 'is');
	return {
		field,
		operator: operatorNamed(operator) ?? (operator as SearchOperator),
		value: locatedValue(row.value),
		valueTo: locatedValue(row.valueTo),
		place: index + 1,
	};
}

/** The dialog of all fields is not for several file cabinets (docs/facts/docuware.md 6.1). */
async function dialogFor(
	{ facts }: OperationCall,
	fileCabinetId: string,
	areSeveral: boolean,
): Promise<string> {
	if (!areSeveral) return ALL_FIELDS_DIALOG;
	const dialog = await facts.defaultDialog(fileCabinetId, 'Search');
	if (dialog !== undefined) return dialog.id;
	throw invalidParameter(
		'The file cabinet has no search dialog, without which several file cabinets cannot be searched at once.',
		'Choose a dialog that all of them have, or search them one by one.',
	);
}

async function readCabinets({ facts }: OperationCall, value: unknown): Promise<string[]> {
	const given = Array.isArray(value) ? value.map(String) : String(value ?? '').split(',');
	const names = given.map((one) => one.trim()).filter((one) => one !== '');
	return await Promise.all(names.map(async (name) => await facts.idOf(name, 'both')));
}

/** The flags of the options, but of those that the JSON names what it says. */
function flagsOf(
	{ includeCheckedOut, includeAppended }: IDataObject,
	named: QueryTerms['flags'],
): QueryTerms['flags'] {
	const flags = {
		...(includeCheckedOut !== undefined && { includeCheckedOut: isOn(includeCheckedOut) }),
		...(includeAppended !== undefined && { includeAppended: isOn(includeAppended) }),
		...named,
	};
	return Object.keys(flags).length === 0 ? undefined : flags;
}

function readSort(value: unknown): SortField[] {
	const rows = isRecord(value) && Array.isArray(value.fields) ? value.fields : [];
	return rows.filter(isRecord).map(({ field, direction: word = 'Asc' }) => {
		const direction = sortDirection(word);
		if (direction !== undefined) return { field: String(field ?? ''), direction };
		throw invalidParameter(
			`Sort has the direction "${String(word)}". Nothing was sent.`,
			'Use Asc or Desc.',
		);
	});
}

/** Results may be sorted by fields that the dialog does not show. */
async function namedSort(sort: readonly SortField[], names: SearchNames): Promise<SortField[]> {
	const [shown, all] = [await names.get(), await names.ofCabinet()];
	return sort.map(({ field, direction }) => {
		const { name } = searchFieldNamed(shown.has(field) ? shown : all, field);
		return { field: name, direction };
	});
}

/** The fields that conditions may name: those of the chosen dialog, else of the file cabinet; asked for when needed. */
class SearchNames {
	constructor(
		private readonly call: OperationCall,
		private readonly fileCabinetId: string,
		private readonly dialogId: string | undefined,
	) {}

	async get(): Promise<FieldNames> {
		const { facts } = this.call;
		const { fileCabinetId, dialogId } = this;
		return dialogId === undefined || dialogId === ALL_FIELDS_DIALOG
			? (await facts.cabinet(fileCabinetId)).names
			: (await facts.dialog(fileCabinetId, dialogId)).names;
	}

	async ofCabinet(): Promise<FieldNames> {
		return (await this.call.facts.cabinet(this.fileCabinetId)).names;
	}
}
