import { isRecord } from '../../../shared/http';
import type {
	ListPlaces,
	ListScan,
	Mark,
	Place,
	PollCursor,
	SeenClock,
	SetBack,
} from './pollCursor';

/** A cursor as it was stored; undefined for anything else. */
export function readPollCursor(value: unknown): PollCursor | undefined {
	if (!isRecord(value) || !Array.isArray(value.told)) return undefined;
	const { place, told, digestOf, shift, checkedAt, toldAt, storedVersions } = value;
	const [setBack, seen] = [readSetBack(value.setBack), readSeen(value.seen)];
	const [scan, behind] = [readScan(value.scan), readPlaces(value.behind)];
	return {
		...(scan && { scan }),
		...(behind && { behind }),
		...(setBack && { setBack }),
		...(Array.isArray(storedVersions) && { storedVersions: storedVersions.flatMap(readVersion) }),
		...(typeof checkedAt === 'number' && { checkedAt }),
		...(typeof toldAt === 'number' && { toldAt }),
		...(seen && { seen }),
		place: readPlace(place),
		told: (told as unknown[]).flatMap(readMark),
		digestOf: String(digestOf ?? ''),
		shift: typeof shift === 'number' ? shift : 0,
	};
}

function readPlace(value: unknown): Place | null {
	if (!isRecord(value) || typeof value.second !== 'number') return null;
	return { second: value.second, id: typeof value.id === 'number' ? value.id : null };
}

function readMark(value: unknown): Mark[] {
	if (!isRecord(value)) return [];
	const { id, at, digest } = value;
	return typeof id === 'number' && typeof at === 'number'
		? [{ id, at, digest: String(digest) }]
		: [];
}

function readScan(value: unknown): ListScan | undefined {
	if (!isRecord(value) || typeof value.at !== 'number') return undefined;
	const { at, anchors, told, begunAt } = value;
	return {
		at,
		anchors: Array.isArray(anchors) ? anchors.map(Number) : [],
		told: Array.isArray(told) ? (told as unknown[]).flatMap(readMark) : [],
		...(typeof begunAt === 'number' && { begunAt }),
	};
}

function readSetBack(value: unknown): SetBack | undefined {
	const { until, lastId } = isRecord(value) ? value : {};
	return typeof until === 'number' && typeof lastId === 'number' ? { until, lastId } : undefined;
}

function readSeen(value: unknown): SeenClock | undefined {
	const { at, clock } = isRecord(value) ? value : {};
	return typeof at === 'number' && typeof clock === 'number' ? { at, clock } : undefined;
}

function readPlaces(value: unknown): ListPlaces | undefined {
	if (!isRecord(value) || !Array.isArray(value.places)) return undefined;
	const places = (value.places as unknown[]).filter(isRecord).flatMap(({ second, place }) => {
		return typeof second === 'number' && typeof place === 'number' ? [{ second, place }] : [];
	});
	return { direction: value.direction === 'Asc' ? 'Asc' : 'Desc', places };
}

function readVersion(value: unknown): Array<Pick<Mark, 'id' | 'at'>> {
	return readMark(value).map(({ id, at }) => ({ id, at }));
}
