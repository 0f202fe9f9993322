import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { isConnectorError, passOn, type ConnectorError } from '../errors';
import { isRecord } from '../http';
import { processState } from '../process/processState';
import { openVault } from '../vault/place/openVault';
import { lookForWaitingEvents } from './events/wake';
import { withNodeErrors } from './nodeErrors';
import { nodeOf, settingsDigest } from './nodeIdentity';
import { beginNodeRun, type NodeRun } from './nodeRun';
import { triggerItems, type OutputRow } from './operation';
import { logProblem } from './problemLog';
import { Beginning, type BeginningWish } from './polls/beginning';
import { beginningMoment, type BeginningMoment } from './polls/beginningMoment';
import {
	brokenBy,
	hasConnectionOutput,
	tellConnection,
	type ConnectionFacts,
} from './polls/connectionOutput';
import { readInTurn, type PollPart } from './polls/inTurn';
import { budgetOf, occasionOf, type PollOccasion } from './polls/occasion';
import { PollBatch, type OpenPlace, type ReadPlace } from './polls/pollBatch';
import { pollIntervalOf } from './polls/pollInterval';
import { isOfVault, isVaultTroubleToldFirst } from './polls/vaultTrouble';

export type { Beginning } from './polls/beginning';
export type { ConnectionFacts } from './polls/connectionOutput';
export type { PollPart } from './polls/inTurn';
export type { OpenPlace, PolledRow, ReadPlace } from './polls/pollBatch';

/** What a poll may take where n8n names no budget, in milliseconds. */
const DEFAULT_BUDGET_MS = 30_000;

/** Part of the budget in which new requests begin; the last one needs time to end. */
const ASKING_SHARE = 0.75;

/** The same failure is told again after so long, in milliseconds. */
const ERROR_PAUSE_MS = 3_600_000;

/** Errors of the last hour that are remembered. */
const MOST_ERRORS = 20;

