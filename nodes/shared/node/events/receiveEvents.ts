import { setTimeout as delay } from 'node:timers/promises';
import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { ConnectorError } from '../../errors';
import { holdExitDuring } from '../../process/exitHold';
import { processState } from '../../process/processState';
import type { Vault } from '../../vault/vault';
import { toErrorJson, toNodeError } from '../nodeErrors';
import { nodeOf } from '../nodeIdentity';
import { beginNodeRun, type NodeRun } from '../nodeRun';
import { triggerItems, type OutputRow } from '../operation';
import { logProblem, logSeldom } from '../problemLog';
import { takeResponse, type HookAnswer, type TakenResponse } from '../takenResponse';
import { readDelivery, FAILED, UNAUTHORIZED, type Delivery } from '../webhookFrame';
import {
	ReceivedEvents,
	type HeldEvent,
	type ReceivedEvent,
	type Receiver,
	type TakenEvent,
} from './receivedEvents';
import { isWake, wakeLater, wakeNow, WAKE_HEADER } from './wake';

/** What an event may take that is prepared before it is handed to n8n, in milliseconds. */
const PREPARED_WITHIN_MS = 10_000;

/** A preparation that does not end when it is told to is left after so long, in milliseconds. */
const GRACE_MS = 500;

/** Events that wait are handed over so many at a time, in one execution. */
const AT_ONCE = 50;

/** A body that is larger is none of a service's. */
const MAX_BYTES = 1024 * 1024;

/** An orderly end of the process waits so long for n8n to make the execution, in milliseconds. */
const EXIT_HELD_MS = 5_000;

const TOO_LARGE: HookAnswer = { status: 413, body: { message: 'The body is too large.' } };

/** In n8n's log. */
const AS_ERROR = { level: 'error' } as const;

/** The answer to a request that wakes the receiver. */
const WOKEN: HookAnswer = { status: 204 };

/** What a delivery is: an event, or something that is answered and starts nothing (refused, or a test of the address). */
export interface Verdict {
	/** Sent at once; an event is noted before. */
	answer: HookAnswer;
	event?: ReceivedEvent;
}

/** How a trigger receives events. */
export interface EventWork {
	vault(): Promise<Vault>;
	/**
	 * Says what a delivery is, by its bytes and headers alone: everybody on the internet may send one. Must be quick.
	 * What it throws is answered 500, so that the service sends the delivery again.
	 */
	judge(delivery: Delivery): Verdict | Promise<Verdict>;
	/**
	 * The items of an event. What it throws becomes an item with the error, see `withError`.
	 * @param run its signal is aborted after 10 s
	 */
	rows(event: TakenEvent, run: NodeRun): Promise<OutputRow[]>;
	/** The item of an event that could not be prepared. @param error message, description and code */
	withError(event: TakenEvent, error: IDataObject): OutputRow;
	/** The error of an event that was not prepared in its time. */
	late(limitMs: number): ConnectorError;
	/** Done when this package has woken the node, see `askToBeWoken`. What it throws is logged. */
	woken?(): Promise<unknown>;
	/** Most bytes of a body; by default 1 MiB. */
	maxBytes?: number;
	/** What the items of an event may take, in milliseconds; by default 10 s. */
	withinMs?: number;
}

/**
 * Receives one delivery: notes its event in the vault, answers, prepares the items and hands them to n8n. A repeat is
 * answered and starts nothing. Events that are noted and were not started, because a process ended in between, are handed
 * over with it, marked with `repeated: true`, since an execution may have been made for them. What a test run receives
 * is neither noted nor compared.
 */
export async function receiveEvents(
	context: IWebhookFunctions,
	work: EventWork,
): Promise<IWebhookResponseData> {
	const response = takeResponse(context.getResponseObject());
	const overtime = new AbortController();
	const { finish, ...run } = beginNodeRun(overtime.signal);
	const reception = new Reception(context, work, response, run, overtime);
	try {
		const rows =
			context.getMode() === 'manual' ? await reception.test() : await reception.receive();
		if (rows.length === 0) return { noWebhookResponse: true };
		reception.awaitExecution();
		return { workflowData: [triggerItems(rows)] };
	} catch (error) {
		logSeldom(context, error, AS_ERROR);
		response.answer(FAILED);
		await reception.letGo();
		return { noWebhookResponse: true };
	} finally {
		await finish();
	}
}

/** One delivery on its way. */
class Reception {
	private readonly held: HeldEvent[] = [];

	private vault: Vault | undefined;

	/** Whether more waits than is handed over at once. */
	private isMore = false;

	constructor(
		private readonly context: IWebhookFunctions,
		private readonly work: EventWork,
		private readonly response: TakenResponse,
		private readonly run: NodeRun,
		private readonly overtime: AbortController,
	) {}

	/** @returns the items of a delivery to a test run */
	async test(): Promise<OutputRow[]> {
		const delivery = await this.read();
		const verdict = delivery && (await this.work.judge(delivery));
		if (verdict === undefined) return [];
		this.response.answer(verdict.answer);
		if (verdict.event === undefined) return [];
		const event = { ...verdict.event, receivedAt: Date.now(), isRepeated: false };
		return await this.prepare([event]);
	}

	/** @returns the items of a delivery, and of what waits besides */
	async receive(): Promise<OutputRow[]> {
		const delivery = await this.read();
		if (delivery === undefined) return [];
		const isWoken = await this.isWoken(delivery);
		if (isWoken) this.response.answer(WOKEN);
		else if (!(await this.note(delivery))) return [];
		const chore = isWoken ? this.doChore() : undefined;
		await this.takeWaiting();
		const rows = await this.prepare(this.held.map(({ event }) => event));
		await chore;
		return rows;
	}

