import { divisionRow, divisionTables } from './divisions';
import { seedAccounts } from './accounts';
import type { Row } from '../odata/edm';
import type { EntityTable } from './entityTable';
import { genericTable } from './genericTable';
import { seedMasterData } from './masterData';
import { meTable } from './me';
import {
	DEFAULT_APPS,
	defaultDivisionCodes,
	defaultUsers,
	type SimulatedApp,
	type SimulatedUser,
} from './people';
import { Records } from './records';

/** Size and content of the simulated world; everything has a default. */
export interface WorldOptions {
	/** Seed of all made-up data, default `exact`. */
	seed?: string;
	apps?: SimulatedApp[];
	users?: SimulatedUser[];
	/** Number of divisions of the licence, default 75. */
	divisionCount?: number;
	/** Accounts per division: a number for all, or by division code; default 340 in the first. */
	accounts?: number | ((division: number, index: number) => number);
}

/** Apps, people, divisions and resources of one simulator. */
export class World {
	readonly apps: SimulatedApp[];
	readonly users: SimulatedUser[];
	/** Division codes in the order of their `Hid`. */
	readonly divisions: readonly number[];
	/** The rows of all resources that have no table of their own. */
	readonly records: Records;
	private readonly divisionRows: Row[];
	private readonly tables = new Map<string, EntityTable>();

	constructor(options: WorldOptions = {}) {
		const seed = options.seed ?? 'exact';
		this.divisions = defaultDivisionCodes(options.divisionCount ?? 75);
		this.apps = structuredClone(options.apps ?? [...DEFAULT_APPS]);
		this.users = structuredClone(options.users ?? defaultUsers(this.divisions));
		this.divisionRows = this.divisions.map((code, index) => divisionRow(code, index, seed));
		for (const table of divisionTables(this.divisionRows)) this.addTable(table);
		this.addTable(meTable());
		const { accounts = defaultAccountCount } = options;
		const countOf = (division: number): number =>
			typeof accounts === 'number'
				? accounts
				: accounts(division, this.divisions.indexOf(division));
		this.records = new Records((division) => {
			const rows = seedAccounts(division, countOf(division), seed);
			return new Map([['crm/Accounts', rows], ...seedMasterData(division, rows, seed)]);
		});
	}

	/** Adds a resource, or replaces the one at the same path. */
	addTable(table: EntityTable): void {
		this.tables.set(table.path, table);
	}

	/** Any documented resource, or one that was added; paths are case-sensitive (docs/facts/exact-online.md 4.3). */
	table(path: string): EntityTable | undefined {
		const known = this.tables.get(path) ?? genericTable(path, this.records);
		if (known) this.tables.set(path, known);
		return known;
	}

	/**
	 * Moves a division to another database, docs/facts/exact-online.md 2.2 and 5.
	 * @param now milliseconds of the simulator's clock
	 */
	moveDivision(division: number, now: number): void {
		const row = this.divisionRows.find(({ Code }) => Code === division);
		if (!row) throw new Error(`No division ${division}.`);
		row['DivisionMoveDate'] = now;
		this.records.renumber(division);
	}

	user(userId: string): SimulatedUser | undefined {
		return this.users.find((user) => user.userId === userId);
	}

	app(clientId: string): SimulatedApp | undefined {
		return this.apps.find((app) => app.clientId === clientId);
	}
}

function defaultAccountCount(_division: number, index: number): number {
	return index === 0 ? 340 : 3 + (index % 10);
}
