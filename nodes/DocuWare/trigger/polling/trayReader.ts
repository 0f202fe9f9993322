import { ConnectorError } from '../../../shared/errors';
import { cabinetLink } from '../../api/documentLinks';
import { shownPath } from '../../platform/serverAddress';
import { positionPages } from '../../resources/document/positionPages';
import { MOST_RESULTS, resultPage, type PageWish } from '../../resources/document/searchRequest';
import type { OperationCall } from '../../resources/operation';
import { foundDocument, type Found } from './documentMarks';
import { momentOf, type Beginning, type EventReader, type ReadSince } from './eventReader';
import {
	beginningAt,
	beginningBehind,
	compareMarks,
	OVERLAP_MS,
	secondOf,
	toldIn,
	type PollCursor,
} from './pollCursor';
import { TIMES, type PollEvent } from './pollEvents';

/**
 * Reads a document tray through its list, the newest first: trays mostly have no search (docs/facts/docuware.md 6.1). No time is
 * sent, so zones do not matter.
 */
export class TrayReader implements EventReader {
	now: number | undefined;

	/** @param fields index fields that come with the documents; undefined for all */
	constructor(
		private readonly call: Pick<OperationCall, 'client' | 'facts' | 'signal'>,
		private readonly trayId: string,
		private readonly event: PollEvent,
		private readonly fields: readonly string[] | undefined,
	) {}

	async read(cursor: PollCursor): Promise<ReadSince> {
		const isTold = toldIn(cursor);
		const all = await this.since(cursor.place?.second);
		const found = all
			.filter(({ mark }) => !isTold(mark))
			.sort((one, other) => compareMarks(one.mark, other.mark));
		return { reading: { found, upTo: undefined, showsTold: true }, cursor };
	}

	async begin(beginning: Beginning, digestOf: string): Promise<PollCursor> {
		const rest = { digestOf, shift: 0 };
		const [newest] = beginning.from === 'now' ? await this.sample(1) : [];
		const moment = momentOf(beginning, this.now);
		if (moment !== undefined) return beginningAt(moment, rest);
		const all = newest ? await this.since(secondOf(newest.mark.at - OVERLAP_MS)) : [];
		return beginningBehind(
			{ marks: all.map(({ mark }) => mark), cutAt: undefined },
			rest,
			this.now,
		);
	}

	async sample(count: number): Promise<Found[]> {
		const found: Found[] = [];
		for await (const page of this.pages(count)) found.push(...page);
		return found.slice(0, count);
	}

	/** Documents of a second or later; more where the list does not keep to the order. */
	private async since(second: number | undefined): Promise<Found[]> {
		const all: Found[] = [];
		let isInOrder = true;
		for await (const page of this.pages(MOST_RESULTS)) {
			isInOrder &&= isNewestFirst([...all.slice(-1), ...page]);
			all.push(...page);
			const last = all.at(-1);
			if (isInOrder && last && second !== undefined && secondOf(last.mark.at) < second) return all;
		}
		if (all.length >= MOST_RESULTS) throw tooManyInTray();
		return all;
	}

	private async *pages(limit: number): AsyncGenerator<Found[], void, undefined> {
		const { client, facts, signal } = this.call;
		const { resource } = await facts.cabinet(this.trayId);
		const path = cabinetLink(client, this.trayId, resource, 'documents');
		const asked = { method: 'GET', path: shownPath(client.session, path) };
		const fetch = async ({ start, count }: PageWish) => {
			const query: Array<[string, string]> = [
				['Start', String(start)],
				['Count', String(count)],
				['SortOrder', `${TIMES[this.event].field} Desc`],
			];
			if (this.fields) query.push(['Fields', this.fields.join(',')]);
			const page = resultPage(await client.read({ path, query, signal }), asked);
			this.now = page.at ?? this.now;
			return page;
		};
		const bound = { places: MOST_RESULTS, beyond: tooManyInTray };
		for await (const page of positionPages({ fetch, limit, bound })) {
			yield page.map((row) => foundDocument(row, this.event));
		}
	}
}

function isNewestFirst(found: readonly Found[]): boolean {
	return found.every(({ mark }, index) => {
		const before = found[index - 1];
		return before === undefined || mark.at - before.mark.at < 1_000;
	});
}

function tooManyInTray(): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_TOO_MANY_RESULTS',
		`More than ${MOST_RESULTS.toLocaleString('en')} documents of the document tray are new since the last poll, and DocuWare gives no more of its list.`,
		{
			repair:
				'Store or delete some of them in DocuWare; the next poll goes on where the last one ended. Or unpublish the workflow, and let it start from now.',
		},
	);
}
