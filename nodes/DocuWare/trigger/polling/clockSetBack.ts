import { OVERLAP_MS, secondOf, type PollCursor } from './pollCursor';

/**
 * The cursor where the clock of the service stands before what was read already: somebody has set it back, or it shows the hour
 * that comes twice in autumn. What was stored since then would be taken for told. So it is read again from the time of the last
 * document that was told, as far as n8n's clock says how long ago that was. Of documents that were stored what was told is
 * known by the number; a change that was told within the time that comes twice is told once more.
 *
 * @param now of the service, as it wrote it (ms)
 * @param clock of n8n (ms); only how long it was counts
 * @returns undefined where the clock was not set back
 */
export function afterSetBack(
	cursor: PollCursor,
	now: number | undefined,
	clock: number,
): PollCursor | undefined {
	const { place, told, toldAt = clock } = cursor;
	// Before the first document the place is where the node is to begin, which may lie ahead.
	if (now === undefined || place === null || told.length === 0 || now >= place.second)
		return undefined;
	const elapsed = Math.max(0, clock - toldAt);
	const begin = secondOf(now - elapsed - OVERLAP_MS);
	const lastId = Math.max(...told.map(({ id }) => id), cursor.setBack?.lastId ?? 0);
	const { behind: _behind, scan: _scan, ...rest } = cursor;
	return { ...rest, place: { second: begin, id: null }, setBack: { until: place.second, lastId } };
}
