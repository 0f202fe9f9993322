import { ConnectorError, isConnectorError, passOn } from '../../shared/errors';
import type { ModifiedSource } from '../resources/changes/modifiedReading';
import { OUT_OF_ORDER } from '../resources/changes/streamRows';
import { DELETED, type MayFollow, type SyncSource } from '../resources/changes/syncReading';
import type { ExactRow } from '../wire/exactTypes';
import { isWaiting } from './impatience';

/** What ends the reading of pages before their end. */
export interface CutRules {
	/** @param pieces how many pages are still to be read in any case; one if missing */
	hasTime(pieces?: number): boolean;
	/** Rows of one list; Infinity for all. */
	most: number;
}

/** Tells the rows of a list, in their order, that may be read again: they bring a poll no further. */
export type Reread = (path: string) => (row: ExactRow) => boolean;

/** Whether something was left out. */
export interface Cut {
	isCut: boolean;
}

export interface SyncRules extends CutRules {
	/** How many lists are read after one. */
	listsAfter(path: string): number;
}

/** Whether a list has brought what was not told before. */
interface Progress {
	hasNew: boolean;
}

/**
 * A source that ends where time, a limit or the service does; its rows have to come in their order. Lines are left out where the
 * changes before them were cut: by its lines alone a record that is still to be read would count as changed. What has cut a long list
 * of deletions short mostly meets the changes too: they are left to the next poll then, or each would lose what it has read.
 */
export function cutSync(
	source: SyncSource,
	{ listsAfter, ...rules }: SyncRules,
	cut: Cut,
	reread: Reread,
): SyncSource {
	const changes: Cut = { isCut: false };
	let deleted: Progress = { hasNew: false };
	return {
		async *changes(stream, after) {
			if (changes.isCut) return;
			const open = (mayFollow: MayFollow) => source.changes(stream, after, mayFollow);
			const pageRules = {
				...rules,
				mayBeEmpty: cut.isCut && deleted.hasNew,
				lists: listsAfter(stream.path),
			};
			yield* cutLinked(open, pageRules, changes, reread(stream.path));
			if (changes.isCut) cut.isCut = true;
		},
		deletions: (after) => {
			const open = (mayFollow: MayFollow) => source.deletions(after, mayFollow);
			deleted = { hasNew: false };
			const pageRules = { ...rules, lists: listsAfter(DELETED) };
			return cutLinked(open, pageRules, cut, reread(DELETED), deleted);
		},
	};
}

interface PageRules extends CutRules {
	/** Not even the first page need be read where it meets a limit or a passing fault. */
	mayBeEmpty?: boolean;
}

interface ListRules extends PageRules {
	/** How many lists come after this one, of each of which a page is read in any case. */
	lists: number;
}

/** Pages of which the source alone knows whether one is the last. */
async function* cutLinked(
	open: (mayFollow: MayFollow) => AsyncIterable<ExactRow[]>,
	{ hasTime, lists, ...rules }: ListRules,
	cut: Cut,
	isReread: (row: ExactRow) => boolean,
	progress: Progress = { hasNew: false },
): AsyncGenerator<ExactRow[]> {
	const mayFollow = () => {
		const isOver = !hasTime(1 + lists) && progress.hasNew;
		if (isOver) cut.isCut = true;
		return !isOver;
	};
	for await (const page of cutPages(open(mayFollow), { hasTime: () => true, ...rules }, cut)) {
		progress.hasNew ||= !page.every(isReread);
		yield page;
	}
}

/** The same for an endpoint without a twin. */
export function cutModified(source: ModifiedSource, rules: CutRules, cut: Cut): ModifiedSource {
	const { names } = source;
	const rows: ModifiedSource['rows'] = (since) => cutPages(source.rows(since), rules, cut);
	return { rows, ...(names && { names }) };
}

/**
 * A source whose rows do not come in their order, so that a part of them would leave others out for ever: all of them, or
 * the error that they are too many.
 */
export function wholeSync(source: SyncSource, rules: CutRules): SyncSource {
	return {
		changes: (stream, after) => wholePages(source.changes(stream, after), stream.path, rules),
		deletions: (after) => wholePages(source.deletions(after), DELETED, rules),
	};
}

async function* wholePages(
	pages: AsyncIterable<ExactRow[]>,
	path: string,
	{ hasTime, most }: CutRules,
): AsyncGenerator<ExactRow[]> {
	let rows = 0;
	for await (const page of pages) {
		if (rows > 0 && (rows >= most || !hasTime())) throw tooManyOutOfOrder(path, rows);
		rows += page.length;
		yield page;
	}
}

function tooManyOutOfOrder(path: string, rows: number): ConnectorError {
	return new ConnectorError(
		OUT_OF_ORDER,
		`The rows do not come in the order of their Timestamp, so that they have to be read all at once, and a poll ended after ${rows} of them: ${path}.`,
		{
			repair:
				'Another date in Start, or Now, begins behind them. Or read them by Change: Get Changes, without Most Rows per Run.',
		},
	);
}

/** The first page is read however little time is left, so that a poll which gets nowhere ends in an error. */
async function* cutPages(
	pages: AsyncIterable<ExactRow[]>,
	{ hasTime, most, mayBeEmpty = false }: PageRules,
	cut: Cut,
): AsyncGenerator<ExactRow[]> {
	const reader = pages[Symbol.asyncIterator]();
	let rows = 0;
	let hasRead = false;
	for (;;) {
		const isOver = !hasTime() || rows >= most;
		if (isOver && hasRead) {
			cut.isCut = true;
			await reader.return?.();
			return;
		}
		const page = await reader.next().catch((error: unknown) => {
			const isLoud = rows === 0 && !mayBeEmpty;
			if (isLoud || !isConnectorError(error) || !mayEnd(error)) passOn(error);
			return undefined;
		});
		if (page === undefined) {
			cut.isCut = true;
			return;
		}
		if (page.done === true) return;
		hasRead = true;
		rows += page.value.length;
		yield page.value;
	}
}

/** Whether what was read before an error stays right; the next poll meets it first, and then says so. */
function mayEnd(error: ConnectorError): boolean {
	return isWaiting(error) || error.retryable;
}
