import { isConnectorError, passOn } from '../../../shared/errors';
import type { ExactOnlineClient } from '../../api/exactOnlineClient';
import { selectableFields } from '../../catalogue/catalogue';
import type { Endpoint } from '../../catalogue/types';
import { allOf } from '../../odata/filter';
import type { ExactAnswer, ExactRequest, ExactRow } from '../../wire/exactTypes';
import { lacksNeededField, namesOneOf } from './filterNeeded';
import { isLearnt, learn, type LearntFact } from './learnt';

/** Which list is asked for. */
export interface ListPlace {
	endpoint: Endpoint;
	division: number;
}

type Query = NonNullable<ExactRequest['query']>;

/** What of it, and how. */
export type ListRequest = Pick<ExactRequest, 'signal' | 'mayFollow'> & { query: Query };

const BULK_OR_SYNC = /^(?:bulk|sync)\//;

/** Endpoints that answer only with `$select` (docs/facts/exact-online.md 4.3). */
const SELECT_NEEDED = new Set(['cashflow/DirectDebitMandates']);

/**
 * The first page of a list, asked for as its endpoint wants it: what Exact refuses a list for
 * (docs/facts/exact-online.md 4.3) is met in a second try, and then for a day.
 * @throws ConnectorError those of the request
 */
export async function listAnswer(
	client: ExactOnlineClient,
	place: ListPlace,
	{ query, signal }: ListRequest,
): Promise<ExactAnswer> {
	return await byTheRules(
		client,
		place,
		query,
		async (asked) => await client.request(requestOf(place, { query: asked, signal })),
	);
}

/** The pages of a list, asked for as `listAnswer`. */
export async function* pagesOf(
	client: ExactOnlineClient,
	place: ListPlace,
	request: ListRequest,
): AsyncGenerator<ExactRow[], void, undefined> {
	const { first, pages } = await byTheRules(client, place, request.query, async (query) => {
		const all = client.pages(requestOf(place, { ...request, query }));
		return { first: await all.next(), pages: all };
	});
	if (!first.done) yield first.value;
	yield* pages;
}

function requestOf({ endpoint, division }: ListPlace, request: ListRequest): ExactRequest {
	return { method: 'GET', path: endpoint.path, division, ...request };
}

async function byTheRules<T>(
	client: ExactOnlineClient,
	place: ListPlace,
	query: Query,
	send: (asked: Query) => Promise<T>,
): Promise<T> {
	const asked = meeting(client, place, query);
	try {
		return await send(asked);
	} catch (error) {
		const fact = factOf(place.endpoint, error);
		if (fact === undefined) passOn(error);
		learn(client, place.division, place.endpoint.path, fact);
		const again = meeting(client, place, query);
		// What was met already is not what it was refused for.
		if (again.$filter === asked.$filter && again.$select === asked.$select) passOn(error);
		return await send(again);
	}
}

/** The query with all that is known to be wanted beside it. */
function meeting(client: ExactOnlineClient, place: ListPlace, query: Query): Query {
	const { endpoint, division } = place;
	const { path } = endpoint;
	const needs = (fact: LearntFact, known = false) =>
		known || isLearnt(client, division, path, fact);
	const isSelectNeeded = needs('select', SELECT_NEEDED.has(path) || BULK_OR_SYNC.test(path));
	const fields = isSelectNeeded ? selectableFields(endpoint) : undefined;
	const filter = String(query.$filter ?? '');
	return {
		...query,
		$select: query.$select ?? (fields && withExpanded(fields, query.$expand)),
		$filter: allOf([
			filter,
			needs('filter', lacksNeededField(path, filter)) ? anyKey(endpoint, filter) : undefined,
			needs('filterModified') ? anyDate(filter) : undefined,
		]),
	};
}

/** A collection that is fetched has to stand among the fields. */
function withExpanded(fields: readonly string[], $expand: Query[string]): string {
	return [...fields, ...($expand === undefined ? [] : [$expand])].join(',');
}

/** A condition on the key that every row passes; undefined where the filter names it already. */
function anyKey(endpoint: Endpoint, filter: string): string | undefined {
	const name = guidKey(endpoint);
	if (name === undefined || namesOneOf([name], filter)) return undefined;
	return `${name} ne guid'00000000-0000-0000-0000-000000000000'`;
}

/** The same on the time of the last change, which each row has that has such a field. */
function anyDate(filter: string): string | undefined {
	return namesOneOf(['Modified'], filter) ? undefined : "Modified ge datetime'1900-01-01T00:00:00'";
}

function guidKey({ key }: Endpoint): string | undefined {
	return key.find(({ type }) => type === 'Guid')?.name;
}

/** What an error tells of the endpoint, if it can be met. */
function factOf(endpoint: Endpoint, error: unknown): LearntFact | undefined {
	if (!isConnectorError(error)) return undefined;
	if (error.code === 'EXACT_SELECT_REQUIRED') return 'select';
	if (error.code !== 'EXACT_MANDATORY_FILTER') return undefined;
	const key = guidKey(endpoint);
	const taken = takenFields(error.serviceMessage);
	const isTaken = (name: string) => namesOneOf([name], taken);
	const takesModified = endpoint.fields.has('Modified') && isTaken('Modified');
	if (key !== undefined && (isTaken(key) || !takesModified)) return 'filter';
	return takesModified ? 'filterModified' : undefined;
}

/** The fields of which a filter must name one, by the words of the refusal; long lists are cut off. */
function takenFields(text = ''): string {
	return /fields in the url:(.+)$/i.exec(text)?.[1] ?? '';
}
