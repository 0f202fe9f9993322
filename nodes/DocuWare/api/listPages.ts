import { isRecord } from '../../shared/http';

/** The pages of a list that were read, so that one which leads back is noticed. */
export class VisitedPages {
	private readonly addresses = new Set<string>();

	/** False for a page that is known. */
	add(url: URL): boolean {
		const isNew = !this.addresses.has(url.href);
		this.addresses.add(url.href);
		return isNew;
	}
}

/** The rows of all pages. @throws what reading them throws */
export async function allRows<Row>(pages: AsyncIterable<readonly Row[]>): Promise<Row[]> {
	const rows: Row[] = [];
	for await (const page of pages) rows.push(...page);
	return rows;
}

/**
 * Whether a page is the last one, whatever its links say: it is empty, or says that there is no more
 * (docs/facts/docuware.md 6.2).
 *
 * @param rows undefined where the page holds no list
 */
export function isLastPage(
	page: Record<string, unknown>,
	rows: readonly unknown[] | undefined,
): boolean {
	return rows?.length === 0 || hasMore(page) === false;
}

/** What a page says of further ones; undefined where it says nothing. */
export function hasMore(page: Record<string, unknown>): boolean | undefined {
	const count = isRecord(page.Count) ? page.Count : {};
	return [page.HasMore, count.HasMore].find((said): said is boolean => typeof said === 'boolean');
}

/**
 * The list in a page: the member of that name, or the only list but the links; undefined where there is
 * none or several.
 */
export function listIn(page: Record<string, unknown>, member = ''): unknown[] | undefined {
	if (member !== '') return asList(page[member]);
	const lists = Object.entries(page).filter(([name, value]) => name !== 'Links' && asList(value));
	return lists.length === 1 ? asList(lists[0]?.[1]) : undefined;
}

/** Members of a list beside the list itself (docs/facts/docuware.md 1, 6.2). */
const BESIDE_LIST = new Set(['$type', 'Count', 'HasMore', 'Links', 'TimeStamp']);

/** Whether a page may be one of the list of this member: with none of its rows it may lack the member, or have null. */
export function isListPage(page: Record<string, unknown>, member: string): boolean {
	if (Array.isArray(page[member])) return true;
	return Object.keys(page).every((name) =>
		name === member ? page[name] === null : BESIDE_LIST.has(name),
	);
}

function asList(value: unknown): unknown[] | undefined {
	return Array.isArray(value) ? value : undefined;
}

const START = /^start$/i;

/** The address of the rows after these; the name of the parameter stays as it was spelled. */
export function withStart(url: URL, rows: number): URL {
	const [, start] = parameterOf(url, 'Start') ?? [];
	return withParameter(url, 'Start', String(startOf(start) + rows));
}

/** An address with another value of a parameter, whose name stays as it was spelled. */
export function withParameter(url: URL, name: string, value: string): URL {
	const changed = new URL(url);
	changed.searchParams.set(parameterOf(url, name)?.[0] ?? name, value);
	return changed;
}

/** A parameter of an address as it is spelled there, in whatever case; undefined for none. */
export function parameterOf(url: URL, name: string): [name: string, value: string] | undefined {
	const wanted = name.toLowerCase();
	return [...url.searchParams].find(([one]) => one.toLowerCase() === wanted);
}

/** The body of a search for the rows after these; undefined where the body names no start itself. */
export function bodyWithStart(body: Record<string, unknown>, rows: number): string | undefined {
	const name = Object.keys(body).find((one) => START.test(one));
	if (name === undefined) return undefined;
	return JSON.stringify({ ...body, [name]: startOf(body[name]) + rows });
}

function startOf(value: unknown): number {
	const start = Number(value ?? 0);
	return Number.isInteger(start) && start > 0 ? start : 0;
}
