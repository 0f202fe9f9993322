import { isConnectorError, passOn } from '../../../shared/errors';
import { thisMoment } from '../../../shared/vault/spending/standstill';
import type { ValueOptions } from '../../odata/edm';
import { anyOf } from '../../odata/filter';
import { PAGE_ROWS } from '../../odata/queryOptions';
import type { ExactRow } from '../../wire/exactTypes';
import type { KnownMatch } from '../common/runMemory';
import type { OperationCall } from '../operation';
import { fieldsToTell } from './creditNotes';
import { matchFilter, type Place } from './findRecord';
import { isLearnt, learn } from './learnt';
import { pagesOf } from './listRules';
import type { Match } from './matchFields';
import { lastRecordTurns } from './recordLease';

/** Characters of a URL that are left for a filter beside few fields. */
const FILTER_ROOM = 4_000;

/** Rows of one look-up; where there are more, something is wrong with what they are matched by. */
const MOST_ROWS = 1_000;

/** How long "nothing is there" is believed, in milliseconds: people make records too, and take no lease. */
const BELIEVED_MS = 30_000;

/** Answers to a filter, or an address, that is too much. */
const REFUSED = new Set([400, 414]);

/** What an item that comes later looks for; nothing where it tells in its own turn, `unknown` where that takes a request. */
export type ComingMatch = { itemIndex: number; match?: Match | 'unknown' };

/**
 * Looks for the records of the item and of those that come, some dozens in one request, where they are known again by
 * values of fields. What is found need not be looked for one by one. That nothing is there counts for whoever has the next turn at the
 * record (`isStillNothing`), so that it is as good as a look under its lease.
 */
export async function knowMatches(
	call: OperationCall,
	place: Place,
	match: Match,
	coming: AsyncIterable<ComingMatch>,
	options: ValueOptions,
): Promise<void> {
	const { memory, client, itemIndex } = call;
	const { endpoint, division } = place;
	if (match.names === undefined) return;
	if (isLearnt(client, division, endpoint.path, 'oneByOne')) return;
	const run = runKey(call, place);
	const ahead = memory.matchesAhead.get(run);
	const known = ahead?.known.get(match.filter);
	if (known === undefined ? itemIndex < (ahead?.until ?? 0) : !isOld(known)) return;
	const { filters, until } = await filtersAhead(itemIndex, match, coming);
	memory.matchesAhead.set(run, { known: new Map(), until });
	// A single one costs the same request where it is looked for under its lease.
	if (filters.length < 2) return;
	try {
		const found = await look(call, place, { filters, names: match.names }, options);
		memory.matchesAhead.set(run, { known: found, until });
	} catch (error) {
		// Each item looks for its own then, and tells.
		if (!isConnectorError(error) || call.signal?.aborted === true) passOn(error);
		if (REFUSED.has(error.httpStatus ?? 0)) learn(client, division, endpoint.path, 'oneByOne');
	}
}

/** What was found for what is looked for; undefined where nothing is known. */
export function knownMatch(
	call: OperationCall,
	place: Place,
	{ filter }: Match,
): KnownMatch | undefined {
	return call.memory.matchesAhead.get(runKey(call, place))?.known.get(filter);
}

/**
 * Whether nothing is there still, as far as workers with this vault make records.
 * @param turn the turn at the record, under its lease
 */
export function isStillNothing(known: KnownMatch | undefined, turn: number | undefined): boolean {
	if (known?.turn === undefined || isOld(known)) return false;
	return turn === known.turn + 1;
}

/**
 * What the lease on a record is named by, that may be made for a filter: what Exact may take for equal has one name
 * (docs/facts/exact-online.md 4.3). What differs may have one too; then it is looked for one by one.
 */
export function turnName(filter: string): string {
	return filter
		.normalize('NFKD')
		.toLowerCase()
		.replace(/[^\p{ASCII}]/gu, (letter) => LETTERS.get(letter) ?? letter)
		.replace(NO_WEIGHT, '')
		.toUpperCase();
}

/** Letters that no normal form takes apart, as the collations of Windows may read them. */
const LETTERS = new Map(
	Object.entries({
		...{ æ: 'ae', œ: 'oe', ß: 'ss', þ: 'th', ð: 'd', đ: 'd', ħ: 'h', ı: 'i', ł: 'l' },
		...{ ŋ: 'n', ø: 'o', ŧ: 't', ĸ: 'k' },
	}),
);

