import { isRecord } from '../../http';
import type { PollOccasion } from './occasion';

/** A beginning of something. */
export interface Moment {
	/** ms since the epoch */
	at: number;
	/** What it was by the settings of then; missing where they said none. */
	since?: unknown;
}

/** When settings asked for what the service has not named since. */
export interface Asking extends Moment {
	/** Other settings whose list the service has named since: what they add later is new. */
	past: readonly SettingsName[];
	/** Whose things settings with another one have surely not asked for; missing where nobody knows. */
	subject?: string;
}

/** Names what is read; settings may name a thousand things. */
export type ReadName = string;

/** Names the settings that say what is read. */
export type SettingsName = string;

/** A beginning with one start, as it stands in the vault. */
export interface NotedBeginning {
	/** Tells the places that were begun with it from those of all others. */
	id: string;
	start: string;
	/** Of the poll that looked last. */
	settings: SettingsName;
	/** By the settings that asked. */
	askings: Readonly<Record<SettingsName, Asking>>;
	/** What was there when it was looked last. */
	known: readonly ReadName[];
	/** Where those things begin that no poll has begun to read. */
	waiting: Readonly<Record<ReadName, Moment>>;
	/** The poll of a publishing that may yet take back what it has changed; another poll with this beginning ends that. */
	trial?: string;
	/** Of the publishing or start of n8n that came last, beside others: the next poll that n8n plans with it ends these. */
	isNew?: true;
	/** Of the last poll that n8n has planned and that has succeeded, where others stood beside it. */
	isPolled?: true;
}

/**
 * Where a node begins, as it stands in the vault. Another start is a beginning beside those before, until n8n polls with it at
 * its times: a publishing that is refused, by whomever, or dies with its process leaves them as they are.
 */
export type BeginningNote = readonly NotedBeginning[];

/** What a poll asks for. */
export interface Asked {
	start: string;
	settings: SettingsName;
	subject?: string | undefined;
	/** What nobody has seen before begins there. */
	moment: Moment;
	occasion: PollOccasion;
	/** Tells this poll from all others. */
	poll: string;
}

/** Beginnings that are kept: the one that n8n polls with, and the latest of the others. */
const MOST_BEGINNINGS = 10;

/** Settings that are kept which asked for what the service has not named. */
const MOST_ASKINGS = 20;

/** Things that are kept which have waited when they were seen last, and are not there any more. */
const MOST_ABSENT = 1_000;

/** The beginning of a poll; a new one where its start has none. */
export function begunIn(note: BeginningNote, asked: Asked, newId: () => string): NotedBeginning {
	const { start, settings, subject, moment, occasion, poll } = asked;
	const known = note.find((one) => one.start === start);
	const empty = { id: newId(), start, settings, askings: {}, known: [], waiting: {} };
	const isRegistered = occasion === 'publish' || occasion === 'start';
	const present: NotedBeginning = {
		...usedBy(known ?? empty, asked),
		...(occasion === 'publish' && { trial: poll }),
		...(isRegistered && note.some((one) => one !== known) && { isNew: true }),
	};
	const isAsking = known === undefined || occasion === 'publish' || known.settings !== settings;
	if (!isAsking) return present;
	const { [settings]: unanswered, ...others } = present.askings;
	const asking = unanswered ?? { ...moment, past: [], ...(subject !== undefined && { subject }) };
	const kept = latest(others, MOST_ASKINGS - 1);
	return { ...present, settings, askings: { ...kept, [settings]: asking } };
}

/** The beginning as a poll uses it: what another one has tried with it cannot be taken back any more. */
export function usedBy(present: NotedBeginning, { poll }: Pick<Asked, 'poll'>): NotedBeginning {
	if (present.trial === poll) return present;
	const { trial: _others, ...used } = present;
	return used;
}

/** The note with a beginning in the place of its former state. */
export function withBeginning(note: BeginningNote, own: NotedBeginning): BeginningNote {
	const others = note.map((one) => {
		const { isNew: _former, ...old } = one;
		return own.isNew ? old : one;
	});
	if (note.some(({ id }) => id === own.id)) {
		return others.map((one) => (one.id === own.id ? own : one));
	}
	if (others.length < MOST_BEGINNINGS) return [...others, own];
	// As long as nobody knows which one that is, it is the first, beside which the others were tried.
	const inUse = others.find(({ isPolled }) => isPolled) ?? others[0];
	const dropped = others.find((one) => one !== inUse);
	return [...others.filter((one) => one !== dropped), own];
}

/**
 * The note after a poll with a beginning that n8n has planned and that has succeeded; undefined where it stays. The first one ends
 * what stood beside the beginning of a publishing or start of n8n. Where n8n has made no poll of such a one, the second in a row
 * does: the first may be of an n8n that is still on its way out.
 * @param idle what stood beside it when the poll began, and is of no publishing or start that came later
 */
