import type { MayFollow, SyncSource, SyncStream } from '../resources/changes/syncReading';
import type { ExactRow } from '../wire/exactTypes';

/** Documents by their key, of which lines alone have changed; undefined for one that is gone by now. */
export type LineDocuments = Map<string, ExactRow | undefined>;

/** Documents that are fetched between two looks whether there is time for more: as many as one request takes. */
const MOST_AT_ONCE = 30;

export interface LineRules {
	/** Where lines stand apart from their documents; undefined where they do not. */
	path: string | undefined;
	/** Whether a row was told before, and is read again. */
	isTold(row: ExactRow, path: string): boolean;
	/** Gives those that are there. */
	fetch(ids: readonly string[]): Promise<ReadonlyMap<string, ExactRow>>;
}

/**
 * A source that gives no line before the document is there that it belongs to: a backlog of lines needs a request for each few
 * documents, and what a poll has no time to fetch it must not have read.
 * @param documents takes what was fetched
 */
export function withDocuments(
	source: SyncSource,
	{ path, isTold, fetch }: LineRules,
	documents: LineDocuments,
): SyncSource {
	const changed = new Set<string>();
	const isToBeFetched = (id: string) => !changed.has(id) && !documents.has(id);
	async function* lines(stream: SyncStream, after: string, mayFollow?: MayFollow) {
		for await (const page of source.changes(stream, after, mayFollow)) {
			// One without a key is an error of the reading itself.
			const idOf = (row: ExactRow) =>
				isTold(row, stream.path) ? undefined : String(row[stream.key] ?? '') || undefined;
			for (const [index, rows] of partsOf(page, idOf, isToBeFetched).entries()) {
				if (index > 0 && mayFollow?.() === false) return;
				const ids = [...new Set(rows.flatMap((row) => idOf(row) ?? []))].filter(isToBeFetched);
				const found = ids.length > 0 ? await fetch(ids) : new Map<string, ExactRow>();
				for (const id of ids) documents.set(id, found.get(id));
				yield rows;
			}
		}
	}
	async function* records(stream: SyncStream, after: string, mayFollow?: MayFollow) {
		for await (const page of source.changes(stream, after, mayFollow)) {
			const fresh = page.filter((row) => !isTold(row, stream.path));
			for (const row of fresh) changed.add(String(row[stream.key] ?? ''));
			yield page;
		}
	}
	return {
		changes: (stream, ...asked) => (stream.path === path ? lines : records)(stream, ...asked),
		deletions: (...asked) => source.deletions(...asked),
	};
}

/** A page in parts, each of which needs so many documents at most; an empty one is one part. */
function partsOf(
	page: ExactRow[],
	idOf: (row: ExactRow) => string | undefined,
	isToBeFetched: (id: string) => boolean,
): ExactRow[][] {
	let part: ExactRow[] = [];
	const parts = [part];
	let needed = new Set<string>();
	for (const row of page) {
		const id = idOf(row);
		if (id !== undefined && isToBeFetched(id) && !needed.has(id)) {
			if (needed.size === MOST_AT_ONCE) {
				parts.push((part = []));
				needed = new Set();
			}
			needed.add(id);
		}
		part.push(row);
	}
	return parts;
}
