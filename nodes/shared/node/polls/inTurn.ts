import { isConnectorError, passOn, type ConnectorError } from '../../errors';
import type { PollBatch } from './pollBatch';

/** One of several things that a poll reads, each of which may fail alone. */
export interface PollPart {
	/** Names it among the others. */
	name: string;
	read(): Promise<void>;
}

/** What ends the reading of parts. */
export interface TurnRules {
	/** False once nothing more is to be begun. */
	hasTime(): boolean;
	/** Errors that would meet every part. */
	isOfAll(error: ConnectorError): boolean;
	/** Errors that say that a limit has to be waited for: no failure, the next poll goes on. */
	mustWait(error: ConnectorError): boolean;
	/** Told of a part that has failed where others have not. */
	onFailure(name: string, error: ConnectorError): void;
}

const NEXT = 'nextPart';

/**
 * Reads one part after another as long as there is time. The next poll begins with the first part that was not read, or
 * that has to wait, so that each has its turn; after one that has ended the whole poll, such as by taking all its time, with
 * the one behind it. A part that fails keeps its cursor.
 * @throws the error of the first part where all that were read have failed
 */
export async function readInTurn(
	batch: Pick<PollBatch, 'remember'>,
	parts: readonly PollPart[],
	rules: TurnRules,
): Promise<void> {
	const order = parts.length < 2 ? parts : await rotated(batch, parts);
	const failures: Array<[string, ConnectorError]> = [];
	let good = 0;
	let unread: string | undefined;
	let waiting: string | undefined;
	for (const [index, { name, read }] of order.entries()) {
		// One is read in any case: a poll whose time goes by before that would say nothing for ever.
		const isOver = !rules.hasTime();
		if (isOver && index > 0) {
			unread = name;
			break;
		}
		try {
			await read();
			good += 1;
		} catch (error) {
			if (!isConnectorError(error) || rules.isOfAll(error)) {
				await beginNextWith(batch, order[index + 1]?.name);
				passOn(error);
			}
			if (rules.mustWait(error)) {
				good += 1;
				waiting ??= name;
			} else failures.push([name, error]);
		}
	}
	await beginNextWith(batch, unread ?? waiting);
	const [first] = failures;
	if (first !== undefined && good === 0) throw first[1];
	for (const [name, error] of failures) rules.onFailure(name, error);
}

/** @param name undefined where the order may stay */
async function beginNextWith(
	batch: Pick<PollBatch, 'remember'>,
	name: string | undefined,
): Promise<void> {
	if (name === undefined) return;
	await batch.remember(NEXT, (present) => (present === name ? undefined : name));
}

async function rotated(
	batch: Pick<PollBatch, 'remember'>,
	parts: readonly PollPart[],
): Promise<PollPart[]> {
	let next: unknown;
	await batch.remember(NEXT, (present) => {
		next = present;
		return undefined;
	});
	const at = Math.max(
		0,
		parts.findIndex(({ name }) => name === next),
	);
	return [...parts.slice(at), ...parts.slice(0, at)];
}
