import { isRecord } from '../../../shared/http';
import { cabinetPath } from '../../api/cabinetFacts';
import { invalidParameter } from '../../api/clientErrors';
import { unreadableAnswer } from '../../platform/answerError';
import type { SearchCondition } from '../../search/conditions';
import {
	asAndLists,
	asOneList,
	queryBody,
	type ConditionList,
	type SearchExpression,
} from '../../search/expression';
import { withTimesAsTaken } from '../common/takenTimes';
import type { OperationCall } from '../operation';
import type { ItemSearch } from './readSearch';
import { namesDialog } from './searchRequest';

type Counter = Pick<OperationCall, 'client' | 'signal'>;

/**
 * How many documents a search finds, by `POST …/Query/CountExpression` (docs/facts/docuware.md 6.2).
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER for conditions whose results overlap in several searches
 */
export async function countDocuments(call: Counter, search: ItemSearch): Promise<number> {
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

async function countOf(
	{ client, signal }: Counter,
	{ fileCabinetId, dialogId, terms, ...search }: ItemSearch,
	list: ConditionList,
): Promise<number> {
	const usual = `${cabinetPath(fileCabinetId)}/Query/CountExpression`;
	const countAddress = await search.countAddress();
	const path = countAddress ?? usual;
	const query: Array<[string, string]> = namesDialog(countAddress) ? [] : [['DialogId', dialogId]];
	const answer = await withTimesAsTaken(client, list, (taken) =>
		client.query(
			{ path, query, signal },
			{ DialogExpression: queryBody(taken, { ...terms, sort: [] }) },
		),
	);
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
