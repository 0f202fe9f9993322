import { isConnectorError, passOn } from '../../shared/errors';
import type { ModifiedSource } from '../resources/changes/modifiedReading';
import type { SyncSource } from '../resources/changes/syncReading';
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
}

/** A source that ends where time or a limit does; its rows have to come in their order. */
export function cutSync(source: SyncSource, rules: CutRules, cut: Cut): SyncSource {
	return {
		changes: (stream, after) => cutPages(source.changes(stream, after), rules, cut),
		deletions: (after) => cutPages(source.deletions(after), rules, cut),
	};
}

/** The same for an endpoint without a twin. */
export function cutModified(source: ModifiedSource, rules: CutRules, cut: Cut): ModifiedSource {
	return { rows: (since) => cutPages(source.rows(since), rules, cut) };
}

async function* cutPages(
	pages: AsyncIterable<ExactRow[]>,
	{ hasTime, most }: CutRules,
	cut: Cut,
): AsyncGenerator<ExactRow[]> {
	const reader = pages[Symbol.asyncIterator]();
	let rows = 0;
	for (;;) {
		if (!hasTime() || rows >= most) {
			cut.isCut = true;
			await reader.return?.();
			return;
		}
		const page = await reader.next().catch((error: unknown) => {
			if (rows === 0 || !isConnectorError(error) || !isWaiting(error)) passOn(error);
			return undefined;
		});
		if (page === undefined) {
			cut.isCut = true;
			return;
		}
		if (page.done === true) return;
		rows += page.value.length;
		yield page.value;
	}
}
