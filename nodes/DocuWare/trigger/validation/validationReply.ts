import type { LateAnswer, TakenResponse } from '../../../shared/node/takenResponse';
import {
	isMarkedAnswer,
	refused,
	type MarkedAnswer,
	type ValidationAnswer,
} from '../../platform/validation';

/** Why DocuWare is told no where the workflow has said nothing; a user of DocuWare reads it. */
const REASONS = {
	failed: 'The check in n8n failed, so nothing was stored. Please tell the administrator of n8n.',
	noAnswer:
		'The check in n8n ended without an answer, so nothing was stored. Please tell the administrator of n8n.',
	late: (seconds: number) =>
		`The check in n8n has not answered within ${seconds} ${seconds === 1 ? 'second' : 'seconds'}, so nothing was stored. Please try again.`,
};

/**
 * Passes on what n8n answers when the workflow has ended (docs/facts/n8n.md, "Answers of webhooks"), checked and always
 * with status 200; refuses by itself once the time is over. What n8n says later is dropped.
 *
 * @param limitMs from now on, in milliseconds
 * @returns when DocuWare has its answer
 */
export async function replyWithin(response: TakenResponse, limitMs: number): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<ValidationAnswer>((resolve) => {
		timer = setTimeout(() => resolve(told(refused(REASONS.late(limitMs / 1000)))), limitMs);
		timer.unref();
	});
	const ended = response.later.then(checkedAnswer);
	const body = await Promise.race([ended, late]);
	clearTimeout(timer);
	response.answer({ status: 200, body });
}

/**
 * What DocuWare is told, by what n8n wanted to answer: the items that the last node of the workflow put out, or an error.
 * All have to be answers of *Validation: Accept* and *Refuse*, and one refusal is enough.
 */
export function checkedAnswer({ status, body }: LateAnswer): ValidationAnswer {
	if (status >= 400) return told(refused(REASONS.failed));
	const items: unknown[] = Array.isArray(body) ? body : [body];
	const answers = items.filter(isMarkedAnswer);
	if (items.length === 0 || answers.length < items.length) return told(refused(REASONS.noAnswer));
	const reasons = answers.flatMap(({ Status: status, Reason: reason }) =>
		status === 'Failed' ? [reason] : [],
	);
	if (reasons.length === 0) return { Status: 'OK', Reason: '' };
	return told(refused([...new Set(reasons)].join('\n')));
}

/** What of an answer DocuWare expects. */
export function told({ Status, Reason }: MarkedAnswer): ValidationAnswer {
	return { Status, Reason };
}
