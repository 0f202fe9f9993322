import type { AllowedDifference } from '../../../support/recordings/recording';

/** A difference that issue 8 asks for. */
export function allowed(
	path: string,
	change: AllowedDifference['change'],
	reason: string,
): AllowedDifference {
	return { path, change, issue: 8, reason };
}
