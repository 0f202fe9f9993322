import { ConnectorError, passOn } from '../../../shared/errors';
import { readValueOptions } from '../../../shared/node/valueOptionFields';
import { openVault } from '../../../shared/vault/place/openVault';
import { underSubjectLease } from '../../../shared/vault/subjectLease';
import { isLeaseTimeout } from '../../../shared/vault/vaultErrors';
import { ALL_FIELDS_DIALOG } from '../../api/cabinetFacts';
import { invalidParameter } from '../../api/clientErrors';
import type { PlatformResource } from '../../api/platformClient';
import { readFields } from '../../fields/readFields';
import { conditionsOf, type SearchField } from '../../search/conditions';
import type { SearchExpression } from '../../search/expression';
import { isTakenLiterally } from '../../search/literals';
import { searchFieldNamed } from '../../search/searchFields';
import type { OperationCall } from '../operation';
import { documentPages } from './documentPages';
import { PAGE_ROWS, type SearchCaller } from './searchRequest';

/** What documents are to have in common with a new one to be the same. */
export interface DocumentMatch {
	fileCabinetId: string;
	expression: SearchExpression;
	/** Texts of which a search finds others as well; those that it finds are compared with them. */
	texts: ReadonlyMap<string, string>;
	/** Keywords that a document is to have, and no other ones; a search finds those with more of them, too. */
	keywords: ReadonlyMap<string, readonly string[]>;
	/** The same for all who look for the same. */
	subject: string;
}

/**
 * What makes a document the same as a new one: values of chosen index fields.
 *
 * @param values by name in the database or label; none of them may be empty, since that would fit any document
 * @throws ConnectorError DOCUWARE_INVALID_VALUE for an empty value, one that does not fit its field, a table, or an
 *   unknown field; DOCUWARE_INVALID_PARAMETER where no field is given
 */
export async function readMatch(
	call: OperationCall,
	fileCabinetId: string,
	values: Readonly<Record<string, unknown>>,
): Promise<DocumentMatch> {
	const entries = Object.entries(values);
	if (entries.length === 0) {
		throw invalidParameter(
			'No field is chosen by which an existing document is found.',
			'Choose one or more index fields that tell a document from all others, such as its number.',
		);
	}
	const { names } = await call.facts.cabinet(fileCabinetId);
	const options = readValueOptions(call);
	const texts = new Map<string, string>();
	const keywords = new Map<string, string[]>();
	const subjects: string[] = [];
	const groups = entries.flatMap(([typed, value]) => {
		const field = searchFieldNamed(names, typed);
		// All keywords have to be there; a list would else mean any of them.
		const single = Array.isArray(value) && value.length > 0 ? (value as unknown[]) : [value];
		if (field.type === 'Keyword') keywords.set(field.name, single.map(String));
		return single.map((one) => {
			rememberText(texts, field, one);
			const row = { field: typed, value: isText(field) ? trimmed(one) : one };
			const same = conditionsOf(field, { ...row, operator: 'is' }, options);
			subjects.push(JSON.stringify(same).toLowerCase());
			// Whether DocuWare keeps blanks around a text is not known, nor how it searches for them.
			return row.value === one
				? same
				: conditionsOf(field, { ...row, operator: 'contains' }, options);
		});
	});
	// However the values are written, and in whatever order the fields stand.
	const subject = JSON.stringify(subjects.sort());
	const expression: SearchExpression = { operation: 'And', groups };
	return { fileCabinetId, expression, texts, keywords, subject };
}

function rememberText(texts: Map<string, string>, field: SearchField, value: unknown) {
	const text = isText(field) && value !== null && value !== undefined ? String(value) : '';
	if (text !== '' && !(isTakenLiterally(text) && trimmed(text) === text))
		texts.set(field.name, text);
}

function isText({ type }: SearchField): boolean {
	return type === 'Text' || type === 'Memo';
}

function trimmed(value: unknown): unknown {
	return typeof value === 'string' ? value.trim() : value;
}

