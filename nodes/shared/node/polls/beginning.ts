import { createHash } from 'node:crypto';
import { isRecord } from '../../http';
import type { OpenPlace, PollBatch, ReadPlace } from './pollBatch';

/** Where a node begins with what it has not read before. */
export interface BeginningWish {
	/** The settings that say what is read, as text; with other ones there is another beginning. */
	settings: string;
	/** The settings that say where the first poll begins, as the node stores them; other ones begin anew. */
	start: string;
	/**
	 * The beginning. It is noted before anything is asked for, so what has to be found out first belongs into it as a wish.
	 * @param now the present, or the moment of an earlier poll that could not note it (ms since the epoch)
	 */
	first(now: number): unknown;
}

/** A beginning, as it stands in the vault. */
interface BeginningNote {
	start: string;
	/** Where all begins, as long as nobody knows which parts there are. */
	since?: unknown;
	/** The parts that were there when it was looked last. */
	known: readonly string[];
	/** Where those begin that no poll has begun to read. */
	waiting: Readonly<Record<string, unknown>>;
}

/**
 * Where parts begin that have no place of their own yet, such as divisions whose turn has not come. It is kept until each
 * part of the list has its place, so neither a service that does not say what there is to be read, nor the time that others
 * take moves the beginning. A part that comes into the list later begins when it is first seen there.
 */
export class Beginning {
	private note: BeginningNote;

	/** Settings may name a thousand parts, and names in the vault are short. */
	private readonly name: string;

	private constructor(
		private readonly batch: PollBatch,
		private readonly wish: BeginningWish,
		private readonly now: number,
	) {
		this.note = { start: wish.start, known: [], waiting: {} };
		this.name = `begun ${createHash('sha256').update(wish.settings).digest('base64url')}`;
	}

	/**
	 * Notes a beginning where there is none.
	 * @param now of `first`
	 * @throws ConnectorError VAULT_*
	 */
	static async noted(batch: PollBatch, wish: BeginningWish, now: number): Promise<Beginning> {
		const beginning = new Beginning(batch, wish, now);
		await beginning.change((present) => present);
		return beginning;
	}

	/**
	 * Says which parts there are, before the first of them is read.
	 * @throws ConnectorError VAULT_*
	 */
	async expect(parts: readonly string[]): Promise<void> {
		const known = [...new Set(parts)].sort();
		if (known.length === 0 || isSame(known, this.note.known)) return;
		await this.change((present) => {
			const fresh = known.filter((part) => !present.known.includes(part));
			const since = fresh.map((part) => [part, this.sinceOf(part, present)]);
			const waiting = { ...present.waiting, ...Object.fromEntries(since) };
			return { start: present.start, known, waiting };
		});
	}

	/**
	 * Begins the reading of a part, whose place holds from then on where it goes on.
	 * @param first the cursor of its first poll, made of the beginning as JSON keeps it
	 * @throws ConnectorError VAULT_*
	 */
	async open(
		part: string,
		read: ReadPlace['read'],
		first: (since: unknown) => unknown,
	): Promise<OpenPlace> {
		const { start } = this.wish;
		const since = () => this.sinceOf(part, this.note);
		const place = await this.batch.open({ read, start, first: () => first(since()) });
		if (part in this.note.waiting) {
			await this.change(({ waiting: { [part]: _placed, ...waiting }, ...present }) => ({
				...present,
				waiting,
			}));
		}
		return place;
	}

	private sinceOf(part: string, { since, waiting }: BeginningNote): unknown {
		return waiting[part] ?? since ?? this.wish.first(this.now);
	}

	/** A run by hand notes nothing. */
	private async change(step: (present: BeginningNote) => BeginningNote): Promise<void> {
		const { batch, wish } = this;
		if (batch.isSample) {
			this.note = step(this.note);
			return;
		}
		await batch.remember(this.name, (value) => {
			const present = readNote(value);
			const isOurs = present?.start === wish.start;
			this.note = step(isOurs ? present : this.anew());
			return this.note;
		});
	}

	private anew(): BeginningNote {
		const { start } = this.wish;
		return { start, since: this.wish.first(this.now), known: [], waiting: {} };
	}
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
	return JSON.stringify(one) === JSON.stringify(other);
}

function readNote(value: unknown): BeginningNote | undefined {
	if (!isRecord(value) || typeof value.start !== 'string') return undefined;
	const { start, since, known, waiting } = value;
	return {
		start,
		...(since !== undefined && { since }),
		known: Array.isArray(known) ? known.map(String) : [],
		waiting: isRecord(waiting) ? waiting : {},
	};
}
