import { BehindLink } from '../../../../../nodes/DocuWare/resources/document/positionPages';
import type { Found } from '../../../../../nodes/DocuWare/trigger/polling/documentMarks';
import {
	secondOf,
	STORED_ONCE,
	type PollCursor,
} from '../../../../../nodes/DocuWare/trigger/polling/pollCursor';
import {
	readEvents,
	type EventSource,
} from '../../../../../nodes/DocuWare/trigger/polling/readEvents';

/** Documents that were stored at these seconds, numbered in that order. */
const documents = (...seconds: number[]): Found[] =>
	seconds.map((second, index) => {
		const mark = { id: index + 1, at: second * 1_000, digest: STORED_ONCE };
		return { document: {}, mark, storedMark: mark, version: mark, isChanged: false };
	});

/** A service that leads on by links alone, and what was asked of it; its searches begin so many seconds early. */
function linking(all: readonly Found[], rows: number, early = 0) {
	const asked: string[] = [];
	const source: EventSource = {
		async *since(second = -Infinity) {
			asked.push(`since ${second}`);
			const rest = all.filter(({ mark }) => secondOf(mark.at) >= second - early * 1_000);
			yield rest.slice(0, rows);
			if (rest.length > rows) throw new BehindLink();
			await Promise.resolve();
		},
		async *within(second, fromId) {
			asked.push(`within ${second}`);
			yield all.filter(({ mark }) => secondOf(mark.at) === second && mark.id >= fromId);
			await Promise.resolve();
		},
	};
	return { source, asked };
}

const from = (second: number | undefined): PollCursor => ({
	place: second === undefined ? null : { second: second * 1_000, id: null },
	...{ told: [], digestOf: 'all', shift: 0 },
});

const limits = { wanted: 1_000, isOver: () => false };

const idsOf = (found: readonly Found[]) => found.map(({ mark }) => mark.id);

describe('where only links that are not followed lead on', () => {
	it('the list is asked for anew from the last second of each page', async () => {
		const { source, asked } = linking(documents(1, 1, 2, 2, 3, 4, 4), 3);
		const { found, upTo } = await readEvents(source, from(0), limits);
		expect(idsOf(found)).toEqual([1, 2, 3, 4, 5, 6, 7]);
		expect(upTo).toBeUndefined();
		expect(asked).toEqual(['since 1000', 'since 2000', 'since 3000']);
	});

	it.each([0, undefined])('a second that fills a page is read by ids (from %s)', async (second) => {
		const { source, asked } = linking(documents(1, 2, 2, 2, 2, 3), 3);
		const { found, upTo } = await readEvents(source, from(second), limits);
		expect(idsOf(found)).toEqual([1, 2, 3, 4, 5, 6]);
		expect(upTo).toBeUndefined();
		expect(asked.slice(1)).toEqual(['since 2000', 'within 2000', 'since 3000']);
	});

	it('a poll that has enough ends at a second that is told whole', async () => {
		const { source } = linking(documents(1, 1, 2, 2, 3), 3);
		const { found, upTo } = await readEvents(source, from(0), { ...limits, wanted: 2 });
		expect(idsOf(found)).toEqual([1, 2]);
		expect(upTo).toEqual({ second: 1_000, id: null });
	});

	it.each([900, 3_600, 50_400])('searches that begin %s s early get on', async (early) => {
		const seconds = [...Array(40).keys()].flatMap((step) => [step * 500, step * 500 + 1]);
		const { source, asked } = linking(documents(...seconds), 7, early);
		const limited = { ...limits, isOver: () => asked.length > 200 };
		const { found, upTo } = await readEvents(source, from(15_000), limited);
		expect(found.map(({ mark }) => mark.at / 1_000)).toEqual(
			seconds.filter((second) => second > 15_000),
		);
		expect(upTo).toBeUndefined();
	});
});
