import type {
	FieldType,
	ILoadOptionsFunctions,
	ResourceMapperField,
	ResourceMapperFields,
} from 'n8n-workflow';
import { takeRows } from '../../shared/node/listFields';
import { withListErrors } from '../../shared/node/nodeErrors';
import { readEndpoint } from '../catalogue/catalogue';
import { codesOf, wordListsOf } from '../catalogue/endpointCodes';
import { ofField, type CodedFields } from '../catalogue/firstClass/codes';
import { PARAMETER_CODES } from '../catalogue/firstClass/codeLists';
import { referenceOf } from '../catalogue/firstClass/references';
import {
	functionParameters,
	UNNAMED_PARAMETERS,
	type FunctionParameter,
} from '../catalogue/functionParameters';
import type { ActionData, Codes } from '../catalogue/firstClass/resourceData';
import type { CatalogueField, Endpoint } from '../catalogue/types';
import { titleOf } from '../catalogue/words';
import { pagesOf } from '../resources/records/listRules';
import { codeTitle, referenceNames } from '../resources/records/referenceFields';
import { referenceOfParameter } from '../resources/records/references';
import { editedTarget, type EditedTarget } from './chosenTarget';
import { chosenDivision, withClient } from './withClient';

/** Of an endpoint without data of its own: so many fields are shown, the others are added by name. */
const SHOWN_WITHOUT_DATA = 12;

/** More are no list to choose from. */
const MOST_LISTED = 500;

/** Operations that always make a record; one that may change a record needs less. */
const MAKING = new Set(['create', 'upload']);

/**
 * What a new or changed record may hold, for n8n's mapper: main fields first, the others to be added by name; those
 * that have a searchable list beside the mapper among the latter.
 */
export async function getWritableFields(
	this: ILoadOptionsFunctions,
): Promise<ResourceMapperFields> {
	return await withListErrors(this.getNode(), async () => {
		const target = editedTarget(this);
		if (target === undefined) {
			return await Promise.resolve({ fields: [], emptyFieldsNotice: 'Choose an endpoint first.' });
		}
		const { endpoint, data, action, operation } = target;
		const parameters = functionParameters(endpoint.path);
		if (parameters ?? endpoint.path.startsWith('read/')) {
			return parameterFields(endpoint.path, parameters);
		}
		if (action) return { fields: actionFields(readEndpoint(action.endpoint), action) };
		const codes = await wordsOf(this, { endpoint, data }, operation !== 'update');
		const method = operation === 'update' ? 'PUT' : 'POST';
		return { fields: writableFields({ endpoint, data, codes }, method, operation) };
	});
}

/** Whether a row of such a list may be chosen for a new record; rows of other lists do not say. */
const CHOOSABLE = 'DocumentIsCreatable';

/** The words of fields whose numbers stand for rows of another endpoint; without an answer they stay numbers. */
async function wordsOf(
	context: ILoadOptionsFunctions,
	{ endpoint, data }: Pick<EditedTarget, 'endpoint' | 'data'>,
	isNew: boolean,
): Promise<CodedFields> {
	const all: Record<string, Codes> = { ...codesOf(endpoint, data) };
	for (const [field, path] of Object.entries(wordListsOf(endpoint, data) ?? {})) {
		const list = readEndpoint(path);
		const { keyNames, fields } = list;
		const [key = 'ID'] = keyNames;
		const asked = [key, 'Description', ...(fields.has(CHOOSABLE) ? [CHOOSABLE] : [])];
		const words = withClient(context, async (client) => {
			const division = await chosenDivision(context, client);
			const query = { $select: asked.join(',') };
			const pages = pagesOf(client, { endpoint: list, division }, { query });
			const rows = await takeRows(pages, MOST_LISTED);
			const offered = isNew ? rows.filter((row) => row[CHOOSABLE] !== false) : rows;
			return Object.fromEntries(offered.map((row) => [String(row[key]), String(row.Description)]));
		});
		const known = await words.catch(() => undefined);
		if (known !== undefined && Object.keys(known).length > 0) all[field] = known;
	}
	return all;
}

/** What a function takes, as far as it is known; any of it may be left out. */
function parameterFields(
	path: string,
	known: readonly FunctionParameter[] = [],
): ResourceMapperFields {
	const fields = known.map(({ name, type }) => {
		const field = { name, type, mandatory: false, create: true, update: false };
		const codes = PARAMETER_CODES[name];
		const shown = mapperField(field, '', { required: false, needed: false, removed: false, codes });
		const takesCode = referenceOfParameter({ name, type })?.code !== undefined;
		return takesCode ? { ...shown, displayName: `${shown.displayName} (ID or code)` } : shown;
	});
	const unnamed = UNNAMED_PARAMETERS[path];
	const emptyFieldsNotice =
		unnamed === undefined
			? 'No parameters are known; give them in Options > Further Parameters if Exact Online asks for any.'
			: `No public source names the parameters. ${unnamed} Give them in Options > Further Parameters, by the names on its page in Exact's documentation.`;
	return fields.length === 0 ? { fields, emptyFieldsNotice } : { fields };
}

