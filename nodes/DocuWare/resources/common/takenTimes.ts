import { isConnectorError, passOn } from '../../../shared/errors';
import { rememberLatest } from '../../../shared/process/rememberLatest';
import type { PlatformClient, PlatformResource } from '../../api/platformClient';
import { serviceOffset } from '../../fields/serviceDates';
import type { ConditionList } from '../../search/expression';
import { withPlainTimes } from '../../search/plainTimes';

/** Most servers that are remembered. */
const MOST_SERVERS = 100;

/** Of servers that refuse times with a zone, how far their clock is ahead of UTC (ms), by their addresses. */
const clocks = new Map<string, number>();

/**
 * Asks with times in the form that the service takes. They go out with their zone, so that it does not matter which one
 * the service takes for granted. One that refuses them with 422 is asked again with times as the vendor shows them, by
 * its own clock, which its answers tell, else by UTC (docs/facts/docuware.md 6.2, 6.3); from then on at once, until it
 * refuses those.
 *
 * @throws ConnectorError what asking throws; where both are refused, that of the first
 */
export async function withTimesAsTaken(
	{ session: { baseUrl } }: PlatformClient,
	list: ConditionList,
	ask: (list: ConditionList) => Promise<PlatformResource>,
): Promise<PlatformResource> {
	if (!list.conditions.some(({ isTime }) => isTime)) return await ask(list);
	const known = clocks.get(baseUrl);
	if (known !== undefined) return await byClock(known).catch(withZone);
	try {
		return await ask(list);
	} catch (refusal) {
		if (!isRefusal(refusal)) passOn(refusal);
		return await byClock(0).catch((error: unknown) => passOn(isRefusal(error) ? refusal : error));
	}

	/** As where the server was updated meanwhile. */
	async function withZone(refusal: unknown): Promise<PlatformResource> {
		if (!isRefusal(refusal)) passOn(refusal);
		const answer = await ask(list).catch((error: unknown) =>
			passOn(isRefusal(error) ? refusal : error),
		);
		clocks.delete(baseUrl);
		return answer;
	}

	/** A clock that was put forward or back meanwhile shows in the answer, and is asked by again. */
	async function byClock(clock: number): Promise<PlatformResource> {
		const answer = await ask(withPlainTimes(list, clock));
		const shown = serviceOffset(answer.TimeStamp) ?? clock;
		rememberLatest(clocks, baseUrl, shown, MOST_SERVERS);
		return shown === clock ? answer : await ask(withPlainTimes(list, shown));
	}
}

function isRefusal(error: unknown): boolean {
	return isConnectorError(error) && error.code === 'DOCUWARE_VALIDATION';
}
