import { createHash } from 'node:crypto';
import { isRecord } from '../../http';
import type { OpenPlace, PollBatch, ReadPlace } from './pollBatch';

/** Where a node begins with what it has not read before. */
export interface BeginningWish {
	/** The settings that say what is read, as text; with other ones what was not there before begins with them. */
	settings: string;
	/** The settings that say where the first poll begins, as the node stores them; other ones begin anew. */
	start: string;
	/**
	 * The beginning. It is noted before anything is asked for, so what has to be found out first belongs into it as a wish.
	 * @param now the present, or the moment of an earlier poll that could not note it (ms since the epoch)
	 * @throws where the settings say no beginning; it counts only where something begins
	 */
	first(now: number): unknown;
}

/** What brings about that a node begins. */
export interface BeginningOccasion {
	/** ms since the epoch */
	at: number;
	/** The workflow is being published: what nobody has seen before begins here. */
	isPublished: boolean;
}

/** A beginning of something. */
interface Moment {
	/** ms since the epoch */
	at: number;
	/** What it was by the settings of then; missing where they said none. */
	since?: unknown;
}

/** Names what is read; settings may name a thousand things. */
type ReadName = string;

/** A beginning, as it stands in the vault. */
interface BeginningNote {
	start: string;
	settings: string;
	/** Where all begins that nobody has seen before, as long as the service has not said what there is. */
	since?: Moment;
	/** What was there when it was looked last. */
	known: readonly ReadName[];
	/** Where those things begin that no poll has begun to read. */
	waiting: Readonly<Record<ReadName, Moment>>;
}

const NAME = 'beginning';

/** Letters of a digest that are kept. */
const DIGEST_LENGTH = 12;

/**
 * Where things begin that have no place of their own yet, such as divisions whose turn has not come. It is kept until each
 * of the list has its place, so neither a service that does not say what there is to be read, nor the time that others
 * take, nor other settings meanwhile move the beginning. What comes into the list later begins when it is first seen there, or
 * at the publishing that is the first to ask for it.
 */
export class Beginning {
	private note: BeginningNote;

	/** What stood in the vault before; undefined where this poll has changed nothing there. */
	private before: { value: unknown } | undefined;

	private constructor(
		private readonly batch: PollBatch,
		private readonly wish: BeginningWish,
		private readonly occasion: BeginningOccasion,
	) {
		this.note = this.anew();
	}

	/**
	 * Notes a beginning where there is none.
	 * @throws ConnectorError VAULT_*
	 */
	static async noted(
		batch: PollBatch,
		wish: BeginningWish,
		occasion: BeginningOccasion,
	): Promise<Beginning> {
		const settings = digestOf(wish.settings);
		const beginning = new Beginning(batch, { ...wish, settings }, occasion);
		await beginning.begin();
		return beginning;
	}

	/**
	 * Says what there is to be read, before the first of it is read.
	 * @throws ConnectorError VAULT_*
	 */
	async expect(reads: ReadonlyArray<ReadPlace['read']>): Promise<void> {
		const known = [...new Set(reads.map(nameOf))].sort();
		const { note } = this;
		if (known.length === 0 || (isSame(known, note.known) && note.since === undefined)) return;
		await this.change(({ since, ...present }) => {
			const isOwn = present.settings === this.wish.settings;
			const fresh = known.filter((name) => !present.known.includes(name));
			const begun = fresh.map((name) => [
				name,
				present.waiting[name] ?? (isOwn ? since : undefined) ?? this.moment(),
			]);
			const waiting = { ...present.waiting, ...Object.fromEntries(begun) };
			return { ...present, ...(!isOwn && since && { since }), known, waiting };
		});
	}

