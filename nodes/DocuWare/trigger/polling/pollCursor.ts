/**
 * So much is read again, in milliseconds: a document gets its time when its storing begins, and others that were stored
 * later may be found before it.
 */
export const OVERLAP_MS = 2 * 60_000;

/** Documents that are remembered of the time that is read again, so that a cursor stays small. */
export const MOST_TOLD = 2_000;

/** After so long without news nothing is found any more that is older than what was told, in milliseconds. */
const REST_MS = 10 * 60_000;

/** Documents that are remembered then: they show that a search reaches back far enough. */
const FEW_TOLD = 20;

const SECOND_MS = 1_000;

/** A digest that stands for every one. */
const ANY = '';

/** The digest of a document in the list of those that were stored: it is stored once, whatever becomes of it. */
export const STORED_ONCE = 's';

/** A version of a document in a list that is ordered by time. */
export interface Mark {
	id: number;
	/** Its time as the service wrote it (ms): compared with other times of the service only, so no zone and no clock counts. */
	at: number;
	/** Of what it says: it may change twice within the second that the service shows. */
	digest: string;
}

/**
 * A place in the order of seconds and, within one, of ids. Finer times do not count, since the service may show
 * more of them than it compares, or fewer.
 */
export interface Place {
	/** Beginning of a second, ms as the service wrote it. */
	second: number;
	/** Last document of that second; null where all of them are meant. */
	id: number | null;
}

/** How far one kind of event has been read. */
export interface PollCursor {
	/** All up to here is told; null before the first document. */
	place: Place | null;
	/** Documents behind it that are told already, in order. */
	told: readonly Mark[];
	/** What digests were made of; those of other fields say nothing. */
	digestOf: string;
	/** What is to be added to a time of the service for its searches to mean that time (ms). */
	shift: number;
	/** When that was looked at last, ms of n8n's clock. */
	checkedAt?: number;
	/** When a document was told last, ms of n8n's clock. */
	toldAt?: number;
	/** What the clocks of the service and of n8n showed at an earlier poll. */
	seen?: SeenClock;
	/** How far a list without an order has been looked through; missing where none is being looked through. */
	scan?: ListScan;
	/** Where documents stood in an ordered list, as long as more of it is new than a page holds. */
	behind?: ListPlaces;
	/** The clock of the service was set back, and has not passed since where it had been. */
	setBack?: SetBack;
	/** Of *stored*: versions that came out although they were changed already, which *changed* leaves out. */
	storedVersions?: ReadonlyArray<Pick<Mark, 'id' | 'at'>>;
}

/** What two clocks showed at once (ms). */
export interface SeenClock {
	/** That of the service, as its answer wrote it. */
	at: number;
	/** That of n8n. */
	clock: number;
}

/** How far a list without an order has been looked through. */
export interface ListScan {
	/** Place of the next document in the list. */
	at: number;
	/** Documents of which one stands there, unless the list has moved meanwhile. */
	anchors: readonly number[];
	/** What was told since it began. */
	told: readonly Mark[];
	/** When that was, as the service wrote it (ms). */
	begunAt?: number;
}

/** Where documents stood in a list that is ordered by time. */
export interface ListPlaces {
	direction: 'Asc' | 'Desc';
	places: ReadonlyArray<{ second: number; place: number }>;
}

/** A clock of the service that was set back. */
export interface SetBack {
	/** Until all up to here has been read anew. */
	until: number;
	/** Documents up to this number were there before: stored once, they are not told again. */
	lastId: number;
}

/** The second in which a time lies. */
export function secondOf(at: number): number {
	return Math.floor(at / SECOND_MS) * SECOND_MS;
}

/** Order of documents: by seconds, and by ids within one. */
export function compareMarks(one: Mark, other: Mark): number {
	return secondOf(one.at) - secondOf(other.at) || one.id - other.id || one.at - other.at;
}

/** Order of places. */
export function comparePlaces(one: Place, other: Place): number {
	return one.second - other.second || (one.id ?? Infinity) - (other.id ?? Infinity);
}

/** Whether a document is at a place or before it. */
export function isUpTo({ at, id }: Pick<Mark, 'id' | 'at'>, place: Place | null): boolean {
	if (place === null) return false;
	const second = secondOf(at);
	return (
		second < place.second || (second === place.second && (place.id === null || id <= place.id))
	);
}

/** The cursor where digests are made of other fields: what was told is then known by id and time alone. */
export function withDigestsOf(cursor: PollCursor, digestOf: string): PollCursor {
	const { scan, told } = cursor;
	if (cursor.digestOf === digestOf) return cursor;
	const known = (marks: readonly Mark[]) => marks.map((mark) => ({ ...mark, digest: ANY }));
	const seen = scan && { scan: { ...scan, told: known(scan.told) } };
	return { ...cursor, digestOf, told: known(told), ...seen };
}

/** Says of documents whether they were told before. */
export function toldIn({ place, told, scan, setBack }: PollCursor): (mark: Mark) => boolean {
	const known = new Set([...told, ...(scan?.told ?? [])].map(markName));
	const wasBefore = ({ id, at, digest }: Mark) =>
		setBack !== undefined && digest === STORED_ONCE && id <= setBack.lastId && at <= setBack.until;
	return (mark) =>
		isUpTo(mark, place) ||
		known.has(markName(mark)) ||
		known.has(markName({ ...mark, digest: ANY })) ||
		wasBefore(mark);
}

