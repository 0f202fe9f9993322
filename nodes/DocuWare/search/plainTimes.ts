import { SYSTEM_FIELDS } from '../fields/indexFields';
import { isoTime } from '../../shared/values/dateTimes';
import type { SearchCondition } from './conditions';
import type { ConditionList } from './expression';

/** When a document was deleted, which the trash bin alone has. */
const DELETED_AT = 'DELETEDATETIME';

/**
 * The same conditions with times as the vendor shows them, without a zone and to the second (docs/facts/docuware.md 6.2).
 * @param clock how far the clock that shows them is ahead of UTC (ms)
 */
export function withPlainTimes(
	{ operation, conditions }: ConditionList,
	clock: number,
): ConditionList {
	return { operation, conditions: conditions.map((one) => withPlainTime(one, clock)) };
}

function withPlainTime(condition: SearchCondition, clock: number): SearchCondition {
	if (!condition.isTime) return condition;
	// DocuWare writes its own times more finely than to the second, and of others nobody does: a later end would find what
	// begins with the next one.
	const name = condition.DBName.toUpperCase();
	const isFine = SYSTEM_FIELDS.has(name) || name === DELETED_AT;
	const Value = condition.Value.map((value, index) => {
		const moment = value === null ? Number.NaN : Date.parse(value);
		if (Number.isNaN(moment)) return value;
		const seconds = (moment + clock) / 1_000;
		const whole = index === 1 && isFine ? Math.ceil(seconds) : Math.floor(seconds);
		return isoTime(whole * 1_000) ?? value;
	});
	return { ...condition, Value };
}
