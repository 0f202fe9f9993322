import { changedAt } from '../resources/changes/overlap';
import type { SyncSource, SyncStream } from '../resources/changes/syncReading';
import { laterOf, timestampOf } from '../resources/changes/timestamps';
import type { ExactRow } from '../wire/exactTypes';
import { newestOf } from './changeEvents';

export interface OvertakenRules {
	/** Where the documents stand. */
	records: SyncStream;
	/**
	 * Whether a document may have been made after what was read.
	 * @param newest the latest change among the documents of this reading, ISO without a zone; empty where there are none
	 */
	isYoung(document: ExactRow, newest: string): boolean;
}

/** Documents of a reading, of which lines are read after them. */
export interface OvertakenDocuments {
	/** Takes a page of documents, and the version after which their list was asked for. */
	note(page: readonly ExactRow[], after: string): void;
	/** The keys of those which stand behind the documents that were read: the next reading meets them. */
	among(documents: ReadonlyMap<string, ExactRow>): Promise<ReadonlySet<string>>;
}

/**
 * Tells which documents were made, or changed, after their list was read and before that of their lines: by its lines alone a new
 * one would count as changed, and come again as created. The list itself is asked whether it has them, as times of two lists may
 * be of two clocks; only where some are young, and once for those that are not younger.
 */
export function overtakenDocuments(
	source: SyncSource,
	{ records, isYoung }: OvertakenRules,
): OvertakenDocuments {
	let newest = '';
	let last = '0';
	let asked = -Infinity;
	const comeNext = async () => {
		const ids = new Set<string>();
		for await (const page of source.changes(records, last, () => false))
			for (const row of page) ids.add(String(row[records.key] ?? ''));
		return ids;
	};
	return {
		note(page, after) {
			newest = newestOf(page, newest);
			for (const row of page) last = laterOf(last, timestampOf(row, records.path));
			last = laterOf(last, after);
		},
		async among(documents) {
			const young = [...documents].filter(
				([, row]) => isYoung(row, newest) && changedAt(row.Created) > asked,
			);
			if (young.length === 0) return new Set();
			asked = Math.max(...young.map(([, { Created }]) => changedAt(Created)));
			const next = await comeNext();
			return new Set(young.map(([id]) => id).filter((id) => next.has(id)));
		},
	};
}
