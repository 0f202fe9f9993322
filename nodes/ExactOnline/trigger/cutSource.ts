import { ConnectorError, isConnectorError, passOn } from '../../shared/errors';
import type { ModifiedSource } from '../resources/changes/modifiedReading';
import { DELETED, OUT_OF_ORDER, type SyncSource } from '../resources/changes/syncReading';
import type { ExactRow } from '../wire/exactTypes';
import { isWaiting } from './impatience';

/** What ends the reading of pages before their end. */
export interface CutRules {
	hasTime(): boolean;
	/** Rows of one list; Infinity for all. */
	most: number;
}

/** Whether something was left out. */
export interface Cut {
	isCut: boolean;
	/** A page was read: the first one is, however little time is left, so that a poll which gets nowhere ends in an error. */
	hasRead?: boolean;
	/** The list that comes first this time: those before it are left out, so that each has its turn where a page takes all the time. */
	due?: string;
	/** Lists in their order, and whether a page of each was read. */
	lists?: Map<string, boolean>;
}

/** The list that is to come first next time; undefined where that is the first one of all. */
export function dueNext({ lists = new Map() }: Cut): string | undefined {
	const all = [...lists];
	const last = all.findLastIndex(([, isRead]) => isRead);
	return all.slice(last + 1).find(([, isRead]) => !isRead)?.[0];
}

/** A source that ends where time, a limit or the service does; its rows have to come in their order. */
export function cutSync(source: SyncSource, rules: CutRules, cut: Cut): SyncSource {
	return {
		changes: (stream, after) => inItsTurn(stream.path, source.changes(stream, after), rules, cut),
		deletions: (after) => inItsTurn(DELETED, source.deletions(after), rules, cut),
	};
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

/** A list may be asked for twice where its rows are out of order. */
async function* inItsTurn(
	name: string,
	pages: AsyncIterable<ExactRow[]>,
	rules: CutRules,
	cut: Cut,
): AsyncGenerator<ExactRow[]> {
	const lists = (cut.lists ??= new Map<string, boolean>());
	if (!lists.has(name)) lists.set(name, false);
	if (cut.due !== undefined && cut.due !== name && cut.hasRead !== true) {
		cut.isCut = true;
		return;
	}
	for await (const page of cutPages(pages, rules, cut)) {
		lists.set(name, true);
		yield page;
	}
}

async function* cutPages(
	pages: AsyncIterable<ExactRow[]>,
	{ hasTime, most }: CutRules,
	cut: Cut,
): AsyncGenerator<ExactRow[]> {
	const reader = pages[Symbol.asyncIterator]();
	let rows = 0;
	for (;;) {
		const isOver = !hasTime() || rows >= most;
		if (isOver && cut.hasRead === true) {
			cut.isCut = true;
			await reader.return?.();
			return;
		}
		const page = await reader.next().catch((error: unknown) => {
			if (rows === 0 || !isConnectorError(error) || !mayEnd(error)) passOn(error);
			return undefined;
		});
		if (page === undefined) {
			cut.isCut = true;
			return;
		}
		if (page.done === true) return;
		cut.hasRead = true;
		rows += page.value.length;
		yield page.value;
	}
}

/** Whether what was read before an error stays right; the next poll meets it first, and then says so. */
function mayEnd(error: ConnectorError): boolean {
	return isWaiting(error) || error.retryable;
}
