import { isRecord } from '../../shared/http';
import type { ExactAnswer, ExactRow } from '../wire/exactTypes';
import { LinkWalk } from './linkedPages';

/** Reads the page behind a link. */
type Follow = (link: string) => Promise<ExactAnswer>;

/** Whether no collection in a row, at any depth, goes on behind a link. */
export function isWhole(row: ExactRow): boolean {
	for (const name in row) {
		const value = row[name];
		if (isRecord(value) && !isWholeMember(value)) return false;
	}
	return true;
}

function isWholeMember(value: ExactRow): boolean {
	if (!Array.isArray(value.results)) return isWhole(value);
	const { __next: link } = value;
	if (typeof link === 'string' && link !== '') return false;
	return value.results.every((one) => !isRecord(one) || isWhole(one));
}

/**
 * Rows whose expanded collections are whole: Exact Online cuts them at 60 and puts the rest behind a
 * `__next` inside the collection (docs/facts/exact-online.md 4.3). The same objects where nothing was cut.
 *
 * @param seen links that led here; none of them is followed again
 * @throws what following a link throws
 */
export async function withWholeCollections(
	rows: readonly ExactRow[],
	follow: Follow,
	seen = new Set<string>(),
): Promise<ExactRow[]> {
	const whole: ExactRow[] = [];
	for (const row of rows) whole.push(isWhole(row) ? row : await wholeRow(row, follow, seen));
	return whole;
}

async function wholeRow(row: ExactRow, follow: Follow, seen: Set<string>): Promise<ExactRow> {
	let whole = row;
	for (const [name, value] of Object.entries(row)) {
		if (!isRecord(value)) continue;
		const member = await wholeMember(value, follow, seen);
		if (member !== value) whole = { ...whole, [name]: member };
	}
	return whole;
}

/** A collection, or a single entity that was expanded and may hold collections. */
async function wholeMember(value: ExactRow, follow: Follow, seen: Set<string>): Promise<ExactRow> {
	if (!Array.isArray(value.results)) return await wholeRow(value, follow, seen);
	const first = value.results.filter(isRecord);
	const { __next: link, ...collection } = value;
	if (typeof link !== 'string' || link === '') {
		const results = await withWholeCollections(first, follow, seen);
		return results.every((one, index) => one === first[index]) ? value : { ...value, results };
	}
	// Of this collection and those around it: the same entity may be expanded in several rows.
	const followed = new Set(seen);
	const walk = new LinkWalk(followed);
	const results = [...first];
	let next = walk.after({ rows: first, next: link });
	while (next !== undefined) {
		const page = await follow(next);
		results.push(...page.rows);
		next = walk.after(page);
	}
	return { ...collection, results: await withWholeCollections(results, follow, followed) };
}
