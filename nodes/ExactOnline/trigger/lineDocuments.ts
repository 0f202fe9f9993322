import type { MayFollow, SyncSource, SyncStream } from '../resources/changes/syncReading';
import type { ExactRow } from '../wire/exactTypes';
import type { Cut } from './cutSource';
import { overtakenDocuments, type OvertakenRules } from './overtakenDocuments';

/** Documents by their key, of which lines alone have changed; undefined for one that is gone by now. */
export type LineDocuments = Map<string, ExactRow | undefined>;

/** Documents that are fetched between two looks whether there is time for more: fewer than one request takes. */
const MOST_AT_ONCE = 30;

/** The same within what is to stay together; at most ten requests. */
const MOST_TOGETHER = 300;

export interface LineRules extends OvertakenRules {
	/** Whether a row was told before, and is read again. */
	isTold(row: ExactRow, path: string): boolean;
	/** Gives those that are there. */
	fetch(ids: readonly string[]): Promise<ReadonlyMap<string, ExactRow>>;
}

/**
 * A source that gives no line before the document is there that it belongs to: a backlog of lines needs a request for each few
 * documents, and what a poll has no time to fetch it must not have read. Lines may stand among their documents, or apart; those
 * apart end where they have overtaken their document.
 * @param documents takes what was fetched
 * @param cut is told of lines that were left out because of their documents
 */
export function withDocuments(
	source: SyncSource,
	rules: LineRules,
	documents: LineDocuments,
	cut: Cut,
): SyncSource {
	const { records, isTold, fetch } = rules;
	const changed = new Set<string>();
	const overtaken = overtakenDocuments(source, rules);
	const isToBeFetched = (id: string) => !changed.has(id) && !documents.has(id);
	async function* changes(stream: SyncStream, after: string, mayFollow?: MayFollow) {
		const isApart = stream.path !== records.path;
		for await (const page of source.changes(stream, after, mayFollow)) {
			const rows = page.map((row) => keyed(row, stream, isTold(row, stream.path)));
			if (!isApart) overtaken.note(page, after);
			for (const { id, isLine } of rows) if (id !== undefined && !isLine) changed.add(id);
			for (const [index, part] of partsOf(rows, isToBeFetched).entries()) {
				if (index > 0 && mayFollow?.() === false) return;
				const ids = [...new Set(part.flatMap(({ id }) => id ?? []))].filter(isToBeFetched);
				const found = await fetchInto(documents, fetch, ids);
				const late = isApart ? await overtaken.among(found) : new Set();
				const end = part.findIndex(({ id }) => id !== undefined && late.has(id));
				yield (end < 0 ? part : part.slice(0, end)).map(({ row }) => row);
				if (end < 0) continue;
				cut.isCut = true;
				return;
			}
		}
	}
	return { changes, deletions: (...asked) => source.deletions(...asked) };
}

/** Fetches documents, which are known from then on. @returns those that are there */
export async function fetchInto(
	documents: LineDocuments,
	fetch: LineRules['fetch'],
	ids: readonly string[],
): Promise<ReadonlyMap<string, ExactRow>> {
	if (ids.length === 0) return new Map();
	const found = await fetch(ids);
	for (const id of ids) documents.set(id, found.get(id));
	return found;
}

interface KeyedRow {
	row: ExactRow;
	/** Of its document; undefined for what was told, and for one without a key, which is an error of the reading itself. */
	id: string | undefined;
	isLine: boolean;
}

function keyed(row: ExactRow, stream: SyncStream, isTold: boolean): KeyedRow {
	const id = isTold ? undefined : String(row[stream.key] ?? '') || undefined;
	return { row, id, isLine: stream.isLine(row) };
}

/**
 * A page in parts, each of which needs so many documents at most; an empty one is one part. What a page holds of a document that
 * stands in it itself stays together: by its lines alone a new one would count as changed.
 */
function partsOf(rows: readonly KeyedRow[], isToBeFetched: (id: string) => boolean): KeyedRow[][] {
	const ends = endsOf(rows);
	let part: KeyedRow[] = [];
	const parts = [part];
	let needed = new Set<string>();
	let togetherTo = -1;
	for (const [index, row] of rows.entries()) {
		const { id } = row;
		if (id !== undefined && isToBeFetched(id) && !needed.has(id)) {
			const isWithin = index <= togetherTo && needed.size < MOST_TOGETHER;
			if (needed.size >= MOST_AT_ONCE && !isWithin) {
				parts.push((part = []));
				needed = new Set();
			}
			needed.add(id);
		}
		togetherTo = Math.max(togetherTo, (id === undefined ? undefined : ends.get(id)) ?? -1);
		part.push(row);
	}
	return parts;
}

/** Where the last row stands of each document that stands among the rows itself. */
function endsOf(rows: readonly KeyedRow[]): Map<string, number> {
	const whole = new Set(rows.flatMap(({ id, isLine }) => (isLine ? [] : (id ?? []))));
	const ends = new Map<string, number>();
	for (const [index, { id }] of rows.entries())
		if (id !== undefined && whole.has(id)) ends.set(id, index);
	return ends;
}
