import type { IDataObject } from 'n8n-workflow';
import { answerRow } from '../../odata/answers';
import type { ExactRow } from '../../wire/exactTypes';

/**
 * An entity as a workflow wants it: without `__metadata` and links to what was not fetched, expanded
 * collections as plain arrays, `/Date(ms)/` as an ISO time.
 */
export function simplify(row: ExactRow): IDataObject {
	return answerRow(row, undefined) as IDataObject;
}
