import type { IDataObject } from 'n8n-workflow';
import { ConnectorError, isConnectorError, passOn } from '../../../shared/errors';
import { isRecord } from '../../../shared/http';
import type { OutputRow } from '../../../shared/node/operation';
import { sendForResource } from '../../api/files/sendForResource';
import { withMore } from '../../api/files/uploadErrors';
import type { OperationCall } from '../operation';
import { trashAddress } from './trashAddress';
import { readTrashIds } from './trashFields';

/** What is done with documents of the trash bin. */
export interface TrashWork {
	rel: 'batchDelete' | 'batchRestore';
	/** Member of the output that says whether it was done. */
	member: 'restored' | 'deleted';
	/** What was not done, in a sentence. */
	failed: string;
}

/** Most ids of a request; one of thousands would be in doubt as a whole where its answer is lost. */
const MOST_IDS = 500;

/**
 * Restores or deletes documents of the trash bin and says of each what was done (docs/facts/docuware.md 7.3).
 * @throws ConnectorError DOCUWARE_TRASH_BIN_FAILED where it was done with none that is known; what the client throws, whose message
 *   says what was done before
 */
export async function trashRows(call: OperationCall, work: TrashWork): Promise<OutputRow[]> {
	const ids = readTrashIds(call);
	const rows: OutputRow[] = [];
	for (let at = 0; at < ids.length; at += MOST_IDS) {
		const done = await batch(call, work, ids.slice(at, at + MOST_IDS)).catch((error: unknown) =>
			passOn(withProgress(error, work, rows, ids.length)),
		);
		for (const json of done) rows.push({ json });
	}
	const failures = rows.filter(({ json }) => json[work.member] !== true);
	if (failures.length === rows.length) throw noneDone(work, rows);
	if (failures.length > 0) {
		call.context.addExecutionHints({
			message: `${failures.length} of ${rows.length} documents were not ${work.member}; their items say so.`,
			type: 'warning',
			location: 'outputPane',
		});
	}
	return rows;
}

/** What was done before has to be known by whoever runs it again. */
function withProgress(
	error: unknown,
	{ member }: TrashWork,
	rows: readonly OutputRow[],
	all: number,
): unknown {
	if (!isConnectorError(error) || rows.length === 0) return error;
	const done = rows.filter(({ json }) => json[member] === true).length;
	const last = String(rows.at(-1)?.json.trashBinId);
	return withMore(error, {
		message: `Of the ${all} documents the first ${rows.length}, up to ${last}, had been sent and answered before; ${done} of them were ${member}.`,
	});
}

async function batch(
	call: OperationCall,
	{ rel, member }: TrashWork,
	ids: readonly string[],
): Promise<IDataObject[]> {
	const { client, signal } = call;
	const answer = await sendForResource(client, {
		method: 'POST',
		path: await trashAddress(call, rel),
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ Id: ids }),
		signal,
	});
	return told(ids, answer).map(([trashBinId, done, reason]) => ({
		...{ trashBinId, [member]: done },
		...(reason !== undefined && { reason }),
	}));
}

/** What has become of a document: null where DocuWare does not say. */
type Fate = [id: string, done: boolean | null, reason?: string];

/** What an answer says of each document, and why where it failed. */
function told(ids: readonly string[], answer: Record<string, unknown>): Fate[] {
	const failed = Array.isArray(answer.FailedItems) ? (answer.FailedItems as unknown[]) : [];
	const count = typeof answer.SuccessCount === 'number' ? answer.SuccessCount : undefined;
	const reasons = new Map<string, string>();
	const nameless: unknown[] = [];
	for (const failure of failed) {
		const about = idsOf(failure, ids);
		if (about.length === 0) nameless.push(failure);
		for (const id of about) {
			if (!reasons.has(id)) reasons.set(id, reasonOf(failure, id) ?? NO_REASON);
		}
	}
	const words = [...new Set(nameless.map((one) => reasonOf(one) ?? ''))].join(' ').trim();
	const untold = ids.length - reasons.size;
	const isTold =
		count === undefined ? nameless.length === 0 && saysOfFailures(answer) : count === untold;
	const haveAllFailed = count === 0 || (nameless.length > 0 && nameless.length >= untold);
	return ids.map((id): Fate => {
		const reason = reasons.get(id);
		if (reason !== undefined) return [id, false, reason];
		if (isTold) return [id, true];
		if (haveAllFailed) return [id, false, words === '' ? NO_REASON : words];
		const isSilent = count === undefined && nameless.length === 0;
		const done = isSilent
			? 'DocuWare does not say what it did'
			: `DocuWare did it with ${count ?? 'some'} of ${ids.length} and does not say with which`;
		return [id, null, words === '' ? `${done}.` : `${done}: ${words}`];
	});
}

const NO_REASON = 'DocuWare gives no reason.';

/** An answer without a failure tells of success where it is empty, or could have named one. */
function saysOfFailures(answer: Record<string, unknown>): boolean {
	return Object.keys(answer).length === 0 || 'FailedItems' in answer;
}

/**
 * The documents that a failure is about. How failures are written is not known: a text, or an object with the id in one of its
 * members; where none is an id, one may stand as a word in a sentence.
 */
function idsOf(failure: unknown, ids: readonly string[]): string[] {
	const values = isRecord(failure) ? Object.values(failure) : [failure];
	const texts = values.map((value) => String(value).toLowerCase());
	const named = ids.filter((id) => texts.includes(id.toLowerCase()));
	if (named.length > 0) return named;
	const words = new Set(texts.flatMap((text) => text.split(/[^\w.-]+/).map(withoutStop)));
	return ids.filter((id) => words.has(id.toLowerCase()));
}

function withoutStop(word: string): string {
	return word.replace(/\.+$/, '');
}

/** @param id of the document, which is no reason */
function reasonOf(failure: unknown, id = ''): string | undefined {
	const { Message, ErrorMessage, Reason, Error: error } = isRecord(failure) ? failure : {};
	return [Message, ErrorMessage, Reason, error, failure].find(
		(text): text is string =>
			typeof text === 'string' && text.trim() !== '' && text.toLowerCase() !== id.toLowerCase(),
	);
}

/** Of documents of which DocuWare told nothing it cannot be said that nothing was done with them. */
function noneDone({ failed, member }: TrashWork, rows: readonly OutputRow[]): ConnectorError {
	const unknown = rows.find(({ json }) => json[member] === null);
	const { reason } = (unknown ?? rows[0])?.json ?? {};
	const what = unknown === undefined ? failed : `It is not known which documents were ${member}`;
	return new ConnectorError('DOCUWARE_TRASH_BIN_FAILED', `${what}: ${String(reason)}`, {
		repair:
			'Search the trash bin again: the documents may be restored or deleted already. Else the user of the credential needs the right to it.',
	});
}
