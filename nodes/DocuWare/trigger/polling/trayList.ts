import { cabinetLink } from '../../api/documentLinks';
import { shownPath } from '../../platform/serverAddress';
import {
	MOST_RESULTS,
	PAGE_ROWS,
	resultPage,
	type PageWish,
	type ResultPage,
} from '../../resources/document/searchRequest';
import type { OperationCall } from '../../resources/operation';
import { foundDocument, isInOrder, type Direction, type Found } from './documentMarks';
import { secondOf } from './pollCursor';
import { TIMES, type PollEvent } from './pollEvents';

/** A piece of a list. */
export interface PlacedDocuments {
	found: Found[];
	/** No further ones are to be had. */
	isLast: boolean;
}

/** A list of documents of which any piece can be asked for. */
export interface DocumentList {
	/** The latest time of an answer, as the service wrote it (ms). */
	readonly now: number | undefined;
	/** @param count as few as there are come, or as the service gives at once */
	page(direction: Direction, start: number, count: number): Promise<PlacedDocuments>;
}

/** The documents of a tray by the time of an event: trays mostly have no search (docs/facts/docuware.md 6.1). */
export class TrayList implements DocumentList {
	now: number | undefined;

	/** @param fields index fields that come with the documents; undefined for all */
	constructor(
		private readonly call: Pick<OperationCall, 'client' | 'facts' | 'signal'>,
		private readonly trayId: string,
		private readonly event: PollEvent,
		private readonly fields: readonly string[] | undefined,
	) {}

	async page(direction: Direction, start: number, count: number): Promise<PlacedDocuments> {
		const { rows, isLast } = await this.rows(direction, { start, count });
		return { found: rows.map((row) => this.found(row)), isLast };
	}

	/** A document of an answer. */
	found(row: ResultPage['rows'][number]): Found {
		return foundDocument(row, this.event);
	}

	/** The same as it was answered. */
	async rows(direction: Direction, { start, count }: PageWish): Promise<ResultPage> {
		const { client, facts, signal } = this.call;
		const { resource } = await facts.cabinet(this.trayId);
		const path = cabinetLink(client, this.trayId, resource, 'documents');
		const query: Array<[string, string]> = [
			['Start', String(start)],
			['Count', String(Math.min(count, PAGE_ROWS, MOST_RESULTS - start))],
			['SortOrder', `${TIMES[this.event].field} ${direction}`],
		];
		if (this.fields) query.push(['Fields', this.fields.join(',')]);
		const asked = { method: 'GET', path: shownPath(client.session, path) };
		const page = resultPage(await client.read({ path, query, signal }), asked);
		this.now = page.at ?? this.now;
		return page;
	}
}

/** Whether documents show that they come in an order: they do, and not all are of one second. */
export function showsOrder(found: readonly Found[], direction: Direction): boolean {
	const [first, last] = [found[0], found.at(-1)];
	const isSpread = first && last && secondOf(first.mark.at) !== secondOf(last.mark.at);
	return isSpread === true && isInOrder(found, direction);
}
