import {
	cutModified,
	cutSync,
	wholeSync,
	type CutRules,
} from '../../../../nodes/ExactOnline/trigger/cutSource';
import { pauseForLimit } from '../../../../nodes/ExactOnline/api/limits/clock';
import { impatientClock, isWaiting } from '../../../../nodes/ExactOnline/trigger/impatience';
import {
	modifiedSince,
	readModified,
} from '../../../../nodes/ExactOnline/resources/changes/modifiedReading';
import type {
	MayFollow,
	SyncSource,
} from '../../../../nodes/ExactOnline/resources/changes/syncReading';
import { ConnectorError, isConnectorError } from '../../../../nodes/shared/errors';

const NOW = Date.UTC(2026, 10, 26, 12);

/** Pages of one row each; the error comes in the place of a page. */
async function* pages(
	count: number,
	error?: { before: number; code: string; retryable?: boolean },
) {
	for (let number = 0; number < count; number += 1) {
		if (error?.before === number) {
			const { code, retryable = false } = error;
			throw new ConnectorError(code, 'It is used up.', { repair: 'Wait.', retryable });
		}
		yield await Promise.resolve([{ ID: `${number}` }]);
	}
}

/** The same where each page but the last one has a link to the next. */
async function* linked(count: number, mayFollow: MayFollow = () => true) {
	let number = 0;
	for await (const page of pages(count)) {
		if (number > 0 && !mayFollow()) return;
		yield page;
		number += 1;
	}
}

async function read(rules: Partial<CutRules>, source: AsyncIterable<Array<{ ID: string }>>) {
	const cut = { isCut: false };
	const all = { hasTime: () => true, most: Infinity, ...rules };
	const ids: unknown[] = [];
	for await (const rows of cutModified({ rows: () => source }, all, cut).rows(undefined)) {
		ids.push(...rows.map(({ ID }) => ID));
	}
	return { ids, isCut: cut.isCut };
}

it('a source that is read to its end is not cut', async () => {
	expect(await read({}, pages(2))).toEqual({ ids: ['0', '1'], isCut: false });
});

it('ends where there is no time or no room for more', async () => {
	let left = 2;
	expect(await read({ hasTime: () => (left -= 1) >= 0 }, pages(9))).toEqual({
		...{ ids: ['0', '1'], isCut: true },
	});
	expect(await read({ most: 3 }, pages(9))).toEqual({ ids: ['0', '1', '2'], isCut: true });
});

it('reads one page however little time is left, so that a poll which gets nowhere says so', async () => {
	expect(await read({ hasTime: () => false }, pages(9))).toEqual({ ids: ['0'], isCut: true });
});

it('ends where a limit would have to be waited for, unless nothing was read yet', async () => {
	const limit = (before: number) => pages(9, { before, code: 'EXACT_RATE_LIMIT_MINUTE' });
	expect(await read({}, limit(1))).toEqual({ ids: ['0'], isCut: true });
	await expect(read({}, limit(0))).rejects.toThrow('used up');
	await expect(read({}, pages(9, { before: 1, code: 'EXACT_FORBIDDEN' }))).rejects.toThrow();
});

it('ends where the service fails for a while, unless nothing was read yet', async () => {
	const fault = (before: number) =>
		pages(9, { before, code: 'EXACT_SERVER_ERROR', retryable: true });
	expect(await read({}, fault(2))).toEqual({ ids: ['0', '1'], isCut: true });
	await expect(read({}, fault(0))).rejects.toMatchObject({ code: 'EXACT_SERVER_ERROR' });
});

const noneAgain = () => () => false;

const listsAfter = () => 1;

it('both streams of a sync source are cut', async () => {
	const cut = { isCut: false };
	const source = cutSync(
		{ changes: () => pages(9), deletions: () => pages(9) },
		{ hasTime: () => true, listsAfter, most: 1 },
		cut,
		noneAgain,
	);
	const seen: unknown[] = [];
	for await (const rows of source.deletions('0')) seen.push(...rows);
	const stream = { path: 'sync/CRM/Accounts', key: 'ID', isLine: () => false };
	for await (const rows of source.changes(stream, '0')) seen.push(...rows);
	expect(seen).toHaveLength(2);
	expect(cut.isCut).toBe(true);
});

it('where there is no time a page of each list is read, but none of lines of which changes were left out', async () => {
	const isLine = () => false;
	const [records, lines] = ['records', 'lines'].map((path) => ({ path, key: 'ID', isLine }));
	const read = async (counts: Record<string, number>) => {
		const cut = { isCut: false };
		const all: SyncSource = {
			changes: ({ path }, _after, mayFollow) => linked(counts[path] ?? 0, mayFollow),
			deletions: (_after, mayFollow) => linked(counts.deletions ?? 0, mayFollow),
		};
		const source = cutSync(
			all,
			{ hasTime: () => false, listsAfter, most: Infinity },
			cut,
			noneAgain,
		);
		const lists = [
			source.deletions('0'),
			source.changes(records!, '0'),
			source.changes(lines!, '0'),
		];
		const sizes: number[] = [];
		for (const list of lists) {
			let size = 0;
			for await (const rows of list) size += rows.length;
			sizes.push(size);
		}
		return { sizes, isCut: cut.isCut };
	};
	expect(await read({ deletions: 9, records: 0, lines: 9 })).toEqual({
		...{ sizes: [1, 0, 1], isCut: true },
	});
	expect(await read({ deletions: 9, records: 9, lines: 9 })).toEqual({
		...{ sizes: [1, 1, 0], isCut: true },
	});
	// The only page of a list has no time left after it, and yet nothing is left out.
	expect(await read({ deletions: 1, records: 1, lines: 1 })).toEqual({
		...{ sizes: [1, 1, 1], isCut: false },
	});
});

