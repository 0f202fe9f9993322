import type { Json } from './differences';
import { asJson } from './differences';
import type { Placeholders } from './placeholders';
import type { RawRow, RawVault, TableName } from './rawVault';
import { TABLE_NAMES } from './rawVault';
import {
	fingerprintAsRecorded,
	keyCheckAsRecorded,
	NOT_TOLD_EVERYWHERE,
	openAsRecorded,
} from './storedFormat';

/** What is needed to read the rows of a vault. */
export interface RowReader {
	/** The encryption key. */
	key: string;
	/** Names for what the test knows; names of records and spent tokens are added. */
	names: Placeholders;
	/** Secrets of accounts, by name: their keyed digests are recognized. */
	secrets?: Record<string, string>;
}

/** What can be told of a vault that a run has used. */
export interface RecordedRun {
	/** The rows at the end, each under a name that says what it is about. */
	tables: Record<TableName, Record<string, Json>>;
	/** Every value that was ever written where only certain words are understood. */
	words: Record<string, string[]>;
}

/** Reads a vault: opens what is sealed as the recorded version does, and names what it recognizes. */
export function recordedRun(vault: RawVault, reader: RowReader): RecordedRun {
	const written = vault.written();
	const everyRecord = written.filter(({ table }) => table === 'record').map(({ row }) => row);
	reader.names.add(keyCheckAsRecorded(reader.key), 'key check');
	nameRecords([...everyRecord, ...vault.rows('record')], reader);
	const table = (name: TableName) => labelled(name, vault.rows(name), reader);
	return {
		tables: Object.fromEntries(TABLE_NAMES.map((name) => [name, table(name)])) as Record<
			TableName,
			Record<string, Json>
		>,
		words: wordsWritten(written, reader),
	};
}

function nameRecords(records: readonly RawRow[], reader: RowReader): void {
	const { key, names, secrets = {} } = reader;
	for (const row of records) {
		const id = String(row.id);
		for (const [name, secret] of Object.entries(secrets)) {
			const proof = fingerprintAsRecorded(key, 'docuware proof', id, secret);
			names.add(proof, `docuware proof: record, ${name}`);
		}
		const reference = fingerprintAsRecorded(key, 'docuware session reference', id);
		names.add(reference.slice(0, 32), 'docuware session reference: record');
		nameSpent(row, reader);
		// The identity a record has at last is its name; a provisional one comes before it.
		names.add(id, `record ${names.inText(String(row.identity))}`);
	}
}

/** What of a record's secret can be spent, by the digest that attempts hold. */
function nameSpent(row: RawRow, { key, names }: RowReader): void {
	const secret = (opened(key, row) ?? {}) as {
		refreshToken?: string;
		loginToken?: { value: string } | null;
		sourceToken?: { value: string } | null;
	};
	const spendable = [
		['refresh token', secret.refreshToken, `of generation ${String(row.generation)}`],
		['docuware spent', secret.loginToken?.value, 'login token'],
		['docuware spent', secret.sourceToken?.value, 'token of the record'],
	] as const;
	for (const [purpose, value, name] of spendable) {
		if (value === undefined) continue;
		names.add(fingerprintAsRecorded(key, purpose, value), `${purpose}: ${name}`);
	}
}

/** The content of a record's seal; undefined where it is not sealed as recorded. */
function opened(key: string, { id, generation, sealed }: RawRow): unknown {
	try {
		return JSON.parse(openAsRecorded(key, String(sealed), `${String(id)}:${String(generation)}`));
	} catch {
		return undefined;
	}
}

function labelled(
	table: TableName,
	rows: readonly RawRow[],
	reader: RowReader,
): Record<string, Json> {
	const found: Record<string, Json> = {};
	for (const row of rows) {
		const label = reader.names.inText(LABELS[table].map((column) => String(row[column])).join(' '));
		let unique = label;
		for (let n = 2; unique in found; n += 1) unique = `${label} (${n})`;
		found[unique] = recordedRow(table, row, reader);
	}
	return found;
}

