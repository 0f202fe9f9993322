import { ConnectorError } from '../../../shared/errors';
import type { Endpoint } from '../../catalogue/types';
import type { ExactRow } from '../../wire/exactTypes';

/** Fields of an answer in which Exact says that a part has failed, though the status is 201. */
const FAILURE = /(?:CreationError|ErrorMessage|Errors)$/;

/** Those in which it says what it has done. */
const SUCCESS = /(?:CreationSuccess|SuccessMessage)$/;

/** Whether an endpoint does something, and holds no records: it takes nothing but POST. */
export function isAction({ methods }: Pick<Endpoint, 'methods'>): boolean {
	return methods.every((method) => method === 'POST');
}

/**
 * A 201 may say in texts that the document was made and the mail was not (docs/facts/exact-online.md 7.2).
 * @param name of the action
 * @throws ConnectorError EXACT_ACTION_FAILED with Exact's words, and what was done all the same
 */
export function refuseFailures(name: string, answer: ExactRow): void {
	const textsOf = (pattern: RegExp) =>
		Object.entries(answer).flatMap(([field, value]) =>
			pattern.test(field) && typeof value === 'string' && value.trim() !== ''
				? [`${field}: ${value.trim()}`]
				: [],
		);
	const failures = textsOf(FAILURE);
	if (failures.length === 0) return;
	const successes = textsOf(SUCCESS);
	const done = successes.length === 0 ? '' : ` Done all the same: ${successes.join('; ')}`;
	throw new ConnectorError(
		'EXACT_ACTION_FAILED',
		`${name} has failed at Exact Online, at least in part. ${failures.join('; ')}${done}`,
		{ repair: 'Correct what the message names, and look at the record before doing it again.' },
	);
}
