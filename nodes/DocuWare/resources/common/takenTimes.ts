import { isConnectorError, passOn } from '../../../shared/errors';
import type { PlatformClient, PlatformResource } from '../../api/platformClient';
import { serviceOffset } from '../../fields/serviceDates';
import type { ConditionList } from '../../search/expression';
import { withPlainTimes } from '../../search/plainTimes';

/** Who asks: what is found out about the service holds for all items of a run that share the memory. */
export interface TimeAsker {
	client: PlatformClient;
	memory?: object;
}

/** Of services that refuse times with a zone, how far their clock is ahead of UTC (ms), by their addresses. */
const clocks = new WeakMap<object, Map<string, number>>();

/**
 * Asks with times in the form that the service takes. They go out with their zone, so that it does not matter which one
 * the service takes for granted. One that refuses them with 422 is asked again with times as the vendor shows them, by
 * its own clock, which its answers tell, else by UTC (docs/facts/docuware.md 6.2, 6.3); for the rest of the run at once.
 *
 * @throws ConnectorError what asking throws; where both are refused, that of the first
 */
export async function withTimesAsTaken(
	asker: TimeAsker,
	list: ConditionList,
	ask: (list: ConditionList) => Promise<PlatformResource>,
): Promise<PlatformResource> {
	if (!list.conditions.some(({ isTime }) => isTime)) return await ask(list);
	const known = clocksFor(asker);
	const { baseUrl } = asker.client.session;
	const clock = known.get(baseUrl);
	if (clock !== undefined) return await ask(withPlainTimes(list, clock));
	try {
		return await ask(list);
	} catch (refusal) {
		if (!isRefusal(refusal)) passOn(refusal);
		const inUtc = await ask(withPlainTimes(list, 0)).catch((error: unknown) => {
			throw isRefusal(error) ? refusal : error;
		});
		const offset = serviceOffset(inUtc.TimeStamp) ?? 0;
		known.set(baseUrl, offset);
		return offset === 0 ? inUtc : await ask(withPlainTimes(list, offset));
	}
}

function clocksFor({ memory, client }: TimeAsker): Map<string, number> {
	const key = memory ?? client;
	const found = clocks.get(key) ?? new Map<string, number>();
	clocks.set(key, found);
	return found;
}

function isRefusal(error: unknown): boolean {
	return isConnectorError(error) && error.code === 'DOCUWARE_VALIDATION';
}
