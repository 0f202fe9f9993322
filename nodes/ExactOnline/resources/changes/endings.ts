import type { OutputRow } from '../../../shared/node/operation';
import type { OperationCall } from '../operation';

/** Where the reading of a division has come, to be kept once its rows come out. */
export interface Ending {
	/** Nothing was read, so that there is nothing to be worked off. */
	isEmpty: boolean;
	/** @param isDone the rows are worked off */
	keep(isDone: boolean): Promise<void>;
}

/**
 * Keeps where an item has come, after all its divisions were read: rows that never come out must not be confirmed by
 * anybody. *Confirm at Once* waits for the last item for the same reason, and confirms nothing where n8n may throw the
 * rows away and try again.
 * @param rows those of the item
 */
export async function keepEndings(
	{ context, itemIndex, memory: { changes } }: OperationCall,
	endings: readonly Ending[],
	rows: readonly OutputRow[],
	confirmAtOnce: boolean,
): Promise<void> {
	for (const { isEmpty, keep } of endings) await keep(isEmpty);
	if (confirmAtOnce) {
		const toConfirm = endings.filter(({ isEmpty }) => !isEmpty);
		changes.toConfirm.push(...toConfirm.map((one) => async () => await one.keep(true)));
	}
	changes.items += 1;
	changes.hasErrorRows ||= rows.some(({ json }) => json.error !== undefined);
	const items = context.getInputData().length;
	if (itemIndex !== items - 1 || changes.toConfirm.length === 0) return;
	const hasFailed = changes.items < items || changes.hasErrorRows;
	if (hasFailed && context.getNode().retryOnFail === true) {
		context.addExecutionHints({ message: NOT_CONFIRMED, type: 'warning' });
		return;
	}
	for (const confirm of changes.toConfirm) await confirm();
}

const NOT_CONFIRMED =
	'Confirm at Once has confirmed nothing, because a part of the run failed and Retry On Fail may throw its rows away: they come again in the next run.';
