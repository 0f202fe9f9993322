import type { StoredDocument } from '../world/documents';
import { InvalidValue } from '../world/sentValues';
import { conditionTest } from './conditions';
import type { DocumentTest, Searchable } from './conditions';
import type { SearchRules } from './terms';

/** Most documents that one request gives (docs/facts/docuware.md 6.2, KBA-36909). */
export const mostResults = 10_000;

/** Part of a query that is no condition: which documents, how many, from where. */
export interface Page {
	start: number;
	count: number;
}

/**
 * Says which documents a `DialogExpression` body means (docs/facts/docuware.md 6.2). A body without
 * conditions means all.
 * @throws InvalidValue
 */
export function expressionTest(
	body: Record<string, unknown>,
	searchable: Searchable,
	rules: SearchRules,
): DocumentTest {
	const { Condition: conditions = [], Operation: operation = 'And', FlagConditions: flags } = body;
	if (typeof operation !== 'string' || !/^(and|or)$/i.test(operation)) {
		throw new InvalidValue(`'${JSON.stringify(operation)}' is no operation: And or Or.`);
	}
	if (!Array.isArray(conditions)) throw new InvalidValue('Condition is a list.');
	const tests = conditions.map((condition: unknown) => conditionTest(condition, searchable, rules));
	const isAllowed = flagTest(flags, rules);
	if (tests.length === 0) return isAllowed;
	const fits: DocumentTest = /^or$/i.test(operation)
		? (document) => tests.some((test) => test(document))
		: (document) => tests.every((test) => test(document));
	return (document) => isAllowed(document) && fits(document);
}

/** Each flag by itself: one that is missing is not the same as one that says no. */
function flagTest(flags: unknown, { checkedOutUntold }: SearchRules): DocumentTest {
	const isTold = typeof flags === 'object' && flags !== null && 'IncludeCheckedOut' in flags;
	const withCheckedOut = isTold ? flags.IncludeCheckedOut === true : checkedOutUntold === 'found';
	return (document: StoredDocument) => withCheckedOut || document.checkedOutBy === undefined;
}

/**
 * `Start` and `Count` of a request, each a number or a text of digits.
 * @throws InvalidValue for anything else
 */
export function pageOf(start: unknown, count: unknown, defaultCount: number): Page {
	const asked = wholeNumber(count, 'Count');
	return { start: wholeNumber(start, 'Start'), count: asked === 0 ? defaultCount : asked };
}

function wholeNumber(value: unknown, name: string): number {
	if (value === undefined || value === null || value === '') return 0;
	if (!/^\d{1,9}$/.test(String(value))) throw new InvalidValue(`${name} is a number from 0.`);
	return Number(value);
}
