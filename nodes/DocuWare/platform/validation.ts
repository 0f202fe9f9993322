import { isRecord } from '../../shared/http';

/**
 * What DocuWare is told when it asks before storing (docs/facts/docuware.md 8.6): any other status than `OK`
 * means refused, and the user reads the reason.
 */
export type ValidationAnswer = { Status: 'OK' | 'Failed'; Reason: string };

/** The same as an item of a workflow; its third member tells it from the output of any other node. */
export type MarkedAnswer = ValidationAnswer & { validation: 'accepted' | 'refused' };

/** Longest reason; more does not fit into the message that DocuWare shows. */
const LONGEST_REASON = 1_000;

/** Lets the document be stored or changed. */
export function accepted(): MarkedAnswer {
	return { validation: 'accepted', Status: 'OK', Reason: '' };
}

/** Keeps the document from being stored or changed. */
export function refused(reason: string): MarkedAnswer {
	const text = reason.trim() || 'The document was refused by a check in n8n.';
	return { validation: 'refused', Status: 'Failed', Reason: text.slice(0, LONGEST_REASON) };
}

/** Whether a value is one of the two answers above, as they were made: a node behind them may add to it, but change nothing of it. */
export function isMarkedAnswer(value: unknown): value is MarkedAnswer {
	if (!isRecord(value) || typeof value.Reason !== 'string') return false;
	const { validation, Status: status, Reason: reason } = value;
	return (
		(validation === 'accepted' && status === 'OK' && reason === '') ||
		(validation === 'refused' && status === 'Failed')
	);
}
