import { compareValues, type EdmValue, type Row } from '../odata/edm';

/** Rows that are put in their place one by one. */
const FEW = 20;

/** What became of a row, in the words of a webhook (docs/facts/exact-online.md 6). */
export type ChangeAction = 'Create' | 'Update' | 'Delete';

/** The rows of one resource in one division, found by their key and kept in its order. */
export class RowSet {
	private readonly byKey = new Map<string, Row>();
	private ordered: Row[] = [];
	/** Rows that have not found their place yet, so that many are sorted at once. */
	private pending: Row[] = [];

	/**
	 * @param keys names of the key fields; a row's key never changes
	 * @param onChange told of each row that came, took the place of another, or went
	 */
	constructor(
		private readonly keys: readonly string[],
		private readonly onChange: (action: ChangeAction, row: Row) => void = () => {},
	) {}

	/** In the order of their keys. */
	get rows(): readonly Row[] {
		if (this.pending.length > FEW) {
			this.ordered = [...this.ordered, ...this.pending].sort((left, right) =>
				this.compare(left, right),
			);
		} else {
			for (const row of this.pending) this.ordered.splice(this.placeOf(row), 0, row);
		}
		this.pending = [];
		return this.ordered;
	}

	find(key: readonly EdmValue[]): Row | undefined {
		return this.byKey.get(JSON.stringify(key));
	}

	/** Adds a row, or puts it in the place of the one with its key. */
	add(row: Row): void {
		const known = this.byKey.get(this.nameOf(row));
		if (known) this.take(known);
		this.byKey.set(this.nameOf(row), row);
		this.pending.push(row);
		this.onChange(known ? 'Update' : 'Create', row);
	}

	remove(row: Row): void {
		if (this.take(row)) this.onChange('Delete', row);
	}

	private take(row: Row): boolean {
		if (!this.byKey.delete(this.nameOf(row))) return false;
		const index = this.rows.indexOf(row);
		if (index >= 0) this.ordered.splice(index, 1);
		return true;
	}

	private nameOf(row: Row): string {
		return JSON.stringify(this.keys.map((key) => row[key] ?? null));
	}

	/** Index of the first row whose key is not smaller. */
	private placeOf(row: Row): number {
		let low = 0;
		let high = this.ordered.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			const other = this.ordered[middle];
			if (other && this.compare(other, row) < 0) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	private compare(left: Row, right: Row): number {
		for (const key of this.keys) {
			const order = compareValues(left[key] ?? null, right[key] ?? null);
			if (order !== 0) return order;
		}
		return 0;
	}
}
