import { createHash, randomUUID } from 'node:crypto';
import {
	begunIn,
	firstOf,
	namedIn,
	placedIn,
	readNote,
	settledIn,
	usedBy,
	withBeginning,
	type Asked,
	type Moment,
	type BeginningNote,
	type NotedBeginning,
	type ReadName,
} from './beginningNote';
import type { PollOccasion } from './occasion';
import type { OpenPlace, PollBatch, ReadPlace } from './pollBatch';
import { isSameJson } from './sameJson';

/** Where a node begins with what it has not read before. */
export interface BeginningWish {
	/** The settings that say what is read, as text; with other ones what was not there before begins with them. */
	settings: string;
	/**
	 * The part of them that tells apart what they can ask for: settings with another one surely ask for other things. Missing where
	 * that is not known.
	 */
	subject?: string | undefined;
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
	/** What nobody has seen before begins at a publishing. */
	occasion: PollOccasion;
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
	private readonly asked: Asked;

	private own: NotedBeginning;

	/** The same, as it was before this poll; undefined where there was none. */
	private before: NotedBeginning | undefined;

	/** What stood beside it when this poll began. */
	private beside: BeginningNote = [];

	private constructor(
		private readonly batch: PollBatch,
		private readonly wish: BeginningWish,
		{ at, occasion }: BeginningOccasion,
	) {
		const { start, settings, subject } = wish;
		const moment = momentOf(wish, at);
		const poll = randomUUID();
		this.asked = { start, settings: digestOf(settings), subject, moment, occasion, poll };
		this.own = begunIn([], this.asked, randomUUID);
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
		const beginning = new Beginning(batch, wish, occasion);
		await beginning.begin();
		return beginning;
	}

	/**
	 * Says what there is to be read, before the first of it is read.
	 * @throws ConnectorError VAULT_*
	 */
	async expect(reads: ReadonlyArray<ReadPlace['read']>): Promise<void> {
		const names = [...new Set(reads.map(nameOf))].sort();
		if (names.length > 0) await this.change((present) => namedIn(present, this.asked, names));
	}

	/**
	 * Begins the reading of something, whose place holds from then on where it goes on.
	 * @param first the cursor of its first poll, made of the beginning as JSON keeps it
	 * @throws ConnectorError VAULT_*, and what the wish throws where it has no place yet
	 */
	async open(read: ReadPlace['read'], first: (since: unknown) => unknown): Promise<OpenPlace> {
		const name = nameOf(read);
		const since = () => {
			const moment = this.own.waiting[name] ?? firstOf(this.own, this.asked);
			return 'since' in moment ? moment.since : asJson(this.wish.first(moment.at));
		};
		const { before } = this;
		const place = await this.batch.open({
			...{ read, start: this.wish.start, beginning: this.own.id },
			first: () => first(since()),
			isAskedBefore:
				before !== undefined && (name in before.waiting || this.asked.settings in before.askings),
		});
		if (name in this.own.waiting) await this.change((present) => placedIn(present, name));
		return place;
	}

	/**
	 * Ends what another start has begun and n8n polls with no more, and forgets its places (`settledIn`).
	 * @throws ConnectorError VAULT_*
	 */
	async settle(): Promise<void> {
		const { own, batch, beside } = this;
		// What a later publishing or start of n8n has begun stays.
		const idle = beside.filter(({ isNew }) => !isNew).map(({ id }) => id);
		const isSettled = beside.length === 0 || (own.isPolled === true && idle.length === 0);
		if (batch.isSample || (isSettled && !own.isNew)) return;
		let dropped: string[] = [];
		const step = (value: unknown) => {
			const note = readNote(value);
			const settled = settledIn(note, own, idle);
			const left = new Set((settled ?? note).map(({ id }) => id));
			dropped = note.map(({ id }) => id).filter((id) => !left.has(id));
			return settled;
		};
		await batch.decide(NAME, step, () => dropped);
	}

	private async begin(): Promise<void> {
		const { batch, asked } = this;
		if (batch.isSample) return;
		await batch.decide(NAME, (value) => {
			const note = readNote(value);
			this.before = note.find(({ start }) => start === asked.start);
			this.own = begunIn(note, asked, randomUUID);
			this.beside = note.filter(({ id }) => id !== this.own.id);
			return withBeginning(note, this.own);
		});
	}

	/** A run by hand notes nothing, nor does a poll that goes on after the node has begun anew. */
	private async change(step: (present: NotedBeginning) => NotedBeginning): Promise<void> {
		const changed = step(this.own);
		if (this.batch.isSample || isSameJson(changed, this.own)) {
			this.own = changed;
			return;
		}
		await this.batch.decide(NAME, (value) => {
			const note = readNote(value);
			const present = note.find(({ id }) => id === this.own.id);
			this.own = step(usedBy(present ?? this.own, this.asked));
			return present && withBeginning(note, this.own);
		});
	}
}

function nameOf(read: ReadPlace['read']): ReadName {
	return digestOf(JSON.stringify(read));
}

/** What the settings say is kept, since the value of an expression changes; what they do not say counts where it is needed. */
function momentOf(wish: BeginningWish, at: number): Moment {
	try {
		return { at, since: asJson(wish.first(at)) };
	} catch {
		return { at };
	}
}

function digestOf(text: string): string {
	return createHash('sha256').update(text).digest('base64url').slice(0, DIGEST_LENGTH);
}

function asJson(value: unknown): unknown {
	return JSON.parse(JSON.stringify(value ?? null)) as unknown;
}
