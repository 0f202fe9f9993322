import { randomUUID } from 'node:crypto';

import { passOn } from '../../errors';
import { gateRequests, isHttpTransportError } from '../../http';
import { holdExitDuring } from '../../process/exitHold';
import type { SqlTransaction } from '../database/transaction';
import { together } from '../database/transaction';
import type { LeaseHolding } from '../leaseHolding';
import type { AttemptOutcome } from '../rows/attempts';
import { closeAttempt, insertAttempt, insertAttemptWhere } from '../rows/attempts';
import { holdsLease, recordLease } from '../rows/leases';
import { readRecord } from '../rows/records';
import type { Vault } from '../vault';
import type { AttemptAhead, AttemptSubject } from './attemptAhead';
import { attemptRow } from './attemptAhead';
import { neverSent } from './neverSent';
import type { StandstillWatch } from './standstill';
import { watchStandstill } from './standstill';

/** Longest text of an answer that the log of attempts keeps. */
const DETAIL_LENGTH = 300;

/** What is written down about a request before it goes out. */
export interface AttemptBasics extends AttemptSubject {
	vault: Vault;
	/** The attempt was written down by the transaction that took the lease; nothing is marked then. */
	ahead?: AttemptAhead;
	/**
	 * The lease under which alone it may go out. Left out for a request that spends nothing and
	 * that others may make at the same time.
	 */
	holding?: LeaseHolding;
	/**
	 * Changed together with the attempt row, for instance the mark that a single-use token is spent;
	 * `overtaken`, with nothing changed, where somebody else has marked it meanwhile.
	 */
	mark?: () => SqlTransaction<'overtaken' | void>;
	/** Takes the mark back where the request provably never left. */
	unmark?: () => SqlTransaction<void>;
	/**
	 * Aborted before the request leaves, until its connection stands: nothing is sent, and the attempt
	 * is closed as never sent.
	 */
	signal?: AbortSignal;
}

/** An answer with what is known of its time; see `watchStandstill`. */
export interface TimedAnswer<Answer> {
	answer: Answer;
	/** How long this process stood still while it waited for the answer, in milliseconds. */
	stoodStillMs: number;
}

/**
 * Why nothing was sent. `leaseLost`: this process stood still for so long that its lease has passed on
 * or may be about to; it has to queue again.
 * `overtaken`: the record is gone, was merged, or stands at another generation.
 */
export type NotBegun = 'leaseLost' | 'overtaken';

/** The end of an attempt and what changes with it, in one transaction. */
export interface AttemptEnd {
	outcome: AttemptOutcome;
	/** One short sentence without secrets; cut where it is too long. */
	detail: string | null;
	also?: () => SqlTransaction<void>;
}

/**
 * Runs one request by docs/architecture.md, rule 4: the attempt is durably written down first, under the
 * lease and at the record's generation, then `send` runs, then `finish` saves what came. From the
 * attempt on an orderly end of the process waits.
 *
 * A begin whose COMMIT was not answered, and a request that provably never left, are closed as
 * `notSent` and their mark is taken back, also later if the store is away just then.
 *
 * @param finish ends the attempt (`concludeAttempt`, or the save of a secret). What it throws leaves
 * the attempt open, so it must read the answer without throwing.
 * @throws what `send` throws, after the attempt was closed; the reason of an aborted signal;
 * ConnectorError of the vault.
 */
export async function runAttempt<Answer, Result>(
	basics: AttemptBasics,
	send: () => Promise<Answer>,
	finish: (attemptId: string, timed: TimedAnswer<Answer>) => Promise<Result>,
): Promise<Result | NotBegun> {
	const { ahead } = basics;
	if (ahead === undefined) basics.signal?.throwIfAborted();
	const attemptId = ahead?.id ?? randomUUID();
	const watch = ahead?.handOver() ?? watchStandstill();
	try {
		const begun = ahead === undefined ? await begin(basics, attemptId) : 'begun';
		if (begun !== 'begun') return begun;
		return await holdExitDuring(async () => {
			// The hold stands before anything is sent.
			await Promise.resolve();
			const timed = await sendWatched(basics, attemptId, watch, send);
			return timed === 'leaseLost' ? timed : await finish(attemptId, timed);
		});
	} finally {
		watch.end();
		basics.vault.pruneSoon();
	}
}

/** Records what became of an attempt, and what changes with that. @throws ConnectorError of the vault */
export async function endAttempt(
	{ vault, record }: Pick<AttemptBasics, 'vault' | 'record'>,
	attemptId: string,
	end: AttemptEnd,
): Promise<void> {
	await vault.writeAt(record.id, function* (): SqlTransaction<void> {
		yield* closeAttempt(attemptId, end.outcome, shortened(end.detail));
		if (end.also !== undefined) yield* end.also();
	});
}

/**
 * As `endAttempt`; but an answer that proves that the request never left (`notSent`) takes the mark
 * back as well, and its proof is kept for a store that is away.
 * @throws ConnectorError of the vault, for every other outcome.
 */
