import { toExactDateTime } from './dateTimes';
import type { EdmType, ValueOptions } from './edm';
import { invalidValue } from './invalidValue';
import { decimalText, wholeText } from './numbers';
import { guidText, plainText, truth } from './values';

/** `Account.Code` is left-padded with blanks to this length (docs/facts/exact-online.md 4.4). */
const ACCOUNT_CODE_LENGTH = 18;

/** An account code as it is stored, so that `eq` finds it. */
export function padAccountCode(code: string): string {
	return code.trim().padStart(ACCOUNT_CODE_LENGTH, ' ');
}

/**
 * A value as it is written in `$filter` or in the key of a URL (docs/facts/exact-online.md 4.2).
 * @throws ConnectorError EXACT_INVALID_VALUE where the value does not fit the type
 */
export function odataLiteral(type: EdmType, value: unknown, options: ValueOptions = {}): string {
	switch (type) {
		case 'Guid':
			return `guid'${guidText(value)}'`;
		case 'String':
			return `'${plainText(value).replaceAll("'", "''")}'`;
		case 'DateTime':
			return `datetime'${toExactDateTime(value, options.timeZone)}'`;
		case 'Boolean':
			return String(truth(value));
		case 'Int64':
			return `${wholeText(type, value, options)}L`;
		case 'Byte':
		case 'Int16':
		case 'Int32':
			return wholeText(type, value, options);
		case 'Double':
		case 'Decimal':
			return decimalText(value);
		case 'Binary':
			throw invalidValue(
				typeof value,
				'is in a binary field, which cannot be compared.',
				'Use another field in the filter.',
			);
	}
}
