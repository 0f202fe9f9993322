import { randomUUID } from 'node:crypto';
import type { Row } from '../odata/edm';
import { deletedEntityType, lineAmongDocuments, OF_LINE } from './deletedEntityTypes';
import { endpointFacts } from './endpointFacts';
import type { TableContext } from './entityTable';
import { RowSet, type ChangeAction } from './rowSet';
import { twinRows } from './twinRows';

/** First version of a division's rows; beyond what an Int32 holds, as at Exact. */
const FIRST_TIMESTAMP = 7_000_000_001;

/** A row that came, changed or went. */
export interface RecordChange {
	division: number;
	/** CRUD endpoint of the row. */
	path: string;
	action: ChangeAction;
	row: Row;
}

interface DivisionRecords {
	sets: Map<string, RowSet>;
	deleted: RowSet;
	timestamp: number;
	/** True while it gets the rows that it has from the beginning, which are no change. */
	filling: boolean;
}

/** Rows of a division when it is first asked for, by resource. */
export type RowSeed = (division: number) => ReadonlyMap<string, readonly Row[]>;

/**
 * The rows of all divisions, by the CRUD endpoint that they belong to, with the version of each row and
 * the deletions (docs/facts/exact-online.md 5).
 */
export class Records {
	private readonly divisions = new Map<number, DivisionRecords>();

	private readonly twins = new Map<string, { version: number; rows: readonly Row[] }>();

	/** Told of each change, perhaps several times of one. */
	onChange: (change: RecordChange) => void = () => {};

	constructor(private readonly seed: RowSeed) {}

	/** The rows of one resource in one division. */
	set(division: number, path: string): RowSet {
		const records = this.division(division);
		let found = records.sets.get(path);
		if (!found) {
			found = new RowSet(endpointFacts(path).keys, (action, row) => {
				if (!records.filling) this.onChange({ division, path, action, row });
			});
			records.sets.set(path, found);
		}
		return found;
	}

	/** Tells that a row has other values than before. */
	changed(division: number, path: string, row: Row): void {
		this.onChange({ division, path, action: 'Update', row });
	}

	/** The same where only the row is known. */
	rowChanged(division: number, row: Row): void {
		for (const [path, set] of this.allSets(division)) {
			const key = endpointFacts(path).keys.map((name) => row[name] ?? null);
			if (set.find(key) === row) this.changed(division, path, row);
		}
	}

	/** The rows of all resources that have any. */
	allSets(division: number): ReadonlyMap<string, RowSet> {
		return this.division(division).sets;
	}

	/** What `sync/Deleted` tells of a division. */
	deleted(division: number): RowSet {
		return this.division(division).deleted;
	}

	/** What a bulk or sync endpoint shows, in the order of its key. */
	twinRows(division: number, path: string): readonly Row[] {
		const cached = this.twins.get(`${division} ${path}`);
		const version = this.upcomingTimestamp(division);
		if (cached?.version === version) return cached.rows;
		const rows = twinRows(path, division, this);
		this.twins.set(`${division} ${path}`, { version, rows });
		return rows;
	}

	/** Gives a row the next version of its division. */
	stamp(division: number, row: Row): void {
		row['Timestamp'] = this.nextTimestamp(division);
	}

	/** The version that the next change gets. */
	upcomingTimestamp(division: number): number {
		return this.division(division).timestamp;
	}

	/** Takes a row away and notes its deletion, if `sync/Deleted` tells of that kind of row. */
	delete(
		path: string,
		row: Row,
		{ user, now, stampedAt = now }: TableContext,
		division: number,
	): void {
		this.set(division, path).remove(row);
		const ofLine = lineAmongDocuments(path);
		const entityType = deletedEntityType(path) ?? ofLine;
		const timestamp = this.nextTimestamp(division);
		if (entityType === undefined) return;
		const [key = 'ID'] = endpointFacts(path).keys;
		this.deleted(division).add({
			ID: randomUUID(),
			Timestamp: timestamp,
			EntityKey: row[key] ?? null,
			EntityType: entityType,
			DeletedBy: user.userId,
			DeletedDate: stampedAt,
			Division: division,
			...(ofLine !== undefined && { [OF_LINE]: true }),
		});
	}

	/**
	 * A move of the division to another database: all versions are given anew from the beginning, and
	 * deletions are forgotten (docs/facts/exact-online.md 5).
	 */
	renumber(division: number): void {
		const records = this.division(division);
		records.timestamp = FIRST_TIMESTAMP;
		records.deleted = new RowSet(['Timestamp']);
		this.twins.clear();
		for (const set of records.sets.values()) {
			for (const row of set.rows) this.stamp(division, row);
		}
	}

	private nextTimestamp(division: number): number {
		const records = this.division(division);
		records.timestamp += 1;
		return records.timestamp - 1;
	}

	private division(code: number): DivisionRecords {
		const known = this.divisions.get(code);
		if (known) return known;
		const records: DivisionRecords = {
			sets: new Map<string, RowSet>(),
			deleted: new RowSet(['Timestamp']),
			timestamp: FIRST_TIMESTAMP,
			filling: true,
		};
		this.divisions.set(code, records);
		for (const [path, rows] of this.seed(code)) {
			const set = this.set(code, path);
			for (const row of rows) {
				this.stamp(code, row);
				set.add(row);
			}
		}
		records.filling = false;
		return records;
	}
}
