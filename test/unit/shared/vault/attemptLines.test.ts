import { attemptLine, isoTime } from '../../../../nodes/shared/vault/attemptLines';
import { thisHolder } from '../../../../nodes/shared/process/holder';
import type { Attempt } from '../../../../nodes/shared/vault/rows/attempts';

const ATTEMPT: Attempt = {
	id: 'attempt-1',
	recordId: 'record-1',
	identity: 'service|host|user',
	generation: 3,
	kind: 'refresh',
	spentFingerprint: 'digest',
	holder: null,
	startedAt: 1_767_225_600_000,
	finishedAt: 1_767_225_600_250,
	outcome: 'saved',
	detail: null,
};

describe('a line of the attempt log', () => {
	it('tells when, how long, what and what became of it, and no digest', () => {
		expect(attemptLine(ATTEMPT)).toEqual({
			startedAt: '2026-01-01T00:00:00.000Z',
			durationMs: 250,
			kind: 'refresh',
			outcome: 'saved',
			detail: null,
			host: null,
			pid: null,
		});
	});

	it('has no duration while no answer is recorded', () => {
		expect(attemptLine({ ...ATTEMPT, finishedAt: null, outcome: 'open' }).durationMs).toBeNull();
	});

	const OPEN: Attempt = { ...ATTEMPT, finishedAt: null, outcome: 'open' };
	const SOON = OPEN.startedAt + 60_000;

	it('is open while the process that asked may still record an answer', () => {
		const line = attemptLine({ ...OPEN, holder: thisHolder() }, SOON);
		expect(line).toMatchObject({ outcome: 'open', detail: null });
	});

	it.each([
		['has ended', { ...thisHolder(), uuid: 'another', startTime: 'of another process' }, SOON],
		['has not recorded one in ten minutes', thisHolder(), OPEN.startedAt + 600_001],
	])('is no longer open once that process %s', (_why, holder, now) => {
		const line = attemptLine({ ...OPEN, holder }, now);
		expect(line).toMatchObject({ outcome: 'unknown', durationMs: null });
		expect(line.detail).toMatch(/no answer was recorded/);
	});

	it('names no time where there is none', () => {
		expect(isoTime(null)).toBeNull();
	});
});