export function settledIn(
	note: BeginningNote,
	own: Pick<NotedBeginning, 'id'>,
	idle: readonly string[],
): BeginningNote | undefined {
	const present = note.find(({ id }) => id === own.id);
	if (present === undefined) return undefined;
	if (present.isNew) return alone(present);
	if (!present.isPolled) {
		if (note.length === 1) return undefined;
		return note.map(({ isPolled: _before, ...one }) =>
			one.id === own.id ? { ...one, isPolled: true } : one,
		);
	}
	const left = note.filter(({ id, isNew: isLater }) => isLater || !idle.includes(id));
	if (left.length === note.length) return undefined;
	return left.length === 1 ? alone(present) : left;
}

/** Its polls count only beside others: what they did before one came says nothing of it. */
function alone(present: NotedBeginning): BeginningNote {
	const { isNew: _new, isPolled: _polled, ...settled } = present;
	return [settled];
}

/**
 * The beginning after the service has named what there is. A thing that was not there before begins where it was asked for
 * and not named since, by whatever settings: too much is better than a loss.
 */
export function namedIn(
	present: NotedBeginning,
	asked: Asked,
	names: readonly ReadName[],
): NotedBeginning {
	const { settings } = asked;
	const fresh = names.filter((name) => !present.known.includes(name));
	const first = firstOf(present, asked);
	const begun = fresh.map((name) => [name, present.waiting[name] ?? first] as const);
	const { [settings]: _answered, ...others } = present.askings;
	const askings = mapValues(others, ({ past, ...asking }) => ({
		...asking,
		past: past.includes(settings) ? past : [...past, settings],
	}));
	const all = Object.entries({ ...present.waiting, ...Object.fromEntries(begun) });
	const there = new Set(names);
	const absent = Object.fromEntries(all.filter(([name]) => !there.has(name)));
	const waiting = {
		...latest(absent, MOST_ABSENT),
		...Object.fromEntries(all.filter(([name]) => there.has(name))),
	};
	return { ...present, askings, known: names, waiting };
}

/** The beginning after something has a place of its own. */
export function placedIn(present: NotedBeginning, name: ReadName): NotedBeginning {
	const { [name]: _placed, ...waiting } = present.waiting;
	return { ...present, waiting };
}

/** Where something begins that has not waited. */
export function firstOf({ askings }: NotedBeginning, asked: Omit<Asked, 'occasion'>): Moment {
	const { settings, subject, moment } = asked;
	const mayBeOf = (other: string | undefined) =>
		other === undefined || subject === undefined || other === subject;
	const unanswered = Object.values(askings).filter(
		({ past, subject: other }) => !past.includes(settings) && mayBeOf(other),
	);
	const first = [...unanswered, moment].reduce((one, other) => (other.at < one.at ? other : one));
	return { at: first.at, ...('since' in first && { since: first.since }) };
}

/** A note as it was stored; what is none says nothing. */
export function readNote(value: unknown): BeginningNote {
	return Array.isArray(value) ? value.flatMap((one) => readBeginning(one) ?? []) : [];
}

function readBeginning(value: unknown): NotedBeginning | undefined {
	if (!isRecord(value) || typeof value.id !== 'string') return undefined;
	const { id, start, settings, askings, known, waiting, trial, isNew, isPolled } = value;
	return {
		...{ id, start: String(start), settings: String(settings) },
		askings: mapValues(readMoments(askings), (moment, name) => {
			const asking = isRecord(askings) ? askings[name] : undefined;
			const { past, subject } = isRecord(asking) ? asking : {};
			return {
				...{ ...moment, past: textsOf(past) },
				...(typeof subject === 'string' && { subject }),
			};
		}),
		known: textsOf(known),
		waiting: readMoments(waiting),
		...(typeof trial === 'string' && { trial }),
		...(isNew === true && { isNew }),
		...(isPolled === true && { isPolled }),
	};
}

function readMoments(value: unknown): Record<string, Moment> {
	const moments = Object.entries(isRecord(value) ? value : {}).flatMap(([name, one]) => {
		if (!isRecord(one) || typeof one.at !== 'number') return [];
		const { at } = one;
		return [[name, { at, ...('since' in one && { since: one.since }) }] as const];
	});
	return Object.fromEntries(moments);
}

function textsOf(value: unknown): string[] {
	return Array.isArray(value) ? value.map(String) : [];
}

function mapValues<From, To>(
	values: Readonly<Record<string, From>>,
	to: (value: From, name: string) => To,
): Record<string, To> {
	return Object.fromEntries(Object.entries(values).map(([name, one]) => [name, to(one, name)]));
}

/** The latest of these. */
function latest<One extends Moment>(
	moments: Readonly<Record<string, One>>,
	most: number,
): Record<string, One> {
	const entries = Object.entries(moments);
	if (entries.length <= most) return { ...moments };
	const ordered = entries.sort(([, one], [, other]) => other.at - one.at);
	return Object.fromEntries(ordered.slice(0, most));
}
