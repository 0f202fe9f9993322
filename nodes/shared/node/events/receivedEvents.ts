import { isRecord, parseJson } from '../../http';
import { isProvenDead } from '../../process/holder';
import { processState } from '../../process/processState';
import { storeNow, together, type SqlTransaction } from '../../vault/database/transaction';
import {
	deleteItem,
	itemLock,
	itemSubject,
	namesBelow,
	putItem,
	readItem,
} from '../../vault/rows/items';
import { itemScope } from '../../vault/rows/itemScopes';
import { readLease } from '../../vault/rows/leases';
import { subjectLease } from '../../vault/subjectLease';
import type { Vault } from '../../vault/vault';
import { isLeaseTimeout } from '../../vault/vaultErrors';
import type { NodeIdentity } from '../nodeIdentity';

const HOUR_MS = 3_600_000;

/** A delivery with the same mark is a repeat for so long, in milliseconds. */
const REPEAT_MS = 48 * HOUR_MS;

/**
 * Events that a service has sent, as items of the vault: what is waiting for its execution, sealed, and the mark of what
 * was started. An event that nobody could start for so long is given up.
 */
const SCOPE = {
	waiting: itemScope('receivedEvents1', 90 * 24 * HOUR_MS),
	started: itemScope('startedEvents1', REPEAT_MS),
} as const;

/** Whose event it is. */
export type Receiver = NodeIdentity;

/** An event of a service. */
export interface ReceivedEvent {
	/** The same for each repeat of the event and for no other: its signature or a digest of its bytes. */
	mark: string;
	/** What its item is made of; JSON. Sealed in the vault. */
	content: unknown;
}

/** An event in the hands of this process until it lets go of it. */
export interface TakenEvent extends ReceivedEvent {
	/** When it was noted, milliseconds since the epoch. */
	receivedAt: number;
	/** Somebody else had it before, so that an execution may have been started for it. */
	isRepeated: boolean;
}

/** What came of the taking of an event: ours, or started already or in other hands. */
export type Taking = { taken: HeldEvent } | 'repeat';

/** A taken event, with the end of the taking. */
export interface HeldEvent {
	readonly event: TakenEvent;
	/** An execution was started for it: it is a repeat from now on. */
	started(): Promise<void>;
	/** Nothing was started: whoever comes next takes it. */
	letGo(): Promise<void>;
}

/** An event that waits. */
export interface WaitingEvent {
	receiver: Receiver;
	mark: string;
}

/** A node for which events wait. */
export interface Sleeper {
	receiver: Receiver;
	/** Where deliveries to it go. */
	url: string;
}

/** What is kept of an event that waits. */
interface Note {
	url: string;
	at: number;
	content: unknown;
}

/**
 * How long a holder is watched that cannot be seen from here, on another host, before its lease is taken, in
 * milliseconds: a third of the lease (docs/architecture.md, rule 9).
 */
const WATCH_MS = 10_000;

/** Events in the hands of this process, by name. */
function inHand(): Set<string> {
	return processState('eventsInHand1', () => new Set<string>());
}

/**
 * The received events of all nodes whose processes share a vault. An event is noted before the service is answered, and
 * stays until an execution was started for it; who works on it holds a lease, so that it is started once, and so that
 * whoever finds one whose holder has died goes on with it.
 */
export class ReceivedEvents {
	constructor(private readonly vault: Vault) {}

	/**
	 * Notes an event and takes it.
	 * @param url where deliveries to the node go
	 * @returns `repeat` where it was started within the last 48 h, or somebody else has it in hand
	 */
	async note(receiver: Receiver, url: string, given: ReceivedEvent): Promise<Taking> {
		const name = nameOf(receiver, given.mark);
		const note: Note = { url, at: Date.now(), content: given.content };
		const sealed = this.seal(name, note);
		return await this.take(receiver, given.mark, 0, function* () {
			const [started, waiting, now] = yield* together(
				readItem(SCOPE.started, name),
				readItem(SCOPE.waiting, name),
				storeNow(),
			);
			if (waiting !== undefined) return { sealed: waiting.value, isKnown: true };
			if (started !== undefined && now - started.updatedAt < REPEAT_MS) return undefined;
			yield* putItem(SCOPE.waiting, name, sealed);
			return { sealed, isKnown: false };
		});
	}

	/** Takes an event that waits. @returns `repeat` where it waits no more, or somebody else has it in hand */
	async takeWaiting({ receiver, mark }: WaitingEvent): Promise<Taking> {
		const name = nameOf(receiver, mark);
		return await this.take(receiver, mark, WATCH_MS, function* () {
			const item = yield* readItem(SCOPE.waiting, name);
			return item && { sealed: item.value, isKnown: true };
		});
	}

