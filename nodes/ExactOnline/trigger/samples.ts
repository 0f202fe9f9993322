import type { PolledRow } from '../../shared/node/pollFrame';
import { readEndpoint, selectableFields } from '../catalogue/catalogue';
import type { ChangedEntity } from '../resources/changes/entities';
import type { OperationCall } from '../resources/operation';
import { listPages } from '../resources/records/listRows';
import { outputJson, recordKeys, type OutputPlan } from '../resources/records/outputFields';

/** Records that a run by hand shows. */
const SAMPLES = 5;

/** Records as a poll would give them, for a run by hand: what is read moves nothing on. */
export async function sampleRows(
	call: OperationCall,
	{ entity, plan }: { entity: ChangedEntity; plan: OutputPlan },
	division: number,
): Promise<PolledRow[]> {
	const endpoint = readEndpoint(entity.data.endpoint);
	const known = selectableFields(endpoint);
	const wanted = plan.select && [...new Set([...plan.select, ...endpoint.keyNames])];
	const query = {
		...{ endpoint, division, filterFields: [], expand: [], limit: SAMPLES },
		select: wanted?.filter((name) => known.includes(name)),
		...(known.includes('Modified') && { orderBy: 'Modified desc' }),
	};
	const ownPlan = { ...plan, endpoint };
	for await (const rows of listPages(call, query)) {
		return rows.slice(0, SAMPLES).map((row) => {
			const keys = recordKeys(endpoint, row);
			const json = { ...keys, change: 'changed', ...outputJson(ownPlan, row) };
			return { mark: String(keys.recordId), json };
		});
	}
	return [];
}
