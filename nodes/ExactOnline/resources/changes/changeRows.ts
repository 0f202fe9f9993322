import type { IDataObject } from 'n8n-workflow';
import type { OutputRow } from '../../../shared/node/operation';
import { readEndpoint } from '../../catalogue/catalogue';
import { rowTypes } from '../../catalogue/fieldTypes';
import { answerRow } from '../../odata/answers';
import { outputJson, recordKeys, type OutputPlan } from '../records/outputFields';
import { withWords } from '../records/wordLists';
import type { ExactRow } from '../../wire/exactTypes';
import { documentsByKey, type ReadPlace } from './changeSource';
import { hasLines, type ChangedEntity } from './entities';
import { DELETED, type ChangedRecord, type DeletedRecord } from './syncReading';

/** What has become of a record, as rows tell it. */
export const CHANGED = 'created or changed';

/**
 * Rows of what was made or changed. A document of which lines alone have changed is fetched; where it is gone
 * by now, its key has to do.
 * @param known documents that were fetched before; undefined for one that is gone
 */
export async function changedRows(
	entity: ChangedEntity,
	asked: OutputPlan,
	place: ReadPlace,
	records: readonly ChangedRecord[],
	known: ReadonlyMap<string, ExactRow | undefined> = new Map(),
): Promise<OutputRow[]> {
	if (records.length === 0) return [];
	const plan = await withWords(place.call, place.division, asked);
	const lineOnly = records.filter(({ row, id }) => row === undefined && !known.has(id));
	const ids = lineOnly.map(({ id }) => id);
	const fetched = ids.length === 0 ? undefined : await documentsByKey(entity, place, ids);
	const ownPlan = { ...plan, endpoint: readEndpoint(entity.data.endpoint) };
	return records.map(({ id, row, lines }) => {
		const found = row ?? known.get(id) ?? fetched?.get(id);
		const keys = found === undefined ? { recordId: id } : recordKeys(plan.endpoint, found);
		const fields = found === undefined ? {} : outputJson(row ? plan : ownPlan, found);
		const changedLineIds = hasLines(entity) && { changedLineIds: lines };
		return { json: { ...keys, change: CHANGED, ...changedLineIds, ...fields } };
	});
}

/** Rows of what was deleted: of lines it is not known which document they were of. */
export function deletedRows(plan: OutputPlan, deletions: readonly DeletedRecord[]): OutputRow[] {
	const types = rowTypes(readEndpoint(DELETED));
	return deletions.map(({ id, isLine, row }) => {
		const { DeletedDate = null, DeletedBy = null } = answerRow(row, types) as IDataObject;
		const what = isLine
			? { recordId: null, lineId: id, change: 'line deleted' }
			: { recordId: id, change: 'deleted' };
		const raw = plan.mode === 'raw' ? (row as IDataObject) : {};
		return { json: { ...what, deletedAt: DeletedDate, deletedBy: DeletedBy, ...raw } };
	});
}