/**
 * What may count for nothing in a comparison: blanks, accents, and all that older collations have no weight for, such as emoji
 * and letters of later scripts. Latin, Greek, Cyrillic and Chinese letters have one in all of them.
 */
const NO_WEIGHT = /[^\u0021-\u007Eα-ω\u0430-\u045F\u4E00-\u9FA5]/gu;

/** Of the monotonic and the wall clock the one counts that went further: the former stands still while a machine sleeps. */
function isOld({ lookedAt }: KnownMatch): boolean {
	const now = thisMoment();
	const wall = Math.abs(now.wall - lookedAt.wall);
	return Math.max(now.monotonic - lookedAt.monotonic, wall) > BELIEVED_MS;
}

function runKey({ client }: OperationCall, { endpoint, division }: Place): string {
	return JSON.stringify([client.userKey, division, endpoint.path]);
}

/** The filters that fit into one request, whose answer is one page. */
async function filtersAhead(
	itemIndex: number,
	match: Match,
	coming: AsyncIterable<ComingMatch>,
): Promise<{ filters: string[]; until: number }> {
	const filters = new Set([match.filter]);
	let room = FILTER_ROOM - lengthOf(match.filter);
	let until = itemIndex + 1;
	for await (const next of coming) {
		if (next.match === 'unknown') break;
		const filter = next.match?.filter;
		if (filter !== undefined && !filters.has(filter)) {
			room -= lengthOf(filter);
			if (room < 0 || filters.size >= PAGE_ROWS) break;
			filters.add(filter);
		}
		until = next.itemIndex + 1;
	}
	return { filters: [...filters], until };
}

function lengthOf(filter: string): number {
	return encodeURIComponent(`(${filter}) or `).length;
}

interface Asked {
	filters: readonly string[];
	names: readonly string[];
}

async function look(
	call: OperationCall,
	place: Place,
	{ filters, names }: Asked,
	options: ValueOptions,
): Promise<Map<string, KnownMatch>> {
	const turnNames = filters.map(turnName);
	const turns = await lastRecordTurns(call, place, turnNames);
	const lookedAt = thisMoment();
	const rows = await rowsOf(call, place, filters, names);
	if (rows === undefined) return new Map();
	const found = new Map<string, FoundRow[]>();
	for (const row of rows) {
		const filter = filterOfRow(place, row, names, options);
		const name = filter === undefined ? '' : turnName(filter);
		found.set(name, [...(found.get(name) ?? []), { row, filter }]);
	}
	const asked = new Set(turnNames);
	const shared = new Set(turnNames.filter((name, index) => turnNames.indexOf(name) < index));
	// Exact has taken it for equal to something that was asked for, and what that is nobody here knows.
	const isAllTold = [...found.keys()].every((name) => asked.has(name));
	return new Map(
		filters.flatMap((filter, index): Array<[string, KnownMatch]> => {
			const name = turnNames[index] ?? '';
			const own = found.get(name) ?? [];
			// Of two that Exact may take for equal nobody here knows whose the row is.
			const isFound = !shared.has(name) && own.every((one) => isFoundBy(filter, one));
			const isTold = own.length === 0 ? isAllTold : isFound;
			const known = { rows: own.map(({ row }) => row), turn: turns[index], lookedAt };
			return isTold ? [[filter, known]] : [];
		}),
	);
}

/** A row, and the filter that finds it; undefined where its values make none. */
interface FoundRow {
	row: ExactRow;
	filter: string | undefined;
}

/** Exact compares texts without capitals. */
function isFoundBy(asked: string, { filter }: FoundRow): boolean {
	return filter?.toLowerCase() === asked.toLowerCase();
}

/** Undefined for very many. */
async function rowsOf(
	{ client, signal }: OperationCall,
	place: Place,
	filters: readonly string[],
	names: readonly string[],
): Promise<ExactRow[] | undefined> {
	const $select = [...new Set([...fieldsToTell(place), ...names])].join(',');
	const query = { $select, $filter: anyOf(filters) };
	const all: ExactRow[] = [];
	for await (const rows of pagesOf(client, place, { query, signal })) {
		all.push(...rows);
		if (all.length > MOST_ROWS) return undefined;
	}
	return all;
}

function filterOfRow(
	{ endpoint }: Place,
	row: ExactRow,
	names: readonly string[],
	options: ValueOptions,
): string | undefined {
	try {
		return matchFilter(
			endpoint,
			names.map((name) => [name, row[name]] as const),
			options,
		);
	} catch {
		return undefined;
	}
}
