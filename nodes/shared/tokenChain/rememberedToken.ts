import type { RememberedToken } from './chainMemory';
import { marginFor } from './plan';
import type { ChainPolicy } from './types';

/** Whether a remembered token may be handed out as it is: enough life left, and no refresh due. */
export function isFreshInMemory(
	token: RememberedToken,
	length: 'normal' | 'long',
	policy: ChainPolicy,
): boolean {
	if (token.requestedAt === null || token.receivedAt === null) return true;
	const now = performance.now();
	return (
		now + marginFor(length, token.lifeMs) < token.requestedAt + token.lifeMs &&
		now < token.receivedAt + token.lifeMs * policy.refreshFrom
	);
}

/**
 * Whether a token that was refused has ended by one of the clocks, or may have because its age is
 * not known for certain.
 */
export function hasEnded(token: RememberedToken): boolean {
	const { requestedAt, validUntilWall, ageUncertain, lifeMs } = token;
	if (requestedAt === null || validUntilWall === null || ageUncertain) return true;
	return performance.now() >= requestedAt + lifeMs || Date.now() >= validUntilWall;
}
