import type { IPollFunctions } from 'n8n-workflow';
import { isConnectorError, passOn, type ConnectorError } from '../../errors';
import { isRecord } from '../../http';
import { settingsDigest } from '../nodeIdentity';
import type { OutputRow } from '../operation';
import { logProblem } from '../problemLog';
import { pollKey, type PollOccasion } from './occasion';
import type { PollBatch } from './pollBatch';
import { isOfVault, isVaultTroubleToldFirst } from './vaultTrouble';

/** The same failure is told again after so long, in milliseconds. */
const ERROR_PAUSE_MS = 3_600_000;

/** Errors of the last hour that are remembered. */
const MOST_ERRORS = 20;

/** Where the vault fails there is nowhere to note what was told, so the process remembers it; the rest is as with any failure. */
export function afterFailure(
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

/** Of a failure. */
export interface Circumstances {
	context: IPollFunctions;
	/** Only a limit has to be waited for. */
	mustWait: boolean;
	batch: PollBatch;
	occasion: PollOccasion;
	/** The output *Connection* has told of it, so that it need not be an error. */
	isKnown: boolean;
}

/** Whether a failure is told as an error of the poll. */
export async function isError(
	failure: ConnectorError,
	{ context, mustWait, batch, occasion, isKnown }: Circumstances,
): Promise<boolean> {
	if (occasion === 'sample') return true;
	if (mustWait || isKnown) return false;
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
