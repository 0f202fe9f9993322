import type { ModifiedSource } from '../../../../../../nodes/ExactOnline/resources/changes/modifiedReading';
import type { ExactRow } from '../../../../../../nodes/ExactOnline/wire/exactTypes';

export const MINUTE = 60_000;
export const BEGIN = Date.parse('2026-10-25T00:00:00Z');

/** Rows of one page. */
const PAGE = 2;

interface Entry {
	modified: number | null;
	value: number;
}

/** How a change is written. */
interface Manner {
	/** An entry of old, which does not say when it was changed. */
	isUndated?: boolean;
	/** Minutes after which it shows, with the time at which it was written. */
	late?: number;
}

/** Entries that say when they were changed, by clocks that may go back an hour. */
export class DatedEntries {
	private readonly written: Array<Entry & { id: string; showsAt: number }> = [];
	now = BEGIN;
	/** What the service's clock shows beyond that of Greenwich, ms; less than none in America. */
	shift = 2 * 60 * MINUTE;

	/** @param which of those there are; another one is made where there is none of that number */
	change(which: number, { isUndated = false, late = 0 }: Manner = {}): void {
		const id = `e${which}`;
		const before = this.written.filter((one) => one.id === id);
		const modified = isUndated && before.length === 0 ? null : this.now + this.shift;
		// Who changes it next waits for the one before.
		const showsAt = Math.max(this.now + late * MINUTE, ...before.map((one) => one.showsAt));
		this.written.push({ id, modified, value: this.written.length + 1, showsAt });
	}

	/** What whoever asks now is shown. */
	shown(): Map<string, Entry> {
		return new Map(
			this.written
				.filter(({ showsAt }) => showsAt <= this.now)
				.map(({ id, modified, value }) => [id, { modified, value }]),
		);
	}

	/**
	 * As the service does it: each page when it is asked for, after the last row of the one before.
	 * @param meanwhile happens at each page
	 * @param order by their keys, or by the time of their change
	 */
	source(meanwhile: () => void, order: 'key' | 'modified' = 'key'): ModifiedSource {
		return { rows: (since) => this.pages(since, meanwhile, order) };
	}

	private async *pages(
		since: string | undefined,
		meanwhile: () => void,
		order: 'key' | 'modified',
	): AsyncGenerator<ExactRow[]> {
		const place = ([id, { modified }]: [string, Entry]) =>
			order === 'key' ? id : `${new Date(modified ?? 0).toISOString()} ${id}`;
		let last = '';
		for (;;) {
			const page = [...this.shown()]
				.filter((one) => place(one) > last && isSince(one[1].modified, since))
				.sort((one, other) => (place(one) < place(other) ? -1 : 1))
				.slice(0, PAGE);
			meanwhile();
			yield await Promise.resolve(page.map(rowOf));
			const end = page.at(-1);
			if (end === undefined) return;
			last = place(end);
		}
	}
}

function rowOf([ID, { modified, value }]: [string, Entry]): ExactRow {
	return { ID, Value: value, Modified: modified === null ? null : `/Date(${modified})/` };
}

function isSince(modified: number | null, since: string | undefined): boolean {
	return since === undefined || (modified !== null && modified >= Date.parse(`${since}Z`));
}
