import { readExactDate } from '../odata/dateTimes';
import { inField, invalidValue } from '../odata/invalidValue';
import { selectClause } from '../odata/queryOptions';
import type { ExactRow } from '../wire/exactTypes';

/** What a trigger starts for. */
export type ChangeEvent = 'created' | 'changed' | 'deleted';

export const CHANGE_EVENTS: readonly ChangeEvent[] = ['created', 'changed', 'deleted'];

/**
 * The value of *Trigger On*: a list, or its entries in one text with commas between them.
 * @throws ConnectorError EXACT_INVALID_VALUE where it is empty, or holds something else
 */
export function readChangeEvents(value: unknown): ReadonlySet<ChangeEvent> {
	const given = selectClause(value)?.split(',') ?? [];
	const events = CHANGE_EVENTS.filter((event) => given.includes(event));
	if (events.length > 0 && events.length === given.length) return new Set(events);
	return inField('Trigger On', () => {
		throw invalidValue(
			value,
			given.length === 0
				? 'is empty, so that nothing starts the workflow.'
				: `holds something else than ${CHANGE_EVENTS.join(', ')}.`,
			'Choose what starts the workflow.',
		);
	});
}

/**
 * Whether a record was made or changed. It was made where it says that it has never been changed since, or that it is
 * younger than all that was read before. A row that does not say when it was made, or of which lines alone have
 * changed, counts as changed.
 * @param newest the latest change that was read before, ISO without a zone
 */
export function eventOf(row: ExactRow | undefined, newest: string): 'created' | 'changed' {
	const { Created, Modified } = row ?? {};
	if (typeof Created !== 'string') return 'changed';
	const created = readExactDate(Created);
	const isUntouched = typeof Modified === 'string' && seconds(Modified) === seconds(Created);
	return isUntouched || (newest !== '' && created > newest) ? 'created' : 'changed';
}

/** The latest time of change among rows, ISO without a zone. */
export function newestOf(rows: ReadonlyArray<ExactRow | undefined>, before: string): string {
	return rows.reduce<string>((latest, row) => {
		const { Modified } = row ?? {};
		const changed = typeof Modified === 'string' ? readExactDate(Modified) : '';
		return changed > latest ? changed : latest;
	}, before);
}

function seconds(date: string): string {
	return readExactDate(date).slice(0, 19);
}