	/**
	 * Begins the reading of something, whose place holds from then on where it goes on.
	 * @param first the cursor of its first poll, made of the beginning as JSON keeps it
	 * @throws ConnectorError VAULT_*, and what the wish throws where it has no place yet
	 */
	async open(read: ReadPlace['read'], first: (since: unknown) => unknown): Promise<OpenPlace> {
		const { start } = this.wish;
		const name = nameOf(read);
		const since = () => {
			const moment = this.note.waiting[name] ?? this.note.since ?? this.moment();
			return 'since' in moment ? moment.since : asJson(this.wish.first(moment.at));
		};
		const place = await this.batch.open({ read, start, first: () => first(since()) });
		if (name in this.note.waiting) {
			await this.change(({ waiting: { [name]: _placed, ...waiting }, ...present }) => ({
				...present,
				waiting,
			}));
		}
		return place;
	}

	/**
	 * Takes back what was noted, as after a publishing that was refused: a later one begins then.
	 * @throws ConnectorError VAULT_*
	 */
	async undo(): Promise<void> {
		const { before, batch, note } = this;
		if (before === undefined) return;
		await batch.remember(NAME, (value) =>
			isSame(readNote(value), readNote(note)) ? (before.value ?? null) : undefined,
		);
	}

	private async begin(): Promise<void> {
		const { batch, wish, occasion } = this;
		if (batch.isSample) return;
		await batch.remember(NAME, (value) => {
			const present = readNote(value);
			this.before = undefined;
			this.note = present?.start === wish.start ? present : this.anew();
			const isOther = this.note.settings !== wish.settings;
			if (isOther) this.note = { ...this.note, settings: wish.settings, since: this.moment() };
			if (occasion.isPublished)
				this.note = { ...this.note, since: this.note.since ?? this.moment() };
			if (!isSame(present, readNote(this.note))) this.before = { value };
			return this.note;
		});
	}

	/** A run by hand notes nothing, nor does a poll that goes on while the node begins anew. */
	private async change(step: (present: BeginningNote) => BeginningNote): Promise<void> {
		const { batch, wish } = this;
		if (batch.isSample) {
			this.note = step(this.note);
			return;
		}
		await batch.remember(NAME, (value) => {
			const present = readNote(value);
			const isOurs = present?.start === wish.start;
			this.note = step(isOurs ? present : this.note);
			return isOurs ? this.note : undefined;
		});
	}

	private anew(): BeginningNote {
		const { start, settings } = this.wish;
		return { start, settings, since: this.moment(), known: [], waiting: {} };
	}

	/** What the settings say is kept, since the value of an expression changes; what they do not say counts where it is needed. */
	private moment(): Moment {
		const { at } = this.occasion;
		try {
			return { at, since: asJson(this.wish.first(at)) };
		} catch {
			return { at };
		}
	}
}

function nameOf(read: ReadPlace['read']): ReadName {
	return digestOf(JSON.stringify(read));
}

function digestOf(text: string): string {
	return createHash('sha256').update(text).digest('base64url').slice(0, DIGEST_LENGTH);
}

function asJson(value: unknown): unknown {
	return JSON.parse(JSON.stringify(value ?? null)) as unknown;
}

function isSame(one: unknown, other: unknown): boolean {
	return JSON.stringify(one) === JSON.stringify(other);
}

function readNote(value: unknown): BeginningNote | undefined {
	if (!isRecord(value) || typeof value.start !== 'string') return undefined;
	const { start, settings, since, known, waiting } = value;
	const begun = readMoment(since);
	const moments = Object.entries(isRecord(waiting) ? waiting : {}).flatMap(([name, one]) => {
		const moment = readMoment(one);
		return moment ? [[name, moment] as const] : [];
	});
	return {
		start,
		settings: String(settings),
		...(begun && { since: begun }),
		known: Array.isArray(known) ? known.map(String) : [],
		waiting: Object.fromEntries(moments),
	};
}

function readMoment(value: unknown): Moment | undefined {
	if (!isRecord(value) || typeof value.at !== 'number') return undefined;
	const { at } = value;
	return { at, ...('since' in value && { since: value.since }) };
}
