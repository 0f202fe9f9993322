import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { isConnectorError, passOn, type ConnectorError } from '../errors';
import { processState } from '../process/processState';
import { lookForWaitingEvents } from './events/wake';
import { withNodeErrors } from './nodeErrors';
import { beginNodeRun, type NodeRun } from './nodeRun';
import { triggerItems, type OutputRow } from './operation';
import { logProblem } from './problemLog';
import { triggerValues, type TriggerForm } from './triggerValues';
import type { Beginning, BeginningWish } from './polls/beginning';
import {
	brokenBy,
	hasConnectionOutput,
	tellConnection,
	type ConnectionFacts,
} from './polls/connectionOutput';
import { readInTurn, type PollPart } from './polls/inTurn';
import { budgetOf, occasionOf, pollKey, type PollOccasion } from './polls/occasion';
import type { OpenPlace, PollBatch, ReadPlace } from './polls/pollBatch';
import { PollBeginning } from './polls/pollBeginning';
import { afterFailure, isError } from './polls/pollErrors';
import { READ_AT_BEGINNING } from './polls/startFields';
import { isOfVault } from './polls/vaultTrouble';

export type { Beginning } from './polls/beginning';
export type { ConnectionFacts } from './polls/connectionOutput';
export type { PollPart } from './polls/inTurn';
export type { OpenPlace, PolledRow, ReadPlace } from './polls/pollBatch';

/** What a poll may take where n8n names no budget, in milliseconds. */
const DEFAULT_BUDGET_MS = 30_000;

/** Part of the budget in which new requests begin; the last one needs time to end. */
const ASKING_SHARE = 0.75;

/** One poll; its signal is aborted when its budget is used up. */
export interface PollRun extends NodeRun {
	/** By it fields are read with care (`triggerValues`). */
	readonly context: IPollFunctions;
	/**
	 * From then on nothing more is asked for, and what has been found is returned (monotonic clock,
	 * ms): n8n drops what comes after the budget.
	 */
	readonly endsAt: number;
	/** Somebody runs the node by hand: show a few rows. Whatever is handed over, no cursor moves on. */
	readonly isSample: boolean;
	/** Rows that were handed over so far, of all places. */
	readonly size: number;
	/**
	 * Whether there is time to ask for more: of what is done between two of these questions the longest has to fit in once
	 * more, since what comes after the budget is lost with all that was found before.
	 * @param pieces how often it has to fit in, where more is to follow in any case; once if missing
	 */
	hasTime(pieces?: number): boolean;
	/** Whether the longest fits in once more, though so late that no further reading begins: for what completes one. */
	fits(): boolean;
	/** Where the node begins with what it has not read before; the things that it reads are opened by it. */
	readonly beginning: Beginning;
	/**
	 * Begins the reading of one thing that has no such beginning: where an earlier poll has ended. Each at most once in a poll.
	 * @throws ConnectorError VAULT_*
	 */
	open(wanted: ReadPlace): Promise<OpenPlace>;
	/**
	 * Reads several things in turn, such as divisions, as long as there is time; the next poll goes on with the first one
	 * that was not read. One that fails keeps its cursor.
	 * @param hasRoom false once a poll has as many rows as it may have; then no further one is begun
	 * @throws the error of the first one where all that were read have failed
	 */
	inTurn(parts: readonly PollPart[], hasRoom?: () => boolean): Promise<void>;
}

/** What a trigger does at each poll. */
export interface PollWork {
	/** What of it an expression leaves empty is an error before anything is asked for. */
	form: TriggerForm;
	/** Where the node begins, by its parameters alone: it is noted before anything is asked for. */
	beginning(context: IPollFunctions): BeginningWish;
	/** Looks for what is new, and hands it over by `open` and `take`. What was handed over comes out even if it fails then. */
	poll(run: PollRun): Promise<void>;
	/** How the connection stands, unless the poll has just found it broken; asked where the output *Connection* is on. */
	connection(run: PollRun): Promise<ConnectionFacts>;
	/** Whether nothing can be read before a person has done something about the connection. */
	isBroken(error: ConnectorError): boolean;
	/** Whether only a limit has to be waited for: the poll ends, and the next one goes on. */
	mustWait(error: ConnectorError): boolean;
	/** The error of a poll that did not return in its time. */
	outOfTime(budgetMs: number): ConnectorError;
}

/**
 * Runs one poll of a trigger within n8n's budget of time, else within 30 s. Loses nothing that was handed over: see
 * `PollBatch`. While an earlier poll of the same node runs in this process, there is nothing new, and a publishing is only
 * noted: two at once would return the same records twice.
 *
 * What is wrong becomes an error at most once an hour with the same code; at publishing always, unless it passes by
 * itself and is not of the vault, where the beginning is noted; at a start of n8n never, since n8n might not poll any more
 * then.
 *
 * @returns the items by output; null where there are none
 * @throws NodeApiError or NodeOperationError
 */
export async function runPoll(
	context: IPollFunctions,
	work: PollWork,
): Promise<INodeExecutionData[][] | null> {
	const running = processState('polls1', () => new Set<string>());
	const key = pollKey(context);
	const occasion = occasionOf(context);
	if (running.has(key)) {
		if (occasion === 'publish' || occasion === 'start')
			await noteBeginning(context, work, occasion);
		return null;
	}
	running.add(key);
	lookForWaitingEvents();
	try {
		const outputs = await withNodeErrors(context.getNode(), async () => {
			const polled = pollInTime(context, work, occasion);
			return await polled.catch((error: unknown) => afterFailure(error, context, occasion));
		});
		return outputs.every((rows) => rows.length === 0) ? null : outputs.map(triggerItems);
	} finally {
		running.delete(key);
	}
}