function writableFields(
	{ endpoint, data, codes }: Pick<EditedTarget, 'endpoint' | 'data'> & { codes: CodedFields },
	method: 'POST' | 'PUT',
	operation: string,
): ResourceMapperField[] {
	// The lines of a document that has data of its own have a place of their own.
	const all = writable(endpoint, method).filter(({ name }) => name !== data?.lines?.field);
	const beside = data === undefined ? [] : referenceNames(data, method);
	const main = data?.main.filter((name) => !beside.includes(name)) ?? usualFields(all);
	const required = MAKING.has(operation) ? (data?.required ?? []) : [];
	return inOrder(all, main).map((field) =>
		mapperField(field, endpoint.path, {
			required: required.includes(field.name) && !beside.includes(field.name),
			needed: field.mandatory && method === 'POST' && data === undefined,
			removed: !main.includes(field.name),
			codes: ofField(codes, field.name),
		}),
	);
}

function actionFields(endpoint: Endpoint, { record, codes }: ActionData): ResourceMapperField[] {
	const all = writable(endpoint, 'POST').filter(({ name }) => name !== record);
	const main = usualFields(all);
	return inOrder(all, main).map((field) =>
		mapperField(field, endpoint.path, {
			required: false,
			needed: field.mandatory,
			removed: !main.includes(field.name),
			codes: codes?.[field.name],
		}),
	);
}

function writable({ fields }: Endpoint, method: 'POST' | 'PUT'): CatalogueField[] {
	return [...fields.values()].filter(({ create, update }) => (method === 'POST' ? create : update));
}

/** Needed ones and those that people know, then the first of the rest. */
function usualFields(fields: readonly CatalogueField[]): string[] {
	const rank = ({ name, mandatory }: CatalogueField) =>
		mandatory ? 0 : /^(?:Code|Name|Description|Subject)$/.test(name) ? 1 : 2;
	return [...fields]
		.sort((one, other) => rank(one) - rank(other))
		.slice(0, SHOWN_WITHOUT_DATA)
		.map(({ name }) => name);
}

function inOrder(fields: readonly CatalogueField[], main: readonly string[]): CatalogueField[] {
	const first = main.flatMap((name) => fields.filter((field) => field.name === name));
	return [...first, ...fields.filter(({ name }) => !main.includes(name))];
}

interface Shown {
	required: boolean;
	/** Exact's documentation calls it needed, which is not always so. */
	needed: boolean;
	removed: boolean;
	codes?: Codes;
}

function mapperField(field: CatalogueField, path: string, shown: Shown): ResourceMapperField {
	const reference = referenceOf(field, path);
	const hints = [
		...(shown.needed ? ['needed by the documentation'] : []),
		...(reference?.by === 'key' && reference.code !== undefined
			? [`ID or ${codeTitle(reference.code).toLowerCase()}`]
			: []),
	];
	const title = titleOf(field.name);
	return {
		id: field.name,
		displayName: hints.length === 0 ? title : `${title} (${hints.join(', ')})`,
		required: shown.required,
		defaultMatch: false,
		canBeUsedToMatch: false,
		display: true,
		...(shown.removed && { removed: true }),
		...inputOf(field, shown.codes),
	};
}

/** Whether yes or no is chosen: n8n's own switch would send "no" where nothing was chosen. */
const YES_NO = [
	{ name: 'Yes', value: 'true' },
	{ name: 'No', value: 'false' },
];

function inputOf(
	{ type }: CatalogueField,
	codes: Codes | undefined,
): { type: FieldType; options?: ResourceMapperField['options'] } {
	if (codes !== undefined) {
		const options = Object.entries(codes).map(([value, name]) => ({ name, value }));
		return { type: 'options', options };
	}
	switch (type) {
		case 'Boolean':
			return { type: 'options', options: YES_NO };
		case 'DateTime':
			return { type: 'dateTime' };
		case 'Int16':
		case 'Int32':
		case 'Byte':
		case 'Double':
			return { type: 'number' };
		case 'Collection':
		case 'Unknown':
			// Fields of no documented type are lists by their names; a test looks through them.
			return { type: 'array' };
		default:
			return { type: 'string' };
	}
}
