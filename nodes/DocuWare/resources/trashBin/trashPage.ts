import type { IDataObject } from 'n8n-workflow';
import { isRecord } from '../../../shared/http';
import type { PlatformResource } from '../../api/platformClient';
import { readFieldValue } from '../../fields/readFields';
import { serviceDateText } from '../../fields/serviceDates';
import { unreadableAnswer } from '../../platform/strangeAnswers';
import { queryBody, type ConditionList } from '../../search/expression';
import { documentIdOf, documentJson } from '../common/documentOutput';
import { inFittingPages } from '../common/fittingPages';
import { withTimesAsTaken } from '../common/takenTimes';
import { isLastResult, type PageWish, type ResultPage } from '../document/searchRequest';
import type { OperationCall } from '../operation';
import { TRASH_PATHS, trashAddress } from './trashAddress';
import { TRASH_ID } from './trashFields';

/** When documents were deleted (docs/facts/docuware.md 7.3). */
const DELETED_AT = 'DELETEDATETIME';

/**
 * One page of the trash bin, the latest first: a table with a name for each column, or documents
 * (docs/facts/docuware.md 7.3). Each row has `Id`, by which it is known again.
 *
 * @throws ConnectorError DOCUWARE_UNEXPECTED_ANSWER for something else, and as the client
 */
export async function trashPage(
	call: OperationCall,
	list: ConditionList,
	wish: PageWish,
): Promise<ResultPage> {
	const { client, signal } = call;
	const { start, total } = wish;
	const query = total === true ? ([['calculateTotalCount', 'true']] as const) : [];
	const request = {
		path: await trashAddress(call, 'queryDocuments', query),
		headers: {
			Accept: 'application/vnd.docuware.platform.documentstable+json, application/json;q=0.9',
		},
		signal,
	};
	const terms = { sort: [{ field: DELETED_AT, direction: 'Desc' as const }] };
	const page = await inFittingPages(call, 'the trash bin', wish, async (fitting) => {
		const place = { start, count: fitting };
		return await withTimesAsTaken(client, list, (taken) =>
			client.query(request, queryBody(taken, terms, place)),
		);
	});
	const rows = tableRows(page) ?? itemsIn(page);
	if (rows === undefined) {
		const asked = { method: 'POST', path: TRASH_PATHS.queryDocuments, isQuery: true };
		throw unreadableAnswer(asked, JSON.stringify(page), 'a list of documents');
	}
	const { Value: value } = isRecord(page.Count) ? page.Count : {};
	return {
		rows,
		isLast: isLastResult(page, rows),
		count: typeof value === 'number' ? value : undefined,
	};
}

/** A row as a workflow wants it: its id in the trash bin first. */
export function trashRow(row: PlatformResource): IDataObject {
	const { Id: trashBinId, ...values } = row;
	if (!Array.isArray(row.Fields)) return { trashBinId, ...values } as IDataObject;
	const document = documentJson({ mode: 'selected', selected: undefined }, row);
	return {
		trashBinId,
		...document,
		documentId: documentIdOf({ Fields: row.Fields }),
	} as IDataObject;
}

/** Undefined where the answer is no table; without results it may lack its rows. */
function tableRows(page: PlatformResource): PlatformResource[] | undefined {
	const { Headers: headers, Rows: rows = [] } = page;
	if (!Array.isArray(headers) || !Array.isArray(rows)) return undefined;
	const names = (headers as unknown[]).map((header) =>
		String((isRecord(header) ? (header.FieldName ?? header.Name) : header) ?? ''),
	);
	return (rows as unknown[]).flatMap((row) => {
		const cells = cellsOf(row);
		return cells === undefined ? [] : [namedRow(names, cells)];
	});
}

/** A row is a list of cells, or an object that holds one. */
function cellsOf(row: unknown): unknown[] | undefined {
	if (Array.isArray(row)) return row;
	if (!isRecord(row)) return undefined;
	return Object.values(row).find((value): value is unknown[] => Array.isArray(value));
}

function namedRow(names: readonly string[], cells: readonly unknown[]): PlatformResource {
	const values = cells.map(cellValue);
	const named = names.flatMap((name, at): Array<[string, unknown]> =>
		name === '' ? [] : [[name, values[at] ?? null]],
	);
	const id = values.find((value) => typeof value === 'string' && TRASH_ID.test(value));
	const row = Object.fromEntries(named);
	return { ...row, Id: id ?? row.Id ?? row.ID ?? JSON.stringify(values) };
}

function cellValue(cell: unknown): unknown {
	if (isRecord(cell)) return 'Item' in cell ? readFieldValue(cell) : cell;
	return typeof cell === 'string' ? serviceDateText(cell) : cell;
}

function itemsIn({ Items: items }: PlatformResource): PlatformResource[] | undefined {
	return Array.isArray(items) ? (items as unknown[]).filter(isRecord) : undefined;
}