async function pollInTime(
	context: IPollFunctions,
	work: PollWork,
	occasion: PollOccasion,
): Promise<OutputRow[][]> {
	const budgetMs = budgetOf(context) ?? DEFAULT_BUDGET_MS;
	const begunAt = performance.now();
	const endsAt = begunAt + budgetMs * ASKING_SHARE;
	const overtime = new AbortController();
	const timer = setTimeout(() => overtime.abort(), budgetMs);
	const { finish, ...nodeRun } = beginNodeRun(overtime.signal);
	const begun = new PollBeginning(context, occasion, work.beginning);
	try {
		const { batch, beginning } = await begun.noted();
		const time = timeLeft(endsAt, begunAt + budgetMs);
		const values = triggerValues(context, atEachPoll(work.form));
		const run = pollRun({
			...{ context: values.context, work, batch, beginning },
			...{ nodeRun, endsAt, time },
		});
		let failure: unknown;
		try {
			values.look();
			await work.poll(run);
		} catch (error) {
			failure = overtime.signal.aborted ? work.outOfTime(budgetMs) : error;
		}
		if (failure !== undefined && !isConnectorError(failure)) passOn(failure);
		const found = batch.size;
		const isTold = occasion !== 'sample' && hasConnectionOutput(context);
		const isKnown = isTold && (await tellState(run, work, batch, failure));
		// What it did not find by settings that are refused others may find there. News of the connection hides no failure.
		const isIdle = occasion === 'publish' && failure !== undefined && found === 0 && !isKnown;
		const outputs = isIdle ? [] : await batch.close();
		if (failure === undefined || (found > 0 && outputs.length > 0)) await begun.settle();
		if (failure === undefined || outputs.length > 0) return outputs;
		const mustWait = work.mustWait(failure);
		if (await isError(failure, { context, mustWait, batch, occasion, isKnown })) throw failure;
		return [];
	} catch (error) {
		const isRefused = occasion === 'publish' && !(isConnectorError(error) && isOfVault(error));
		if (isRefused) await begun.refuse();
		return passOn(error);
	} finally {
		clearTimeout(timer);
		await finish();
	}
}

function atEachPoll({ dealsWithGapsIn = [], ...form }: TriggerForm): TriggerForm {
	return { ...form, dealsWithGapsIn: [...dealsWithGapsIn, ...READ_AT_BEGINNING] };
}

/** A publishing while a poll runs begins at that moment, though only the next poll reads. */
async function noteBeginning(
	context: IPollFunctions,
	work: PollWork,
	occasion: PollOccasion,
): Promise<void> {
	const begun = new PollBeginning(context, occasion, work.beginning);
	await withNodeErrors(context.getNode(), async () => {
		await begun.noted().catch((error: unknown) => afterFailure(error, context, occasion));
	});
}

interface RunParts {
	context: IPollFunctions;
	work: PollWork;
	batch: PollBatch;
	nodeRun: NodeRun;
	endsAt: number;
	time: Pick<PollRun, 'hasTime' | 'fits'>;
	beginning: Beginning;
}

/** Says whether another piece of work fits in, as far as those before tell; the first question has none before it. */
function timeLeft(endsAt: number, lostAt: number): RunParts['time'] {
	let askedAt: number | undefined;
	let longest = 0;
	const fits = (pieces = 1) => {
		const now = performance.now();
		longest = Math.max(longest, now - (askedAt ?? now));
		askedAt = now;
		return now + pieces * longest < lostAt;
	};
	return { fits, hasTime: (pieces) => fits(pieces) && performance.now() < endsAt };
}

function pollRun(parts: RunParts): PollRun {
	const { context, work, batch, beginning, nodeRun, endsAt, time } = parts;
	return {
		...nodeRun,
		...{ context, endsAt, beginning, isSample: batch.isSample },
		...time,
		get size() {
			return batch.size;
		},
		open: async (wanted) => await batch.open(wanted),
		inTurn: async (parts, hasRoom = () => true) =>
			await readInTurn(batch, parts, {
				hasTime: () => time.hasTime() && hasRoom(),
				isOfAll: (error) => nodeRun.signal?.aborted === true || work.isBroken(error),
				// Who runs it by hand waits for no next poll.
				mustWait: (error) => !batch.isSample && work.mustWait(error),
				onFailure: (name, error) => logProblem(context, error, { part: name }),
			}),
	};
}

/**
 * What is known of the connection never keeps records back; what fails otherwise does not say that it is well.
 * @returns whether an item has told that it is broken
 */
async function tellState(
	run: PollRun,
	work: PollWork,
	batch: PollBatch,
	failure: ConnectorError | undefined,
): Promise<boolean> {
	try {
		const isBroken = failure !== undefined && work.isBroken(failure);
		const facts = isBroken ? brokenBy(failure) : await work.connection(run);
		if (failure !== undefined && facts.state === 'well') return false;
		return (await tellConnection(batch, facts)) && isBroken;
	} catch (error) {
		if (!isConnectorError(error)) passOn(error);
		logProblem(run.context, error);
		return false;
	}
}