/** Says of documents that were not told before whether another state of them was that had the same time. */
export function versionsIn({ told, scan }: PollCursor): (mark: Mark) => boolean {
	const known = new Set([...told, ...(scan?.told ?? [])].map(versionName));
	return (mark) => known.has(versionName(mark));
}

/** Names a version of a document by what tells it from all others. */
export function markName({ id, at, digest }: Mark): string {
	return `${id} ${at} ${digest}`;
}

/** The same where its time alone tells. */
export function versionName({ id, at }: Pick<Mark, 'id' | 'at'>): string {
	return `${id} ${at}`;
}

/**
 * The cursor once documents have been told.
 *
 * @param marks those of the batch: none that is new and was to be found stands before the last of them and is missing
 * @param now of the service, as it wrote it (ms): a time that a wrong clock has put into the future leads no further
 */
export function advanced(
	cursor: PollCursor,
	marks: readonly Mark[],
	now: number = Infinity,
): PollCursor {
	const all = [...cursor.told, ...marks].sort(compareMarks);
	const newest = all.at(-1);
	if (newest === undefined) return cursor;
	const horizon = { second: secondOf(Math.min(newest.at, now) - OVERLAP_MS), id: null };
	const place = laterOf(cursor.place, horizon);
	const told = all.filter((mark) => !isUpTo(mark, place));
	return { ...cursor, ...shortened(place, told, MOST_TOLD) };
}

/**
 * The cursor of a poll that has found nothing: after a while most of what was told is not read again, so that an import of
 * many documents at once does not make each poll a long one until the next document comes.
 * @param clock of n8n (ms); only how long it was counts
 */
export function rested(cursor: PollCursor, clock: number): PollCursor {
	const { place, told, toldAt = clock } = cursor;
	if (place === null || clock - toldAt < REST_MS) return cursor;
	return { ...cursor, ...shortened(place, told, FEW_TOLD) };
}

/**
 * The cursor of a poll whose time was over before it had found anything: the next one goes on there instead of reading the same
 * again, as soon as nothing is found any more that is older than what was told.
 * @param upTo how far there is nothing new
 * @param clock as for `rested`
 */
export function passedBy(cursor: PollCursor, upTo: Place, clock: number): PollCursor {
	const { place, told, toldAt = clock } = cursor;
	const isFurther = place === null || comparePlaces(upTo, place) > 0;
	if (clock - toldAt < REST_MS || !isFurther) return cursor;
	const later = told.filter((mark) => !isUpTo(mark, upTo));
	// The last one shows that a search reaches back far enough.
	return { ...cursor, place: upTo, told: later.length > 0 ? later : told.slice(-1) };
}

/** The newest documents that are there when a node begins. */
export interface PresentDocuments {
	/** In any order. */
	marks: readonly Mark[];
	/** The second before which, and within which, others may be there that were not looked at. */
	cutAt: number | undefined;
}

/**
 * The cursor that begins behind what is there, which is not told.
 * @param now of the service, as it wrote it (ms)
 * @param begunAt what has come in a later second is new (ms, as the service writes times), unless it lies in the future: then
 *   times and clock of the service do not go together
 */
export function beginningBehind(
	{ marks, cutAt }: PresentDocuments,
	rest: Pick<PollCursor, 'digestOf' | 'shift'>,
	now?: number,
	begunAt = Infinity,
): PollCursor {
	const start: PollCursor = { place: null, told: [], ...rest };
	const isNew = (second: number) => second > begunAt && second <= (now ?? Infinity);
	if (cutAt !== undefined && isNew(cutAt)) {
		return { ...start, place: { second: secondOf(begunAt), id: null } };
	}
	const place = cutAt === undefined ? null : { second: cutAt, id: null };
	const old = marks.filter(({ at }) => !isNew(secondOf(at)));
	const later = old.filter((mark) => !isUpTo(mark, place));
	if (cutAt === undefined || later.length > 0) return advanced({ ...start, place }, later, now);
	// Within the second of the newest ones further ones may come.
	return { ...start, place: { second: cutAt, id: Math.max(...old.map(({ id }) => id)) } };
}

/** The cursor that begins with a moment. */
export function beginningAt(
	moment: number,
	rest: Pick<PollCursor, 'digestOf' | 'shift'>,
): PollCursor {
	return { place: { second: secondOf(moment) - SECOND_MS, id: null }, told: [], ...rest };
}

/** Fewer documents that are told one by one: a second goes as a whole where that leaves others. */
function shortened(
	place: Place,
	told: readonly Mark[],
	most: number,
): Pick<PollCursor, 'place' | 'told'> {
	const cut = told.length - most;
	const last = told[cut - 1];
	if (cut <= 0 || last === undefined) return { place, told };
	const second = secondOf(last.at);
	const next = told.findIndex(({ at }, index) => index >= cut && secondOf(at) > second);
	return next > 0
		? {
				place: { second: secondOf(told[next - 1]?.at ?? second), id: null },
				told: told.slice(next),
			}
		: { place: { second, id: last.id }, told: told.slice(cut) };
}

function laterOf(one: Place | null, other: Place): Place {
	if (one === null || one.second < other.second) return other;
	if (one.second > other.second) return one;
	return one.id === null ? one : other;
}
