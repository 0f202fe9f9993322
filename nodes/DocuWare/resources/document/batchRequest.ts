import type { IDataObject } from 'n8n-workflow';
import { ConnectorError, isConnectorError, passOn } from '../../../shared/errors';
import { isRecord, parseObject } from '../../../shared/http';
import { cabinetLink } from '../../api/documentLinks';
import { VisitedPages } from '../../api/listPages';
import type { PlatformResource } from '../../api/platformClient';
import { unreadableAnswer } from '../../platform/strangeAnswers';
import { linkIn } from '../../platform/links';
import { saysNothing } from '../../platform/platformAnswers';
import { documentIdOf } from '../common/documentOutput';
import type { OperationCall } from '../operation';

/** Documents that are changed by one request. */
const BATCH_SIZE = 100;

/** One kind of change that is made to many documents (docs/facts/docuware.md 7.3). */
export interface BatchChange {
	contentType: string;
	/** What is sent for these documents. */
	body(documentIds: readonly number[]): Record<string, unknown>;
	/** What is sent for the further ones of an answer that links to them. */
	next(): Record<string, unknown>;
}

/** What has become of one document. */
export interface BatchRow {
	documentId: number;
	fileCabinetId: string;
	/** Null where DocuWare said nothing of it. */
	updated: boolean | null;
	/** DocuWare's own words; beside null those of failures of which it did not say which documents they are about. */
	error?: string;
}

/**
 * Makes a change to many documents, some at a time, and says what has become of each.
 *
 * @param stopsAtError whether the ones behind a failed document are left alone
 * @throws ConnectorError what the client throws; its message says how many documents were changed before
 */
export async function changeInBatches(
	call: Pick<OperationCall, 'client' | 'facts' | 'signal'>,
	cabinetId: string,
	documentIds: readonly number[],
	change: BatchChange,
	stopsAtError: boolean,
): Promise<BatchRow[]> {
	const rows: BatchRow[] = [];
	for (let at = 0; at < documentIds.length; at += BATCH_SIZE) {
		const ids = documentIds.slice(at, at + BATCH_SIZE);
		const answer = await oneBatch(call, cabinetId, ids, change).catch((error: unknown) =>
			passOn(withProgress(error, rows)),
		);
		rows.push(...rowsOf(answer, ids, cabinetId));
		if (stopsAtError && rows.some(hasFailed)) break;
	}
	const hasStopped = stopsAtError && rows.some(hasFailed);
	if (!hasStopped) return rows;
	const reached = rows.filter((row) => row.updated !== null || hasFailed(row));
	const done = new Set(reached.map(({ documentId }) => documentId));
	const left = documentIds.filter((id) => !done.has(id));
	return [...reached, ...left.map((documentId) => leftAlone(documentId, cabinetId))];
}

/** Also a document of which only one of the batch is known to have failed. */
function hasFailed({ updated, error }: BatchRow): boolean {
	return updated === false || error !== undefined;
}

function leftAlone(documentId: number, fileCabinetId: string): BatchRow {
	const error = 'Left as it is, since another document before could not be changed.';
	return { documentId, fileCabinetId, updated: false, error };
}

interface BatchAnswer {
	items: PlatformResource[];
	succeeded: number | undefined;
}

async function oneBatch(
	{ client, facts, signal }: Pick<OperationCall, 'client' | 'facts' | 'signal'>,
	cabinetId: string,
	ids: readonly number[],
	{ contentType, body, next }: BatchChange,
): Promise<BatchAnswer> {
	const visited = new VisitedPages();
	const items: PlatformResource[] = [];
	let succeeded: number | undefined;
	const { resource } = await facts.cabinet(cabinetId);
	let path: URL | undefined = cabinetLink(client, cabinetId, resource, 'batchUpdate');
	let sent = body(ids);
	while (path !== undefined) {
		const answer: { body: string } = await client.send({
			method: 'POST',
			path,
			headers: { 'Content-Type': contentType },
			body: JSON.stringify(sent),
			signal,
		});
		const result = resultOf(answer.body, path, ids.length - (succeeded ?? items.length));
		if (Array.isArray(result.Item)) items.push(...result.Item.filter(isRecord));
		if (typeof result.SuccessCount === 'number') {
			succeeded = (succeeded ?? 0) + result.SuccessCount;
		}
		// Of what a link to another server would tell, nothing is known.
		const url: URL | undefined = linkIn(client.session, result, 'next');
		path = url !== undefined && visited.add(url) ? url : undefined;
		sent = next();
	}
	return { items, succeeded };
}

/**
 * A server that says nothing at all has made the change: only failures have to be told.
 * @throws ConnectorError DOCUWARE_UNEXPECTED_ANSWER for anything else than a result
 */
function resultOf(body: string, { pathname }: URL, documents: number): PlatformResource {
	const result = parseObject(body) ?? (saysNothing(body) ? { SuccessCount: documents } : undefined);
	if (result !== undefined) return result;
	throw unreadableAnswer({ method: 'POST', path: pathname }, body, 'a result for each document');
}

function rowsOf(
	{ items, succeeded }: BatchAnswer,
	ids: readonly number[],
	fileCabinetId: string,
): BatchRow[] {
	const told = new Map<number, PlatformResource>();
	const nameless: string[] = [];
	for (const item of items) {
		const id = isRecord(item.Document) ? documentIdOf(item.Document) : null;
		if (id !== null) told.set(id, item);
		else if (messageOf(item) !== undefined) nameless.push(messageOf(item) ?? '');
	}
	const untold = ids.filter((id) => !told.has(id)).length;
	const haveAllFailed = nameless.length > 0 && (nameless.length >= untold || succeeded === 0);
	const words = [...new Set(nameless)].join(' ');
	return ids.map((documentId) => {
		const item = told.get(documentId);
		if (item !== undefined) {
			const error = messageOf(item);
			return { documentId, fileCabinetId, updated: error === undefined, ...(error && { error }) };
		}
		if (succeeded === ids.length) return { documentId, fileCabinetId, updated: true };
		const updated = haveAllFailed ? false : null;
		return { documentId, fileCabinetId, updated, ...(words !== '' && { error: words }) };
	});
}

function messageOf({ ErrorMessage: message }: PlatformResource): string | undefined {
	return typeof message === 'string' && message.trim() !== '' ? message.trim() : undefined;
}

/** What was changed before has to be known by whoever runs it again. */
function withProgress(error: unknown, rows: readonly BatchRow[]): unknown {
	if (!isConnectorError(error) || rows.length === 0) return error;
	const { code, message, repair, httpStatus, serviceMessage, retryable } = error;
	const last = rows.at(-1)?.documentId;
	return new ConnectorError(
		code,
		`${message} The first ${rows.length} documents, up to ${last}, had been sent and answered before.`,
		{ repair, httpStatus, serviceMessage, retryable, cause: error },
	);
}

/** Rows as output. */
export function batchOutput(rows: readonly BatchRow[]): Array<{ json: IDataObject }> {
	return rows.map((row) => ({ json: { ...row } }));
}
