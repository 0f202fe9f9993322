import { withPastTimes } from '../../../../nodes/shared/tokenChain/pastTimes';
import type { Attempt } from '../../../../nodes/shared/vault/rows/attempts';
import type { VaultRecord } from '../../../../nodes/shared/vault/rows/records';
import type { Rival } from '../../../../nodes/shared/vault/rows/rivals';

const NOW = 10_000_000;
const LONG_AGO = 1_000;
const AHEAD = NOW + 60_001;

function timesOf(record: Partial<VaultRecord>, attempts: Array<Partial<Attempt>> = []) {
	const rows = { record: record as VaultRecord, attempts: attempts as Attempt[], rivals: [] };
	return withPastTimes(rows, { now: NOW, longAgo: LONG_AGO });
}

describe('times of a chain', () => {
	it('in the past stay as they are, also where nobody knows them', () => {
		const record = { requestedAt: NOW - 5, receivedAt: null };
		const attempts = [{ id: 'a', startedAt: NOW - 4, finishedAt: null }];
		expect(timesOf(record, attempts)).toEqual({ record, attempts, rivals: [] });
	});

	it('slightly ahead are now: two machines are never quite together', () => {
		const { record } = timesOf({ requestedAt: NOW - 1, receivedAt: NOW + 60_000 });
		expect(record).toEqual({ requestedAt: NOW - 1, receivedAt: NOW });
	});

	it('further ahead are long ago, and go before those that are known', () => {
		const { record, attempts } = timesOf({ requestedAt: AHEAD, receivedAt: AHEAD }, [
			{ id: 'after the clock was set', startedAt: NOW - 9, finishedAt: NOW - 8 },
			{ id: 'before', startedAt: AHEAD, finishedAt: AHEAD },
			{ id: 'before, without an end', startedAt: AHEAD + 1, finishedAt: null },
		]);
		expect(record).toEqual({ requestedAt: LONG_AGO, receivedAt: LONG_AGO });
		expect(attempts).toEqual([
			{ id: 'before', startedAt: LONG_AGO, finishedAt: LONG_AGO },
			{ id: 'before, without an end', startedAt: LONG_AGO, finishedAt: null },
			{ id: 'after the clock was set', startedAt: NOW - 9, finishedAt: NOW - 8 },
		]);
	});

	it('of a pair beside the record are read in the same way', () => {
		const rival = { id: 'r', at: AHEAD, addedAt: AHEAD, triedAt: NOW - 1 } as Rival;
		const rows = { record: {} as VaultRecord, attempts: [], rivals: [rival] };
		expect(withPastTimes(rows, { now: NOW, longAgo: LONG_AGO }).rivals).toEqual([
			{ id: 'r', at: LONG_AGO, addedAt: LONG_AGO, triedAt: NOW - 1 },
		]);
	});
});