export async function concludeAttempt(
	{ vault, record, unmark }: Pick<AttemptBasics, 'vault' | 'record' | 'unmark'>,
	attemptId: string,
	end: AttemptEnd,
): Promise<void> {
	if (end.outcome !== 'notSent') {
		await endAttempt({ vault, record }, attemptId, end);
		return;
	}
	await neverSent(
		vault,
		{ id: attemptId, recordId: record.id },
		shortened(end.detail),
		function* () {
			if (unmark !== undefined) yield* unmark();
			if (end.also !== undefined) yield* end.also();
		},
	);
}

async function begin(basics: AttemptBasics, attemptId: string): Promise<'begun' | NotBegun> {
	try {
		const lock = recordLease(basics.record.id);
		return await basics.vault.write(() => beginRows(basics, attemptId), { lock });
	} catch (error) {
		// Where the answer to the commit was lost the rows may stand, though nothing is sent.
		const attempt = { id: attemptId, recordId: basics.record.id };
		await neverSent(basics.vault, attempt, null, basics.unmark);
		passOn(error);
	}
}

function* beginRows(basics: AttemptBasics, attemptId: string): SqlTransaction<'begun' | NotBegun> {
	const { record, holding, mark } = basics;
	const attempt = attemptRow(attemptId, basics);
	const isPlain = holding !== undefined && mark === undefined;
	if (isPlain && (yield* insertAttemptWhere(attempt, holding))) return 'begun';
	const [present, holds] = yield* together(readRecord(record.id), mayGoOut(holding));
	if (!holds) return 'leaseLost';
	if (present?.id !== record.id || present.generation !== record.generation) return 'overtaken';
	if (mark !== undefined && (yield* mark()) === 'overtaken') return 'overtaken';
	yield* insertAttempt(attempt);
	return 'begun';
}

function* mayGoOut(holding: LeaseHolding | undefined): SqlTransaction<boolean> {
	return holding === undefined || (yield* holdsLease(holding.name, holding.token));
}

/** Sends once the last look allows it: nobody has cancelled, and the lease is still sure to be ours. */
async function sendWatched<Answer>(
	basics: AttemptBasics,
	attemptId: string,
	watch: StandstillWatch,
	send: () => Promise<Answer>,
): Promise<TimedAnswer<Answer> | 'leaseLost'> {
	const gate = new SendGate(basics, watch);
	if (!gate.mayLeave()) return await heldBack(basics, attemptId);
	const standstillBefore = watch.soFar();
	try {
		const answer = await gateRequests(() => gate.mayLeave(true), send);
		if (gate.isHeldBack) return await heldBack(basics, attemptId);
		return { answer, stoodStillMs: watch.soFar() - standstillBefore };
	} catch (error) {
		if (gate.isHeldBack) return await heldBack(basics, attemptId);
		await closeUnanswered(basics, attemptId, error);
		passOn(error);
	}
}

/** The look at the last moment before a request of an attempt leaves. */
class SendGate {
	/** Whether it was held back, so that nothing of the attempt has left. */
	isHeldBack = false;

	private hasLeft = false;

	constructor(
		private readonly basics: AttemptBasics,
		private readonly watch: StandstillWatch,
	) {}

	/** @param leaving true where the request leaves right after; those that follow it may then go too. */
	mayLeave(leaving = false): boolean {
		if (this.hasLeft) return true;
		this.isHeldBack = this.basics.signal?.aborted === true || this.stoodStill();
		if (leaving && !this.isHeldBack) this.hasLeft = true;
		return !this.isHeldBack;
	}

	/** For a third of the lease: somebody else may hold it by the time the request arrives. */
	private stoodStill(): boolean {
		const { holding, vault } = this.basics;
		return holding !== undefined && this.watch.soFar() > vault.leaseMs / 3;
	}
}

/** Closes an attempt whose request was held back. @throws the signal's reason */
async function heldBack(
	{ vault, record, unmark, signal }: AttemptBasics,
	attemptId: string,
): Promise<'leaseLost'> {
	const detail = signal?.aborted === true ? 'cancelled' : 'this process stood still before';
	await neverSent(vault, { id: attemptId, recordId: record.id }, detail, unmark);
	signal?.throwIfAborted();
	return 'leaseLost';
}

async function closeUnanswered(
	{ vault, record, unmark }: AttemptBasics,
	attemptId: string,
	error: unknown,
): Promise<void> {
	const detail = error instanceof Error ? error.message : 'the request failed';
	if (isHttpTransportError(error) && !error.requestSent) {
		await neverSent(vault, { id: attemptId, recordId: record.id }, shortened(detail), unmark);
		return;
	}
	// Where the store does not take it the attempt stays open, which says the same.
	await endAttempt({ vault, record }, attemptId, { outcome: 'unknown', detail }).catch(
		() => undefined,
	);
}

function shortened(detail: string | null): string | null {
	return detail?.slice(0, DETAIL_LENGTH) ?? null;
}
