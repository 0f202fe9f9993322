import type { FunctionsBase } from 'n8n-workflow';
import { processState } from '../process/processState';
import { rememberLatest } from '../process/rememberLatest';
import { toNodeError } from './nodeErrors';
import { nodeOf } from './nodeIdentity';

/** The same is told again after so long, in milliseconds. */
const PAUSE_MS = 3_600_000;

const MOST_REMEMBERED = 1_000;

/** What a node has of n8n to tell its log. */
export type LoggingContext = Pick<
	FunctionsBase,
	'getNode' | 'getInstanceId' | 'getWorkflow' | 'logger'
>;

/** Says in n8n's log, without secrets, what went wrong; `error` where something could not be done, else `warn`. */
export function logProblem(
	context: LoggingContext,
	error: unknown,
	{ level = 'warn', ...about }: { level?: 'warn' | 'error'; [name: string]: unknown } = {},
): void {
	const { message, description } = toNodeError(context.getNode(), error);
	context.logger[level](message, { node: context.getNode().name, description, ...about });
}

/**
 * The same at most once an hour of a node with the same text, whatever numbers are in it: for what anybody on the internet can
 * bring about as often as he likes.
 */
export function logSeldom(
	context: LoggingContext,
	error: unknown,
	about: Parameters<typeof logProblem>[2] = {},
): void {
	const told = processState('toldProblems1', () => new Map<string, number>());
	const { message } = toNodeError(context.getNode(), error);
	const name = JSON.stringify([...nodeOf(context), message.replaceAll(/\d+/g, '0')]);
	const before = told.get(name);
	if (before !== undefined && performance.now() - before < PAUSE_MS) return;
	rememberLatest(told, name, performance.now(), MOST_REMEMBERED);
	logProblem(context, error, about);
}