/** Columns that say what a row is about. */
const LABELS: Record<TableName, string[]> = {
	meta: ['name'],
	record: ['identity'],
	authorization: ['fingerprint'],
	attempt: ['identity', 'kind', 'outcome'],
	lease: ['name'],
	refusal: ['record_id', 'secret_fingerprint'],
	use: ['use_id', 'record_id'],
	item: ['scope', 'name'],
};

function recordedRow(table: TableName, row: RawRow, reader: RowReader): Json {
	return Object.fromEntries(
		Object.entries(row).map(([column, value]) => {
			if (column === 'holder') return [column, holderShape(String(value))];
			if (column === 'detail') return [column, codeIn(value)];
			if (table === 'record' && column === 'sealed') return [column, sealedShape(row, reader)];
			return [column, reader.names.in(withoutWords(structured(value)))];
		}),
	);
}

/** A text column may hold JSON. */
function structured(value: string | number | null): Json {
	return typeof value === 'string' && value.startsWith('{') ? (JSON.parse(value) as Json) : value;
}

/** Sentences for people may change. */
const WORDS_FOR_PEOPLE = ['label', 'wayInReason'];

function withoutWords(value: Json): Json {
	if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, member]) => [
			name,
			WORDS_FOR_PEOPLE.includes(name) && typeof member === 'string' ? '<words>' : member,
		]),
	);
}

/** Of a sentence only the error code counts with which it may begin: that is read again. */
function codeIn(detail: string | number | null): Json {
	if (typeof detail !== 'string') return detail;
	return detail.replace(/^([A-Z]+_[A-Z_]+: )?.*$/s, '$1<words>');
}

/** The holder in one line: its members and their kinds. */
function holderShape(text: string): Json {
	// A mark that outlives its process has no holder.
	if (text === 'null') return null;
	return Object.entries(JSON.parse(text) as Record<string, unknown>)
		.map(([name, value]) => {
			const kind = NOT_TOLD_EVERYWHERE.includes(name) ? 'string or null' : typeof value;
			return `${name}: ${kind}`;
		})
		.sort()
		.join(', ');
}

function sealedShape(row: RawRow, { key }: RowReader): Json {
	if (row.sealed === '') return '';
	const content = opened(key, row);
	return content === undefined
		? 'not sealed as recorded'
		: { sealedFor: '<id>:<generation>', holds: secretShape(asJson(content)) };
}

/** Members of secrets whose texts are words and no secrets. */
const OPEN_WORDS = ['kind', 'usage'];

function secretShape(value: Json, name = ''): Json {
	if (typeof value === 'string') {
		if (name === 'cookies') return cookieJarShape(value);
		return OPEN_WORDS.includes(name) ? value : '<text>';
	}
	if (typeof value === 'number') return value > 1e12 ? '<time>' : value;
	if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([member, inner]) => [member, secretShape(inner, member)]),
	);
}

/** The jar as tough-cookie writes it: which cookies, for which host and path. */
function cookieJarShape(text: string): Json {
	const { cookies } = JSON.parse(text) as { cookies: Array<Record<string, unknown>> };
	return Object.fromEntries(
		cookies.map((cookie) => [String(cookie.key), Object.keys(cookie).sort().join(', ')]),
	);
}

function wordsWritten(
	written: ReadonlyArray<{ table: TableName; row: RawRow }>,
	{ names }: RowReader,
): Record<string, string[]> {
	const all = (table: TableName, ...columns: string[]) =>
		distinct(
			written
				.filter((one) => one.table === table)
				.map(({ row }) => columns.map((column) => names.inText(String(row[column]))).join(' ')),
		);
	const sessionStates = written
		.filter(({ table }) => table === 'record')
		.flatMap(({ row }) => (JSON.parse(String(row.meta)) as { state?: string }).state ?? []);
	return {
		leases: all('lease', 'name'),
		attempts: all('attempt', 'kind', 'outcome'),
		recordStates: all('record', 'state', 'broken_code'),
		sessionStates: distinct(sessionStates),
		identities: all('record', 'identity'),
		services: all('record', 'service', 'provisional'),
		policies: all('authorization', 'policy'),
		refusals: all('refusal', 'code'),
		uses: all('use', 'use_id'),
		items: all('item', 'scope'),
	};
}

function distinct(values: readonly string[]): string[] {
	return [...new Set(values)].sort();
}
