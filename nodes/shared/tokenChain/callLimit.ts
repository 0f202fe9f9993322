import { withinLimit } from '../process/presentMeanwhile';
import type { ChainContext, TokenClient } from './types';

/**
 * How long an execution without a usable token waits, in milliseconds. The renewal belongs to the
 * process and goes on, at most for as long as a token request may take.
 */
const LONGEST_CALL_MS = 20_000;

/**
 * What a renewal brings within the time that an execution waits; what comes later is kept all the same.
 * @throws what the renewal throws, or the policy's `unavailable` with the time to come again.
 */
export async function withinCallLimit<T>(
	{ policy }: ChainContext,
	{ host, clientId }: TokenClient,
	renewal: Promise<T>,
): Promise<T> {
	return await withinLimit(renewal, LONGEST_CALL_MS, () => {
		const detail = 'no answer yet; the request goes on, and what it brings is kept';
		const retryAt = Date.now() + LONGEST_CALL_MS;
		return policy.errors.unavailable({ host, identifier: clientId }, detail, retryAt);
	});
}
