import type { ConnectorError } from '../../../shared/errors';
import { dayLimit } from '../clientErrors';
import { isUsedUpDay } from './callWindows';
import type { ClientState } from './clientState';
import { heldBack, type CountedRequest } from './endpointErrors';

/** Under which names copies of this package that were loaded before kept what they counted in this process. */
export interface EarlierNames {
	calls: string;
	errors: string;
}

/**
 * What an earlier copy in this process has counted and this one cannot find in the store, until n8n is restarted.
 * @returns EXACT_RATE_LIMIT_DAY or EXACT_ERROR_BUDGET; undefined where that holds nothing back
 */
export function heldBackByEarlierCopy(
	{ divisions, errors }: ClientState,
	names: EarlierNames,
	now: number,
	request: CountedRequest & { isUnguarded?: boolean },
): ConnectorError | undefined {
	const day = divisions.get(names.calls)?.day;
	if (day && isUsedUpDay(day, now)) return dayLimit(request, day.resetAt);
	const counted = request.isUnguarded ? undefined : errors.get(names.errors);
	return counted && heldBack(counted, now, request);
}
