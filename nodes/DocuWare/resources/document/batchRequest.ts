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
		const answer = await oneBatch(call, cabinetId, { ids, stopsAtError }, change).catch(
			(error: unknown) => passOn(withProgress(error, rows)),
		);
		rows.push(...rowsOf(answer, ids, cabinetId, stopsAtError));
		const reason = stopsAtError ? reasonToStop(answer) : undefined;
		if (reason === undefined) continue;
		const unsent = documentIds.slice(at + BATCH_SIZE);
		const error = `Left as it is, since ${reason}.`;
		const left = { fileCabinetId: cabinetId, updated: false, error };
		return [...rows, ...unsent.map((documentId) => ({ documentId, ...left }))];
	}
	return rows;
}

const ONE_FAILED = 'another document before could not be changed';

/**
 * Why nothing more is sent. A count that is only short is no failure, since documents that have the values already may not be
 * counted; nothing at all, neither counted nor told, looks like one.
 */
function reasonToStop({ items, succeeded, isWhole }: BatchAnswer): string | undefined {
	if (items.some((item) => messageOf(item) !== undefined)) return ONE_FAILED;
	const isNone = isWhole && succeeded?.most === 0 && items.length === 0;
	return isNone ? 'DocuWare counted none of the documents before as changed' : undefined;
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
	{ ids, stopsAtError }: { ids: readonly number[]; stopsAtError: boolean },
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
		// What stands behind the link is changed only where it is followed.
		const isLast = stopsAtError && items.some((item) => messageOf(item) !== undefined);
		path = !isLast && url !== undefined && visited.add(url) ? url : undefined;
		isWhole = (!isLast && url !== undefined) || !linksOf(result).has('next');
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

/** Ids of the answer that were not asked for say nothing of those that were. */
function rowsOf(
	answer: BatchAnswer,
	ids: readonly number[],
	fileCabinetId: string,
	stopsAtError: boolean,
): BatchRow[] {
	const asked = new Set(ids);
	const told = new Map<number, PlatformResource>();
	const nameless: string[] = [];
	for (const item of answer.items) {
		const id = isRecord(item.Document) ? documentIdOf(item.Document) : null;
		if (id !== null && asked.has(id)) told.set(id, item);
		else if (id === null && messageOf(item) !== undefined) nameless.push(messageOf(item) ?? '');
	}
	const hasFailed = (id: number) => messageOf(told.get(id) ?? {}) !== undefined;
	const failed = ids.filter(hasFailed).length;
	const done = told.size - failed;
	const untold = ids.length - told.size;
	const fate = fateOf(answer, { done, failed, untold, nameless });
	// A batch that breaks has left alone what stands behind the failed one, where none but the named ones were changed.
	const { succeeded, isWhole } = answer;
	const hasBroken = stopsAtError && isWhole && succeeded !== undefined && succeeded.most <= done;
	const firstFailed = ids.findIndex(hasFailed);
	const leftAlone = { updated: false, error: `Left as it is, since ${ONE_FAILED}.` };
	return ids.map((documentId, at) => {
		const item = told.get(documentId);
		if (item === undefined) {
			const isLeft = hasBroken && firstFailed >= 0 && at > firstFailed && nameless.length === 0;
			return { documentId, fileCabinetId, ...(isLeft ? leftAlone : fate) };
		}
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
}

/** What can be said of the documents of which nothing was told by name. */
function fateOf(
	{ succeeded, isWhole }: BatchAnswer,
	{ done, failed, untold, nameless }: Told,
): Pick<BatchRow, 'updated' | 'error'> {
	if (isWhole && succeeded?.least === done + untold) return { updated: true };
	const isNone = isWhole && succeeded?.most === 0 && done === 0;
	if (nameless.length > 0) {
		const haveAllFailed = nameless.length >= untold || isNone;
		return { updated: haveAllFailed ? false : null, error: [...new Set(nameless)].join(' ') };
	}
	if (!isWhole || succeeded === undefined) return { updated: null };
	if (succeeded.most >= done + untold) return { updated: null };
	const count = isNone ? 'none' : succeeded.most;
	const all = done + failed + untold;
	return {
		updated: null,
		error: `DocuWare says that it changed ${count} of ${all} documents, and nothing of this one.`,
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
