import type { INodeProperties } from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import type { ItemCall } from '../../../shared/node/operation';
import { ABILITIES } from '../../catalogue/firstClass/abilities';
import type { ResourceData } from '../../catalogue/firstClass/resourceData';
import { titleOf } from '../../catalogue/words';
import { isEmptyValue } from '../../../shared/values/emptyValues';
import type { ValueOptions } from '../../odata/edm';
import { typedFilter } from '../../odata/filter';
import { newEntry, type NewEntry } from './creditNotes';
import { matchFilter, type Place } from './findRecord';

/** What becomes of a new record where it exists already. */
export type IfExists = 'create' | 'fail' | 'skip' | 'update';

/** By a filter that a person writes. */
export const BY_FILTER = 'filter';

/** By Your Ref with the account, and the type where it is known, for documents. */
const BY_DOCUMENT = 'document';

/** By what a record is known again, and what that is in words. */
export interface Match {
	filter: string;
	/** All fields whose values are compared; missing where a person wrote the filter. */
	names?: readonly string[];
	words: string;
	/** Of entries: whether it is a credit note that is looked for. */
	entry?: NewEntry;
}

/** *If It Exists Already* of Create. */
export function ifExistsField(data: ResourceData | undefined, canUpdate: boolean): INodeProperties {
	return {
		displayName: 'If It Exists Already',
		name: 'ifExists',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Create Anyway', value: 'create' },
			{ name: 'Fail', value: 'fail' },
			{ name: 'Skip', value: 'skip', description: 'Return the record that is there' },
			...(canUpdate ? [{ name: 'Update', value: 'update' }] : []),
		],
		default: 'create',
		description:
			data?.sameDocument === undefined
				? 'Whether to look first for a record with the same key'
				: 'Whether to look first for a document with the same reference, so that a repeated run makes no second one',
	};
}

/** By what the record is known again. */
export function matchFields(data: ResourceData | undefined, always: boolean): INodeProperties[] {
	const offered = data && matchesOf(data, always);
	const standard = offered?.[0]?.value ?? BY_FILTER;
	const shown = always
		? {}
		: { displayOptions: { show: { ifExists: ['fail', 'skip', 'update'] } } };
	return [
		{
			displayName: 'Match By',
			name: 'matchBy',
			type: 'options',
			noDataExpression: true,
			default: standard,
			...(offered === undefined ? chosenMatches : { options: offered }),
			description: 'What a record is known again by',
			...shown,
		},
		{
			displayName: 'Match By Filter',
			name: 'matchFilter',
			type: 'string',
			default: '',
			required: true,
			placeholder: "e.g. EntryNumber eq 26700001 and JournalCode eq '70'",
			description: 'OData filter that the record matches if it is there already',
			displayOptions: { show: { ...shown.displayOptions?.show, matchBy: [BY_FILTER] } },
		},
	];
}

const chosenMatches = {
	typeOptions: {
		loadOptionsMethod: 'getMatchFields',
		loadOptionsDependsOn: ['endpoint.value'],
	},
};

/** Entries: what type one becomes Exact Online decides when it is made. */
const TYPE_BY_TOTAL =
	'An entry and its credit note with the same reference are told apart by the total of the lines; without lines, or at zero, they count as one';

/**
 * A reference alone would find the document of another account, so it is offered with that only.
 * @param always whether the record may as well be there, rather than be a new one
 */
function matchesOf(data: ResourceData, always: boolean) {
	const { value, sameDocument = [], creditNote } = data;
	const [reference] = sameDocument;
	const all = (ABILITIES[value]?.keys ?? '').split(' ').filter((key) => key !== '');
	const keys = always || !isNumberedByExact(data) ? all : [];
	const document = {
		name: sameDocument.map(titleOf).join(', '),
		value: BY_DOCUMENT,
		...(creditNote !== undefined && { description: TYPE_BY_TOTAL }),
	};
	return [
		...(reference === undefined ? [] : [document]),
		...keys.filter((key) => key !== reference).map((key) => ({ name: titleOf(key), value: key })),
		{ name: 'Filter', value: BY_FILTER },
	];
}

/** Whether it is a document without a reference: its number comes from Exact, so a new one has none to be found by. */
function isNumberedByExact({ sameDocument, lines, files }: ResourceData): boolean {
	return sameDocument === undefined && (lines !== undefined || files === 'document');
}