	private async doChore(): Promise<void> {
		try {
			await this.work.woken?.();
		} catch (error) {
			logProblem(this.context, error, AS_ERROR);
		}
	}

	private async read(): Promise<Delivery | undefined> {
		const delivery = await readDelivery(this.context);
		const isFit = delivery && delivery.body.length <= (this.work.maxBytes ?? MAX_BYTES);
		if (isFit) return delivery;
		this.response.answer(delivery ? TOO_LARGE : UNAUTHORIZED);
		return undefined;
	}

	private async isWoken({ headers }: Delivery): Promise<boolean> {
		const header = headers[WAKE_HEADER];
		if (header === undefined) return false;
		return isWake((await this.openVault()).sealer, this.receiver(), header);
	}

	/** @returns whether it is an event, a repeated one too */
	private async note(delivery: Delivery): Promise<boolean> {
		const { answer, event } = await this.work.judge(delivery);
		if (event !== undefined) {
			const taking = await (await this.events()).note(this.receiver(), this.url(), event);
			if (taking !== 'repeat') this.held.push(taking.taken);
		}
		this.response.answer(answer);
		return event !== undefined;
	}

	/**
	 * Of deliveries that come at once one takes what waits: each would try to get hold of the same events. The event of
	 * the delivery is noted, so what goes wrong here is left for later.
	 */
	private async takeWaiting(): Promise<void> {
		const taking = processState('waitingTaken1', () => new Set<string>());
		const name = JSON.stringify(this.receiver());
		if (taking.has(name)) return;
		taking.add(name);
		try {
			const events = await this.events();
			const waiting = await events.waiting(this.receiver(), AT_ONCE + 1);
			this.isMore = waiting.length > AT_ONCE;
			const takings = waiting.slice(0, AT_ONCE).map(async (one) => await events.takeWaiting(one));
			const taken = (await Promise.all(takings)).flatMap((taking) =>
				taking === 'repeat' ? [] : [taking.taken],
			);
			this.held.unshift(...taken);
			this.held.sort((one, other) => one.event.receivedAt - other.event.receivedAt);
		} catch (error) {
			logProblem(this.context, error, AS_ERROR);
		} finally {
			taking.delete(name);
		}
	}

	private async prepare(events: readonly TakenEvent[]): Promise<OutputRow[]> {
		if (events.length === 0) return [];
		const timer = setTimeout(() => this.overtime.abort(), this.withinMs());
		try {
			const rows = await Promise.all(events.map(async (event) => await this.rowsOf(event)));
			return rows.flat();
		} finally {
			clearTimeout(timer);
		}
	}

	private async rowsOf(event: TakenEvent): Promise<OutputRow[]> {
		const left = new AbortController();
		const tooLate = async (): Promise<never> => {
			const limitMs = this.withinMs() + GRACE_MS;
			await delay(limitMs, undefined, { signal: left.signal, ref: false });
			throw this.work.late(this.withinMs());
		};
		try {
			const rows = await Promise.race([this.work.rows(event, this.run), tooLate()]);
			return rows.map((row) => marked(event, row));
		} catch (error) {
			const why = this.overtime.signal.aborted ? this.work.late(this.withinMs()) : error;
			const facts = toErrorJson(toNodeError(this.context.getNode(), why)).error as IDataObject;
			return [marked(event, this.work.withError(event, facts))];
		} finally {
			left.abort();
		}
	}

	/** Finds out in the background whether n8n has made the execution; the events stay noted until it has. */
	awaitExecution(): void {
		if (this.held.length === 0) return;
		const settled = this.settle();
		const limit = delay(EXIT_HELD_MS, undefined, { ref: false });
		void holdExitDuring(async () => await Promise.race([settled, limit]));
	}

	private async settle(): Promise<void> {
		const { status } = await this.response.later;
		if (status < 400) {
			await Promise.all(this.held.map(async (one) => await this.confirm(one)));
			if (this.isMore) this.beWoken(wakeNow);
			return;
		}
		await this.letGo();
		this.beWoken(wakeLater);
	}

	private beWoken(how: typeof wakeNow): void {
		if (this.vault !== undefined) how(this.vault, { receiver: this.receiver(), url: this.url() });
	}

	private async confirm(held: HeldEvent): Promise<void> {
		try {
			await held.started();
		} catch (error) {
			logProblem(this.context, error, AS_ERROR);
		}
	}

	/** Leaves what was taken to whoever comes next. */
	async letGo(): Promise<void> {
		await Promise.allSettled(this.held.map(async (one) => await one.letGo()));
	}

	private async events(): Promise<ReceivedEvents> {
		return new ReceivedEvents(await this.openVault());
	}

	private async openVault(): Promise<Vault> {
		this.vault ??= await this.work.vault();
		return this.vault;
	}

	private withinMs(): number {
		return this.work.withinMs ?? PREPARED_WITHIN_MS;
	}

	private receiver(): Receiver {
		return nodeOf(this.context);
	}

	private url(): string {
		return this.context.getNodeWebhookUrl('default') ?? '';
	}
}

function marked(event: TakenEvent, { json, ...row }: OutputRow): OutputRow {
	return { ...row, json: event.isRepeated ? { ...json, repeated: true } : json };
}
