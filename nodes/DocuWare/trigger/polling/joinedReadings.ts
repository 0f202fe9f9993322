import { compareMarks, comparePlaces, isUpTo, markName } from './pollCursor';
import type { EventReading } from './readEvents';

/** Several readings of the same time as one, in which no document stands twice: as far as all of them have come. */
export function joinedReadings(readings: readonly EventReading[]): EventReading {
	const ends = readings.flatMap(({ upTo }) => upTo ?? []);
	const upTo = ends.sort(comparePlaces)[0];
	const all = readings.flatMap(({ found }) => found);
	const once = [...new Map(all.map((one) => [markName(one.mark), one])).values()];
	const found = once
		.filter(({ mark }) => upTo === undefined || isUpTo(mark, upTo))
		.sort((one, other) => compareMarks(one.mark, other.mark));
	const beginsThere = readings.some((one) => one.beginsThere);
	const isGuessed = readings.some((one) => one.isGuessed === true);
	return { found, upTo, beginsThere, isGuessed };
}