	/**
	 * The events of a node that nobody has in hand, the one noted first before the others; of all nodes where none is named.
	 * None is unsealed for it.
	 * @param most looks for no more than so many
	 */
	async waiting(receiver?: Receiver, most = Infinity): Promise<WaitingEvent[]> {
		const prefix = receiver === undefined ? '' : prefixOf(receiver);
		const names = await this.vault.read(() => namesBelow(SCOPE.waiting, prefix));
		const found: WaitingEvent[] = [];
		for (const part of partsOf(names.filter((name) => !inHand().has(name)))) {
			if (found.length >= most) break;
			const events = part.flatMap((name) => parseName(name) ?? []);
			const free = await this.vault.read(() => together(...events.map(isFree)));
			found.push(...events.filter((_event, index) => free[index]));
		}
		return found.slice(0, most);
	}

	/** The nodes for which events wait. */
	async sleepers(): Promise<Sleeper[]> {
		const firsts = new Map<string, WaitingEvent>();
		for (const event of await this.waiting()) {
			const name = prefixOf(event.receiver);
			if (!firsts.has(name)) firsts.set(name, event);
		}
		const found: Sleeper[] = [];
		for (const { receiver, mark } of firsts.values()) {
			const name = nameOf(receiver, mark);
			const item = await this.vault.read(() => readItem(SCOPE.waiting, name));
			const note = item && this.open(name, item.value);
			if (note !== undefined) found.push({ receiver, url: note.url });
		}
		return found;
	}

	private async take(
		receiver: Receiver,
		mark: string,
		waitMs: number,
		look: () => SqlTransaction<{ sealed: string; isKnown: boolean } | undefined>,
	): Promise<Taking> {
		const name = nameOf(receiver, mark);
		const lease = leaseOf({ receiver, mark });
		let end: () => void = () => undefined;
		const ended = new Promise<void>((resolve) => {
			end = resolve;
		});
		return await new Promise<Taking>((resolve, reject) => {
			const flight = this.vault.withLease(
				lease,
				{
					waitMs,
					begin: function* (taking) {
						const held = yield* taking;
						return held === undefined ? { begun: yield* look() } : { held };
					},
				},
				async (_holding, begun) => {
					const note = begun && this.open(name, begun.sealed);
					if (begun === undefined || note === undefined) return resolve('repeat');
					inHand().add(name);
					const { at, content } = note;
					const event = { mark, content, receivedAt: at, isRepeated: begun.isKnown };
					const letGo = async () => {
						inHand().delete(name);
						end();
						await flight;
					};
					resolve({
						taken: {
							event,
							letGo,
							started: async () => {
								try {
									await this.markStarted(name);
								} finally {
									await letGo();
								}
							},
						},
					});
					await ended;
				},
			);
			flight.catch((error: unknown) => {
				if (isLeaseTimeout(error)) resolve('repeat');
				else reject(error as Error);
			});
		});
	}

	private async markStarted(name: string): Promise<void> {
		const lock = [itemLock(SCOPE.waiting, name), itemLock(SCOPE.started, name)];
		const write = function* (): SqlTransaction<void> {
			yield* deleteItem(SCOPE.waiting, name);
			yield* putItem(SCOPE.started, name, '');
		};
		await this.vault.write(write, { lock });
	}

	private seal(name: string, note: Note): string {
		return this.vault.sealer.seal(JSON.stringify(note), itemSubject(SCOPE.waiting, name));
	}

	private open(name: string, sealed: string): Note | undefined {
		const note = parseJson(this.vault.sealer.open(sealed, itemSubject(SCOPE.waiting, name)));
		if (!isRecord(note)) return undefined;
		return { url: String(note.url), at: Number(note.at) || 0, content: note.content };
	}
}

/** Whether nobody works on it; whose holder cannot be seen is waited for until its lease has ended. */
function* isFree(event: WaitingEvent): SqlTransaction<boolean> {
	const held = yield* readLease(leaseOf(event));
	if (held === undefined || held.expiresAt <= held.now) return true;
	return held.holder === null || isProvenDead(held.holder);
}

/** Looked for so many at a time. */
const PART = 100;

function* partsOf<T>(list: readonly T[]): Generator<T[]> {
	for (let from = 0; from < list.length; from += PART) yield list.slice(from, from + PART);
}

function prefixOf(receiver: Receiver): string {
	return `${JSON.stringify(receiver)} `;
}

function nameOf(receiver: Receiver, mark: string): string {
	return prefixOf(receiver) + mark;
}

function parseName(name: string): WaitingEvent | undefined {
	const end = name.indexOf('] ');
	const receiver = end < 0 ? undefined : parseReceiver(name.slice(0, end + 1));
	return receiver && { receiver, mark: name.slice(end + 2) };
}

/** A receiver as its JSON names it. */
export function parseReceiver(text: string): Receiver | undefined {
	const names = parseJson(text);
	if (!Array.isArray(names) || names.length !== 3) return undefined;
	const [instance, workflow, node] = names.map(String) as [string, string, string];
	return [instance, workflow, node];
}

function leaseOf({ receiver, mark }: WaitingEvent): string {
	return subjectLease({ kind: 'event', parts: [...receiver, mark] });
}
