import { isConnectorError, passOn } from '../../../shared/errors';
import { isRecord } from '../../../shared/http';
import { cabinetPath } from '../../api/cabinetFacts';
import { invalidParameter } from '../../api/clientErrors';
import { isRefusedRequest } from '../../platform/answerError';
import { unreadableAnswer } from '../../platform/strangeAnswers';
import type { SearchCondition } from '../../search/conditions';
import {
	asAndLists,
	asOneList,
	queryBody,
	type ConditionList,
	type SearchExpression,
} from '../../search/expression';
import { withTimesAsTaken } from '../common/takenTimes';
import type { ItemSearch } from './readSearch';
import { askDialog, MOST_RESULTS, searchPage, type SearchCaller } from './searchRequest';

/**
 * How many documents a search finds, by `POST …/Query/CountExpression`, or by the search (docs/facts/docuware.md 6.2).
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER for conditions whose results overlap in several searches
 */
export async function countDocuments(call: SearchCaller, search: ItemSearch): Promise<number> {
	const { expression } = search;
	const list = asOneList(expression);
	if (list !== undefined) return await countOf(call, search, list);
	if (!isDisjoint(expression)) {
		throw invalidParameter(
			'Documents cannot be counted by Is Any Of for times or a column of a table beside other conditions: one may be found by several of the values.',
			'Count for each value, or leave out the other conditions.',
		);
	}
	let count = 0;
	for (const one of asAndLists(expression)) count += await countOf(call, search, one);
	return count;
}

/** A document has one value in a field, but many in a column; ranges may overlap. */
function isDisjoint({ groups }: SearchExpression): boolean {
	const isValue = ({ ColumnName, Value }: SearchCondition) =>
		ColumnName === undefined && Value.length === 1;
	return groups.every((group) => group.length === 1 || group.every(isValue));
}

/** A server that does not take the question is asked for the search itself, with the total of its results. */
async function countOf(
	call: SearchCaller,
	search: ItemSearch,
	list: ConditionList,
): Promise<number> {
	try {
		return await countByQuestion(call, search, list);
	} catch (error) {
		if (!isRefusedRequest(error)) passOn(error);
		const total = await totalOf(call, search, list).catch((failure: unknown) => {
			// What is wrong with the search itself is told by its own error.
			return isConnectorError(failure) && failure.code === 'DOCUWARE_VALIDATION'
				? passOn(failure)
				: undefined;
		});
		return total ?? passOn(error);
	}
}

/**
 * Undefined where `Count.Value` may be that of the page, or no more than the limit of results (docs/facts/docuware.md 6.2).
 */
async function totalOf(
	call: SearchCaller,
	search: ItemSearch,
	list: ConditionList,
): Promise<number | undefined> {
	const query = { ...search, terms: { ...search.terms, sort: [] }, limit: 1 };
	const page = await searchPage(call, query, list, { start: 0, count: 1, total: true });
	if (page.isLast) return page.rows.length;
	if (page.exceedsLimit === true || page.count === MOST_RESULTS) return undefined;
	return page.count !== undefined && page.count > page.rows.length ? page.count : undefined;
}

async function countByQuestion(
	caller: SearchCaller,
	{ fileCabinetId, dialogId, terms, ...search }: ItemSearch,
	list: ConditionList,
): Promise<number> {
	const usual = `${cabinetPath(fileCabinetId)}/Query/CountExpression`;
	const { client, signal } = caller;
	const address = await search.countAddress();
	const dialog = { fileCabinetId, dialogId, ...(address && { address }) };
	const answer = await withTimesAsTaken(client, list, async (taken) => {
		const body = { DialogExpression: queryBody(taken, { ...terms, sort: [] }) };
		return await askDialog(
			caller,
			dialog,
			{ usual, rel: 'count' },
			async (path, query) => await client.query({ path, query, signal }, body),
		);
	});
	const groups: unknown[] = Array.isArray(answer.Group) ? answer.Group : [];
	const counts = groups.map((group) => (isRecord(group) ? countIn(group) : Number.NaN));
	if (
		Array.isArray(answer.Group) &&
		counts.every((count) => Number.isInteger(count) && count >= 0)
	) {
		return counts.reduce((sum, count) => sum + count, 0);
	}
	const asked = { method: 'POST', path: usual, isQuery: true };
	throw unreadableAnswer(asked, JSON.stringify(answer), 'a count of documents');
}

/** Nothing at all is no count, although it would be a zero. */
function countIn({ Count: count }: Record<string, unknown>): number {
	return typeof count === 'number' || (typeof count === 'string' && /^\d+$/.test(count))
		? Number(count)
		: Number.NaN;
}
