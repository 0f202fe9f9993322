import type { LinesData, ResourceData } from '../../catalogue/firstClass/resourceData';
import type { RecordTarget } from '../records/target';

/** A kind of document that has lines. */
export type DocumentTarget = RecordTarget & { data: ResourceData & { lines: LinesData } };

/** Whether a resource has lines. */
export function hasLines(target: RecordTarget): target is DocumentTarget {
	return target.data?.lines !== undefined;
}
