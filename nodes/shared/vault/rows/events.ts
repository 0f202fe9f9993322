import { randomUUID } from 'node:crypto';

import { thisHolder } from '../../process/holder';
import type { SqlTransaction } from '../database/transaction';
import { closeAttempt, insertAttempt } from './attempts';
import { readRecordAsItIs } from './records';

/**
 * What a person has done with a record that no request shows: a registration given up or taken over, a
 * session forced, a raw secret put into an output.
 */
export type RecordEvent = 'release' | 'takeOver' | 'force' | 'includeSecret' | 'forget';

/** The run in which it was done, where n8n tells. */
export interface EventOrigin {
	workflowId: string | null;
	executionId: string | null;
}

/** Where n8n does not tell. */
export const UNKNOWN_RUN: EventOrigin = { workflowId: null, executionId: null };

/** Events belong to no secret, so that nobody takes one for an attempt to spend it. */
const NO_GENERATION = -1;

/** Writes an event into the log of attempts, which keeps it as long as those. */
export function* noteEvent(
	recordId: string,
	event: RecordEvent,
	{ workflowId, executionId }: EventOrigin,
): SqlTransaction<void> {
	const record = yield* readRecordAsItIs(recordId);
	if (record === undefined) return;
	const id = randomUUID();
	yield* insertAttempt({
		id,
		recordId: record.id,
		identity: record.identity,
		generation: NO_GENERATION,
		kind: event,
		spentFingerprint: '',
		holder: thisHolder(),
	});
	const where = `workflow ${workflowId ?? 'unknown'}, execution ${executionId ?? 'unknown'}`;
	yield* closeAttempt(id, 'noted', where);
}
