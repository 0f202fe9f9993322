import { isRecord } from '../../../shared/http';
import { filterField } from '../../catalogue/fieldTypes';
import type { CreditNoteData, ResourceData } from '../../catalogue/firstClass/resourceData';
import type { ValueOptions } from '../../odata/edm';
import { comparison } from '../../odata/filterRows';
import { bodyValue } from '../../odata/values';
import { readEndpoint } from '../../catalogue/catalogue';
import { takeRows } from '../../../shared/node/listFields';
import type { ExactRow } from '../../wire/exactTypes';
import type { OperationCall } from '../operation';
import { matchingRecords, namingFields, type Place } from './findRecord';
import { pagesOf } from './listRules';

/**
 * What the total of its lines tells of a new entry, of which Exact Online sets the type itself: below zero a credit note, above
 * zero an entry, nothing without lines or at zero (docs/facts/exact-online.md 7.2).
 */
export interface NewEntry {
	kind: 'credit' | 'entry' | 'unknown';
	/** Code of its journal. */
	journal: unknown;
}

/** Fields of an entry that tell what it is. */
const TELLING = ['Type', 'AmountFC'];

/** Entries with one reference that are read to tell them apart. */
const MOST_OF_ONE_REFERENCE = 20;

/** Amounts that differ by less are equal: sums of fractions are not exact. */
const NOTHING = 1e-6;

/** What is known of a new entry before it is made; undefined for what has a type of its own, or none. */
export function newEntry(
	{ creditNote, lines }: Partial<ResourceData>,
	values: Readonly<Record<string, unknown>>,
	options: ValueOptions,
): NewEntry | undefined {
	if (creditNote === undefined || lines === undefined) return undefined;
	const rows = values[lines.field];
	const total = (Array.isArray(rows) ? rows : []).reduce(
		(sum: number, row: unknown) => sum + amountOf(row, options),
		0,
	);
	const kind = total < -NOTHING ? 'credit' : total > NOTHING ? 'entry' : 'unknown';
	return { kind, journal: values.Journal };
}

/** What no number can be made of tells nothing; it is refused when the body is made. */
function amountOf(row: unknown, options: ValueOptions): number {
	try {
		return isRecord(row) ? Number(bodyValue('Double', row.AmountFC ?? 0, options)) : Number.NaN;
	} catch {
		return Number.NaN;
	}
}

/**
 * Entries that match a filter and may be the one that is wanted: of an entry and its credit note with one reference only one is.
 * What may be either counts, since a second entry is worse than a question.
 *
 * @throws those of the request
 */
export async function matchingEntries(
	call: OperationCall,
	place: Place,
	filter: string,
	entry: NewEntry,
): Promise<readonly ExactRow[]> {
	if (place.data?.creditNote === undefined || entry.kind === 'unknown') {
		return await matchingRecords(call, place, filter);
	}
	const $select = fieldsToTell(place).join(',');
	const $top = MOST_OF_ONE_REFERENCE;
	const rows = await matchingRecords(call, place, filter, { $select, $top });
	return await entriesAmong(call, place, rows, entry);
}

/** The fields that tell records apart; of entries also what they are. */
export function fieldsToTell(place: Pick<Place, 'endpoint' | 'data'>): string[] {
	const telling = place.data?.creditNote === undefined ? [] : TELLING;
	return [...new Set([...namingFields(place), ...telling])];
}

/**
 * Those of the rows with one reference that may be the entry that is wanted; all of what has no credit notes.
 * @throws those of the request for the type of the journal
 */
export async function entriesAmong(
	call: OperationCall,
	place: Place,
	rows: readonly ExactRow[],
	entry: NewEntry | undefined,
): Promise<readonly ExactRow[]> {
	const credit = place.data?.creditNote;
	if (credit === undefined || entry === undefined || entry.kind === 'unknown') return rows;
	const isCredit = ({ Type }: ExactRow) => Number(Type) === credit.type;
	if (entry.kind === 'credit') {
		return rows.filter((row) => isCredit(row) || Number(row.AmountFC) < 0);
	}
	const others = rows.filter((row) => !isCredit(row));
	// In a journal of credit notes an amount above zero may well be one.
	if (others.length === rows.length) return rows;
	return (await isOfCreditNotes(call, place, entry, credit)) ? rows : others;
}

async function isOfCreditNotes(
	call: OperationCall,
	{ division }: Place,
	{ journal }: NewEntry,
	{ journalType }: CreditNoteData,
): Promise<boolean> {
	const code = String(journal ?? '').trim();
	const { journalTypes } = call.memory;
	const key = JSON.stringify([call.client.userKey, division, code]);
	const type = journalTypes.get(key) ?? typeOfJournal(call, division, code);
	journalTypes.set(key, type);
	// A passing fault is no fact about the journal.
	type.catch(() => journalTypes.delete(key));
	return (await type) === journalType;
}

async function typeOfJournal(
	{ client, signal }: OperationCall,
	division: number,
	code: string,
): Promise<number | undefined> {
	const endpoint = readEndpoint('financial/Journals');
	const $filter = comparison(filterField(endpoint, 'Code'), 'eq', code);
	const query = { $select: 'ID,Type', $filter, $top: 1 };
	const pages = pagesOf(client, { endpoint, division }, { query, signal });
	const [row] = await takeRows(pages, 1);
	return row === undefined ? undefined : Number(row.Type);
}