/**
 * What the item asks to match.
 * @throws ConnectorError EXACT_INVALID_VALUE where a value is missing to match by
 */
export function readMatch(
	{ context, itemIndex }: ItemCall,
	place: Place,
	values: Readonly<Record<string, unknown>>,
	options: ValueOptions,
): Match {
	const by = String(context.getNodeParameter('matchBy', itemIndex, BY_FILTER));
	if (by === BY_FILTER) {
		const filter = String(context.getNodeParameter('matchFilter', itemIndex, '')).trim();
		if (filter !== '') return { filter: typedFilter(filter), words: `the filter ${filter}` };
		throw missing('Match By Filter');
	}
	const known = withDefaults(place, values);
	const names = namesOf(by, place);
	const empty = names.find((name) => isEmptyValue(known[name]));
	if (empty !== undefined || names.length === 0) throw missing(empty ?? by);
	return matchOf(place, names, known, options);
}

/**
 * The fields that the record of an item is looked for by before it is made; none where it is not looked for, or by a
 * filter.
 */
export function matchNames({ context, itemIndex }: ItemCall, place: Known): string[] {
	const read = (name: string, fallback: string) =>
		String(context.getNodeParameter(name, itemIndex, fallback));
	const operation = read('operation', '');
	const isLookedFor =
		operation === 'upsert' || (operation === 'create' && read('ifExists', 'create') !== 'create');
	const by = read('matchBy', BY_FILTER);
	return isLookedFor && by !== BY_FILTER ? namesOf(by, place) : [];
}

/** What of a place tells by which fields its records are known again. */
type Known = Pick<Place, 'data'>;

function namesOf(by: string, place: Known): string[] {
	return by === BY_DOCUMENT ? [...(place.data?.sameDocument ?? [])] : [by];
}

/** Without a type Exact takes its own, which an existing document has as well. */
function withDefaults(
	{ data }: Place,
	values: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
	const given = Object.entries(values).filter(([, value]) => !isEmptyValue(value));
	return { ...data?.defaults, ...Object.fromEntries(given) };
}

/** What a record without a chosen match is most likely known again by; undefined where nothing tells. */
export function likelyMatch(
	place: Place,
	values: Readonly<Record<string, unknown>>,
	options: ValueOptions,
): Match | undefined {
	const { sameDocument, keys = [] } = place.data ?? {};
	const key = keys.find((name) => !isEmptyValue(withDefaults(place, values)[name]));
	return matchOfNames(place, sameDocument ?? [key ?? ''], values, options);
}

/**
 * What finds the record with these values by the fields of these names; undefined where one of them has none.
 * @throws ConnectorError EXACT_INVALID_VALUE
 */
export function matchOfNames(
	place: Place,
	names: readonly string[],
	values: Readonly<Record<string, unknown>>,
	options: ValueOptions,
): Match | undefined {
	const known = withDefaults(place, values);
	if (names.some((name) => isEmptyValue(known[name]))) return undefined;
	return matchOf(place, names, known, options);
}

function matchOf(
	{ endpoint, data }: Place,
	names: readonly string[],
	values: Readonly<Record<string, unknown>>,
	options: ValueOptions,
): Match {
	const pairs = names.map((name) => [name, values[name]] as const);
	const words = pairs.map(([name, value]) => `${name} "${String(value).slice(0, 60)}"`);
	const entry = names.length === 1 ? undefined : newEntry({ ...data }, values, options);
	return {
		filter: matchFilter(endpoint, pairs, options),
		words: words.join(' and ') + (entry === undefined ? '' : WORDS_OF_KIND[entry.kind]),
		names,
		...(entry !== undefined && { entry }),
	};
}

/** Which entries were looked for. */
const WORDS_OF_KIND: Readonly<Record<NewEntry['kind'], string>> = {
	credit: ' (a credit note)',
	entry: ' (no credit note)',
	unknown:
		' (be it an entry or a credit note, since no total of lines tells which of them is meant)',
};

function missing(name: string): ConnectorError {
	return new ConnectorError(
		'EXACT_INVALID_VALUE',
		`${name} has no value, so that the record cannot be looked for. Nothing was sent.`,
		{ repair: 'Give it a value, or choose another field in Match By.' },
	);
}