/**
 * The documents that match, with all of their index fields, by their ids.
 * @param atMost so many are looked for; two tell that it is not a single one
 * @throws ConnectorError what a search throws
 */
export async function findDocuments(
	call: SearchCaller,
	{ fileCabinetId, expression, texts, keywords }: DocumentMatch,
	atMost = 2,
): Promise<PlatformResource[]> {
	const found: PlatformResource[] = [];
	const pages = documentPages(call, {
		fileCabinetId,
		dialogId: ALL_FIELDS_DIALOG,
		expression,
		// One that is checked out, or appended to another, is there all the same: without it a second copy would be stored. A
		// flag that is missing beside the other may count as off.
		terms: { sort: [], flags: { includeCheckedOut: true, includeAppended: true } },
		// Where some of those found may be left out, more have to be looked at.
		limit: texts.size + keywords.size > 0 ? Infinity : Math.min(atMost, PAGE_ROWS),
		knowsIds: async () => true,
	});
	for await (const page of pages) {
		found.push(...page.filter((row) => hasTexts(row, texts) && hasKeywords(row, keywords)));
		if (found.length >= atMost) break;
	}
	return found.slice(0, atMost);
}

function hasTexts(row: PlatformResource, texts: ReadonlyMap<string, string>): boolean {
	if (texts.size === 0) return true;
	const values = readFields(row.Fields, ({ FieldName: name }) => texts.has(String(name)));
	return [...texts].every(([name, text]) => isSame(values[name], text));
}

/** Their order, and how often one is given, do not matter. */
function hasKeywords(
	row: PlatformResource,
	keywords: ReadonlyMap<string, readonly string[]>,
): boolean {
	if (keywords.size === 0) return true;
	const values = readFields(row.Fields, ({ FieldName: name }) => keywords.has(String(name)));
	return [...keywords].every(([name, wanted]) => {
		const value = values[name];
		const stored: unknown[] = Array.isArray(value) ? value : [value];
		return (
			stored.every((one) => wanted.some((other) => isSame(one, other))) &&
			wanted.every((one) => stored.some((other) => isSame(other, one)))
		);
	});
}

/** Compared as DocuWare does it: without case and accents; blanks around a text are none of it. */
function isSame(value: unknown, text: string): boolean {
	if (typeof value !== 'string') return false;
	return value.trim().localeCompare(text.trim(), undefined, { sensitivity: 'base' }) === 0;
}

/**
 * Looks for a document and does what depends on it, while no other worker does so for the same one: both would find
 * none, and both would store it. The lease is one of the vault, so it holds for all workers; whoever uploads a large file
 * under it is waited for.
 *
 * @throws ConnectorError VAULT_LEASE_TIMEOUT, which says what to do
 */
export async function underMatchLease<T>(
	{ session, signal }: Pick<OperationCall, 'session' | 'signal'>,
	{ fileCabinetId, subject }: DocumentMatch,
	work: () => Promise<T>,
): Promise<T> {
	const parts = [session.baseUrl, fileCabinetId.toLowerCase(), subject];
	const wanted = { kind: 'docuWareDocument', parts, waitMs: MATCH_WAIT_MS };
	let hasBegun = false;
	const begin = async () => {
		hasBegun = true;
		return await work();
	};
	return await underSubjectLease(await openVault(), wanted, signal, begin).catch((error: unknown) =>
		passOn(hasBegun ? error : stillBeingStored(error)),
	);
}

/** A file of 1 GB goes out in this time at 14 Mbit/s. */
const MATCH_WAIT_MS = 600_000;

function stillBeingStored(error: unknown): unknown {
	if (!isLeaseTimeout(error)) return error;
	return new ConnectorError(
		error.code,
		`Another run has been storing or changing the document with these values of Fields to Match for ${MATCH_WAIT_MS / 60_000} minutes. Nothing was sent.`,
		{
			repair:
				'Run again once the other run has ended; If It Exists Already then finds its document. Retry On Fail in the settings of this node does so by itself.',
			retryable: true,
			cause: error,
		},
	);
}