/** One poll; its signal is aborted when its budget is used up. */
export interface PollRun extends NodeRun {
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
	 */
	hasTime(): boolean;
	/**
	 * Notes where the node begins, before anything is asked for: at publishing, at its first poll. The things that it reads
	 * are opened by what this gives.
	 * @throws ConnectorError VAULT_*
	 */
	begin(wish: BeginningWish): Promise<Beginning>;
	/**
	 * Begins the reading of one thing: where an earlier poll has ended. Each at most once in a poll.
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
 * `PollBatch`. While an earlier poll of the same node runs in this process, there is nothing new: two at once would return
 * the same records twice.
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
	if (running.has(key)) return null;
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

/** A run by hand shows samples and moves nothing on, so it never stands in the way of production. */
function pollKey(context: IPollFunctions): string {
	return JSON.stringify([...nodeOf(context), context.getMode() === 'manual']);
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
	const moment = beginningMoment(pollKey(context), settingsDigest(context));
	const { finish, ...nodeRun } = beginNodeRun(overtime.signal);
	try {
		const batch = await openBatch(context, occasion === 'sample');
		const hasTime = timeLeft(endsAt, begunAt + budgetMs);
		const run = pollRun({ context, work, batch, nodeRun, endsAt, hasTime, moment });
		let failure: unknown;
		try {
			await work.poll(run);
		} catch (error) {
			failure = overtime.signal.aborted ? work.outOfTime(budgetMs) : error;
		}
		if (failure !== undefined && !isConnectorError(failure)) passOn(failure);
		const isTold = occasion !== 'sample' && hasConnectionOutput(context);
		const isKnown = isTold && (await tellState(run, work, batch, failure));
		const outputs = await batch.close();
		if (failure === undefined || outputs.length > 0) return outputs;
		if (await isError(failure, { context, work, batch, occasion, isKnown })) throw failure;
		return [];
	} finally {
		clearTimeout(timer);
		await finish();
	}
}

/** Where the vault fails there is nowhere to note what was told, so the process remembers it; the rest is as with any failure. */
function afterFailure(
	error: unknown,
	context: IPollFunctions,
	occasion: PollOccasion,
): OutputRow[][] {
	if (occasion === 'sample' || !isConnectorError(error) || !isOfVault(error)) passOn(error);
	if (occasion === 'start') {
		logProblem(context, error);
		return [];
	}
	const isFirst = isVaultTroubleToldFirst(pollKey(context), error, ERROR_PAUSE_MS);
	return occasion === 'publish' || isFirst ? passOn(error) : [];
}

async function openBatch(context: IPollFunctions, isSample: boolean): Promise<PollBatch> {
	const node = {
		...{ identity: nodeOf(context), context },
		intervalMs: pollIntervalOf(context.getNode().parameters.pollTimes),
	};
	return new PollBatch(await openVault(), node, isSample);
}

interface RunParts {
	context: IPollFunctions;
	work: PollWork;
	batch: PollBatch;
	nodeRun: NodeRun;
	endsAt: number;
	hasTime(): boolean;
	moment: BeginningMoment;
}

/** Says whether another piece of work fits in, as far as those before tell; the first question has none before it. */
function timeLeft(endsAt: number, lostAt: number): () => boolean {
	let askedAt: number | undefined;
	let longest = 0;
	return () => {
		const now = performance.now();
		longest = Math.max(longest, now - (askedAt ?? now));
		askedAt = now;
		return now < endsAt && now + longest < lostAt;
	};
}

function pollRun(parts: RunParts): PollRun {
	const { context, work, batch, nodeRun, endsAt, hasTime, moment } = parts;
	return {
		...nodeRun,
		...{ context, endsAt, hasTime, isSample: batch.isSample },
		get size() {
			return batch.size;
		},
		begin: async (wish) => {
			// With another credential there may be other things to read.
			const credentials = Object.values(context.getNode().credentials ?? {}).map(({ id }) => id);
			const settings = JSON.stringify([wish.settings, credentials]);
			const beginning = await Beginning.noted(batch, { ...wish, settings }, moment.at);
			moment.forget();
			return beginning;
		},
		open: async (wanted) => await batch.open(wanted),
		inTurn: async (parts, hasRoom = () => true) =>
			await readInTurn(batch, parts, {
				hasTime: () => hasTime() && hasRoom(),
				isOfAll: (error) => nodeRun.signal?.aborted === true || work.isBroken(error),
				mustWait: (error) => work.mustWait(error),
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

interface Circumstances {
	context: IPollFunctions;
	work: PollWork;
	batch: PollBatch;
	occasion: PollOccasion;
	/** The output *Connection* has told of it, so that it need not be an error. */
	isKnown: boolean;
}

/** Whether a failure is told as an error of the poll. */
async function isError(
	failure: ConnectorError,
	{ context, work, batch, occasion, isKnown }: Circumstances,
): Promise<boolean> {
	if (occasion === 'sample') return true;
	if (work.mustWait(failure) || isKnown) return false;
	const mayPass = failure.retryable && !isOfVault(failure);
	if (occasion === 'start' || (occasion === 'publish' && mayPass)) {
		logProblem(context, failure);
		return false;
	}
	const isFirst = await isToldFirst(context, batch, failure);
	return occasion === 'publish' || isFirst;
}

/**
 * Whether nobody was told of the same failure within the last hour: one with the same code, whatever its text tells by then, as long
 * as nobody has changed the node.
 */
async function isToldFirst(
	context: IPollFunctions,
	batch: PollBatch,
	{ code }: ConnectorError,
): Promise<boolean> {
	const failure = `${code} ${settingsDigest(context)}`;
	let isFirst = true;
	await batch.remember('errors', (present) => {
		const told = (Array.isArray(present) ? (present as unknown[]) : [])
			.filter(isRecord)
			.filter(({ at }) => Math.abs(Date.now() - Number(at)) < ERROR_PAUSE_MS);
		isFirst = told.every((one) => one.failure !== failure);
		return isFirst ? [...told, { failure, at: Date.now() }].slice(-MOST_ERRORS) : undefined;
	});
	return isFirst;
}
