import type { IDataObject } from 'n8n-workflow';
import { ConnectorError, isConnectorError, passOn } from '../../../shared/errors';
import { isRecord, parseObject } from '../../../shared/http';
import { cabinetLink } from '../../api/documentLinks';
import { VisitedPages } from '../../api/listPages';
import type { PlatformClient, PlatformResource } from '../../api/platformClient';
import { unreadableAnswer } from '../../platform/strangeAnswers';
import { linkIn } from '../../platform/links';
import { linksOf, saysNothing } from '../../platform/platformAnswers';
import { shownPath } from '../../platform/serverAddress';
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
	/** DocuWare's own words; beside null those of failures that it puts on no document, or how many it changed. */
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
		rows.push(...rowsOf(answer, ids, cabinetId, stopsAtError));
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
	/**
	 * How many documents were changed, where it is told: whether the count of a further page is its own or a running total is not
	 * known, so of several the largest is the least, and the sum the most.
	 */
	succeeded: { least: number; most: number } | undefined;
	/** False where the answer goes on elsewhere. */
	isWhole: boolean;
}

async function oneBatch(
	{ client, facts, signal }: Pick<OperationCall, 'client' | 'facts' | 'signal'>,
	cabinetId: string,
	ids: readonly number[],
	{ contentType, body, next }: BatchChange,
): Promise<BatchAnswer> {
	const visited = new VisitedPages();
	const items: PlatformResource[] = [];
	let succeeded: BatchAnswer['succeeded'];
	let isWhole = true;
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
		const result = resultOf(client, answer.body, path);
		if (Array.isArray(result?.Item)) items.push(...result.Item.filter(isRecord));
		succeeded = countedWith(succeeded, result, ids.length);
		if (result === undefined) break;
		// Of what a link to another server would tell, nothing is known.
		const url: URL | undefined = linkIn(client.session, result, 'next');
		isWhole = url !== undefined || !linksOf(result).has('next');
		path = url !== undefined && visited.add(url) ? url : undefined;
		sent = next();
	}
	return { items, succeeded, isWhole };
}

/**
 * Undefined where the server says nothing at all.
 * @throws ConnectorError DOCUWARE_UNEXPECTED_ANSWER for anything else than a result
 */
function resultOf(client: PlatformClient, body: string, path: URL): PlatformResource | undefined {
	const result = parseObject(body);
	if (result !== undefined || saysNothing(body)) return result;
	const asked = { method: 'POST', path: shownPath(client.session, path) };
	throw unreadableAnswer(asked, body, 'a result for each document');
}

/** A server that says nothing at all has made the change: only failures have to be told. */
function countedWith(
	before: BatchAnswer['succeeded'],
	result: PlatformResource | undefined,
	documents: number,
): BatchAnswer['succeeded'] {
	if (result === undefined) return { least: documents, most: documents };
	const { SuccessCount: count } = result;
	if (typeof count !== 'number') return before;
	const { least, most } = before ?? { least: 0, most: 0 };
	return { least: Math.max(least, count), most: most + count };
}

function rowsOf(
	answer: BatchAnswer,
	ids: readonly number[],
	fileCabinetId: string,
	stopsAtError: boolean,
): BatchRow[] {
	const told = new Map<number, PlatformResource>();
	const nameless: string[] = [];
	for (const item of answer.items) {
		const id = isRecord(item.Document) ? documentIdOf(item.Document) : null;
		if (id !== null) told.set(id, item);
		else if (messageOf(item) !== undefined) nameless.push(messageOf(item) ?? '');
	}
	const failed = [...told.values()].filter((item) => messageOf(item) !== undefined).length;
	const done = told.size - failed;
	const untold = ids.filter((id) => !told.has(id)).length;
	const fate = fateOf(answer, { ...{ done, failed, untold, nameless }, stopsAtError });
	return ids.map((documentId) => {
		const item = told.get(documentId);
		if (item === undefined) return { documentId, fileCabinetId, ...fate };
		const error = messageOf(item);
		return { documentId, fileCabinetId, updated: error === undefined, ...(error && { error }) };
	});
}

/** Documents of a request of which each is told, and failures without a document. */
interface Told {
	done: number;
	failed: number;
	untold: number;
	nameless: readonly string[];
	stopsAtError: boolean;
}

/** What can be said of the documents of which nothing was told by name. */
function fateOf(
	{ succeeded, isWhole }: BatchAnswer,
	{ done, failed, untold, nameless, stopsAtError }: Told,
): Pick<BatchRow, 'updated' | 'error'> {
	if (isWhole && succeeded?.least === done + untold) return { updated: true };
	const isNone = isWhole && succeeded?.most === 0 && done === 0;
	if (nameless.length > 0) {
		const haveAllFailed = nameless.length >= untold || isNone;
		return { updated: haveAllFailed ? false : null, error: [...new Set(nameless)].join(' ') };
	}
	if (!isWhole || succeeded === undefined) return { updated: null };
	// These stand behind the failed one, which is told.
	if (stopsAtError && failed > 0 && succeeded.most <= done) return { updated: null };
	const all = done + failed + untold;
	if (isNone)
		return { updated: false, error: `DocuWare says that it changed none of ${all} documents.` };
	if (succeeded.most >= done + untold) return { updated: null };
	return {
		updated: null,
		error: `DocuWare says that it changed ${succeeded.most} of ${all} documents, and nothing of this one.`,
	};
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