// Red before: that was an error, so that the poll lost all the deletions that it had read, and so did each one after it.
it.each(['EXACT_RATE_LIMIT_MINUTE', 'EXACT_SERVER_ERROR'])(
	'where deletions were cut short by %s, changes that meet it too are left out without an error',
	async (code) => {
		const refused = (before: number) => pages(9, { before, code, retryable: true });
		const read = async (isReread: boolean, before: number) => {
			const cut = { isCut: false };
			const source = cutSync(
				{ changes: () => refused(0), deletions: () => refused(before) },
				{ hasTime: () => true, listsAfter, most: Infinity },
				cut,
				() => () => isReread,
			);
			const seen: unknown[] = [];
			for await (const rows of source.deletions('0')) seen.push(...rows);
			for (const path of ['records', 'lines']) {
				const stream = { path, key: 'ID', isLine: () => false };
				for await (const rows of source.changes(stream, '0')) seen.push(...rows);
			}
			return { seen: seen.length, isCut: cut.isCut };
		};
		expect(await read(false, 3)).toEqual({ seen: 3, isCut: true });
		// Deletions that bring the poll no further, or that came to their end, are no reason to be silent.
		await expect(read(true, 3)).rejects.toMatchObject({ code });
		await expect(read(false, 99)).rejects.toMatchObject({ code });
	},
);

it('what another error than a passing one says is told all the same', async () => {
	const cut = { isCut: false };
	const forbidden = () => pages(9, { before: 0, code: 'EXACT_FORBIDDEN' });
	const source = cutSync(
		{ changes: forbidden, deletions: () => pages(9) },
		{ hasTime: () => true, listsAfter, most: 1 },
		cut,
		noneAgain,
	);
	for await (const rows of source.deletions('0')) expect(rows).toHaveLength(1);
	expect(cut.isCut).toBe(true);
	const stream = { path: 'records', key: 'ID', isLine: () => false };
	await expect(source.changes(stream, '0')[Symbol.asyncIterator]().next()).rejects.toThrow();
});

it('rows out of order are given all, or are an error where they are too many or take too long', async () => {
	const stream = { path: 'sync/CRM/Accounts', key: 'ID', isLine: () => false };
	const readWhole = async (rules: Partial<CutRules>) => {
		const own = { changes: () => pages(4), deletions: () => pages(4) };
		const source = wholeSync(own, { hasTime: () => true, most: 4, ...rules });
		const seen: unknown[] = [];
		for await (const rows of source.changes(stream, '0')) seen.push(...rows);
		for await (const rows of source.deletions('0')) seen.push(...rows);
		return seen.length;
	};
	expect(await readWhole({})).toBe(8);
	const tooMany = { code: 'EXACT_ROWS_OUT_OF_ORDER' };
	await expect(readWhole({ most: 3 })).rejects.toMatchObject(tooMany);
	await expect(readWhole({ hasTime: () => false })).rejects.toMatchObject(tooMany);
});

it('a clock without patience waits a little, once', async () => {
	const waited: number[] = [];
	const clock = impatientClock({
		now: () => 7,
		sleep: async (ms) => await Promise.resolve(void waited.push(ms)),
	});
	expect(clock.now()).toBe(7);
	await clock.sleep(5_000);
	const failure = await clock.sleep(5_000).catch((error: unknown) => error);
	expect(isConnectorError(failure) && isWaiting(failure)).toBe(true);
	await clock.sleep(3_000);
	expect(waited).toEqual([5_000, 3_000]);
});

it('a clock without patience waits for no limit, however soon that ends', async () => {
	const sleep = jest.fn(async () => await Promise.resolve());
	const pausing = pauseForLimit(impatientClock({ now: () => 7, sleep }), 1, undefined);
	await expect(pausing).rejects.toMatchObject({ code: 'EXACT_RATE_LIMIT_MINUTE' });
	expect(sleep).not.toHaveBeenCalled();
});

it('ten thousand changes of an hour are worked off over several readings that are cut, each once', async () => {
	const rows = Array.from({ length: 10_000 }, (_, number) => ({
		ID: `${number}`,
		Modified: new Date(NOW - 3_600_000 + Math.floor(number / 3) * 1_000).toISOString().slice(0, 19),
	}));
	const source = {
		async *rows(since: string | undefined) {
			const found = rows.filter(({ Modified }) => since === undefined || Modified >= since);
			for (let at = 0; at < found.length; at += 60) {
				yield await Promise.resolve(found.slice(at, at + 60));
			}
		},
	};
	let cursor = modifiedSince('2026-11-01T00:00:00');
	const given: unknown[] = [];
	let readings = 0;
	const limit = 1_500;
	for (let size = 1; size > 0; readings += 1) {
		const cut = { isCut: false };
		const rules = { hasTime: () => true, most: limit + cursor.seen.length };
		const options = { limit, now: NOW + 7_200_000, isCut: () => cut.isCut };
		const reading = await readModified(cutModified(source, rules, cut), cursor, options);
		given.push(...reading.rows.map(({ ID }) => ID));
		size = reading.rows.length;
		({ cursor } = reading);
	}
	expect(given).toHaveLength(10_000);
	expect(new Set(given).size).toBe(10_000);
	expect(readings).toBeGreaterThanOrEqual(7);
	expect(cursor.resume).toBeUndefined();
});
