import { ConnectorError } from '../../shared/errors';
import { DOCUMENT_ID, type SearchCondition } from './conditions';

/** What is searched for, before it is known in how many requests. */
export interface SearchExpression {
	operation: 'And' | 'Or';
	/** Of each group one condition is to hold; of several groups all, or with Or any. */
	groups: ReadonlyArray<readonly SearchCondition[]>;
}

/** One field that results are sorted by. */
export interface SortField {
	/** Database name. */
	field: string;
	direction: 'Asc' | 'Desc';
}

/** What a query asks beside its conditions (docs/facts/docuware.md 6.2). */
export interface QueryTerms {
	sort: readonly SortField[];
	/** Further file cabinets that have the same dialog and fields. */
	additionalCabinets?: readonly string[];
	/** Of one that is not given DocuWare decides by itself. */
	flags?: { includeCheckedOut?: boolean; includeAppended?: boolean };
}

/** Conditions that are searched for in one request. */
export interface ConditionList {
	operation: 'And' | 'Or';
	conditions: readonly SearchCondition[];
}

/** Most searches that one expression may be taken apart into. */
const MOST_SEARCHES = 100;

/** How conditions are combined, whatever its case; undefined for another word. */
export function logicalOperation(word: unknown): 'And' | 'Or' | undefined {
	const text = String(word).trim().toLowerCase();
	if (text === 'and') return 'And';
	return text === 'or' ? 'Or' : undefined;
}

/** A direction, in short or in full, whatever its case; undefined for another word. */
export function sortDirection(word: unknown): 'Asc' | 'Desc' | undefined {
	const text = String(word).trim();
	if (/^asc(ending)?$/i.test(text)) return 'Asc';
	return /^desc(ending)?$/i.test(text) ? 'Desc' : undefined;
}

/** The expression as the conditions of one request; undefined where DocuWare has no words for it. */
export function asOneList({ operation, groups }: SearchExpression): ConditionList | undefined {
	// Of no conditions none could hold; without any, all documents are meant.
	if (groups.length === 0) return { operation: 'And', conditions: [] };
	if (operation === 'Or') return { operation, conditions: groups.flat() };
	const [only, ...others] = groups;
	if (only !== undefined && others.length === 0 && only.length > 1) {
		return { operation: 'Or', conditions: only };
	}
	return groups.every(({ length }) => length === 1)
		? { operation, conditions: groups.flat() }
		: undefined;
}

/**
 * The expression as searches whose results together are its own; each of them is a list of conditions that all have to
 * hold, so that a range of documents can be added.
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER where they are too many
 */
export function asAndLists({ operation, groups }: SearchExpression): ConditionList[] {
	const lists =
		operation === 'Or' && groups.length > 0
			? groups.flat().map((condition) => [condition])
			: groups.reduce<SearchCondition[][]>(
					(made, group) =>
						made.length * group.length > MOST_SEARCHES
							? refuse(made.length * group.length)
							: group.flatMap((condition) => made.map((list) => [...list, condition])),
					[[]],
				);
	if (lists.length > MOST_SEARCHES) refuse(lists.length);
	return lists.map((conditions) => ({ operation: 'And', conditions }));
}

/** Whether the expression leaves out some documents: wildcards alone fit every text. */
export function isLimited({ operation, groups }: SearchExpression): boolean {
	const limited = groups.map((group) => group.every(isLimiting));
	return operation === 'Or'
		? limited.length > 0 && !limited.includes(false)
		: limited.includes(true);
}

function isLimiting({ Value }: SearchCondition): boolean {
	return Value.some((text) => text !== null && !text.split(/\sOR\s/).some(fitsAny));
}

function fitsAny(text: string): boolean {
	return text.split(/\sAND\s/).every((part) => /^(?:[*?\s]*|"[*\s]*")$/.test(part));
}

/** The list for documents within a range of their numbers; null leaves it open on that side. */
export function withinIds(
	{ conditions }: ConditionList,
	from: number | null,
	to: number | null,
): ConditionList {
	const Value = [from, to].map((bound) => (bound === null ? null : String(bound)));
	return { operation: 'And', conditions: [...conditions, { DBName: DOCUMENT_ID.name, Value }] };
}

/** The body of a search; `Start` and `Count` say which of the results are wanted. */
export function queryBody(
	{ operation, conditions }: ConditionList,
	{ sort, additionalCabinets = [], flags }: QueryTerms,
	page?: { start: number; count: number },
): Record<string, unknown> {
	return {
		Condition: conditions.map(({ isTime: _isTime, ...sent }) => sent),
		Operation: operation,
		...(sort.length > 0 && {
			SortOrder: sort.map(({ field, direction }) => ({ Field: field, Direction: direction })),
		}),
		ForceRefresh: true,
		...(page && { Start: page.start, Count: page.count }),
		...(additionalCabinets.length > 0 && { AdditionalCabinets: additionalCabinets }),
		...(flags && {
			FlagConditions: {
				...(flags.includeCheckedOut !== undefined && {
					IncludeCheckedOut: flags.includeCheckedOut,
				}),
				...(flags.includeAppended !== undefined && { IncludeAppended: flags.includeAppended }),
			},
		}),
		IncludeSuggestions: false,
	};
}

function refuse(searches: number): never {
	throw new ConnectorError(
		'DOCUWARE_INVALID_PARAMETER',
		`The conditions would take ${searches} searches, and at most ${MOST_SEARCHES} are made for one.`,
		{
			repair:
				'Give fewer values in Is Any Of for numbers and dates, or use Is Between; or search several times.',
		},
	);
}
