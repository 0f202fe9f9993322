/** Edm types of fields; `Collection(x)` names the endpoint of the rows, `Unknown` is undocumented. */
export type EdmType =
	| 'String'
	| 'Guid'
	| 'DateTime'
	| 'Boolean'
	| 'Byte'
	| 'Int16'
	| 'Int32'
	| 'Int64'
	| 'Double'
	| 'Decimal'
	| 'Binary'
	| 'Null'
	| 'Unknown'
	| `Collection(${string})`;

/** A field's value in the simulator: GUIDs in lower case, DateTime as milliseconds since 1970. */
export type EdmValue = string | number | boolean | null;

/** One entity; fields that are absent are null. */
export type Row = Record<string, EdmValue>;

const NUMERIC: ReadonlySet<EdmType> = new Set<EdmType>([
	'Byte',
	'Int16',
	'Int32',
	'Int64',
	'Double',
	'Decimal',
]);

export function isNumeric(type: EdmType): boolean {
	return NUMERIC.has(type);
}

export const GUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const DATE_TIME_PATTERN =
	/^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?)?(?:Z)?$/;

/** Milliseconds of an ISO date or date-time, read as UTC; undefined if it is none. */
export function parseDateTime(text: string): number | undefined {
	const parts = DATE_TIME_PATTERN.exec(text);
	if (!parts) return undefined;
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
		.slice(1, 7)
		.map((part) => Number(part ?? 0));
	const fraction = Number(`0.${parts[7] ?? '0'}`);
	const ms = Date.UTC(year, month - 1, day, hour, minute, second) + Math.floor(fraction * 1000);
	const back = new Date(ms);
	const exists = back.getUTCMonth() === month - 1 && back.getUTCDate() === day;
	return exists && hour < 24 && minute < 60 && second < 60 ? ms : undefined;
}

/** Orders two values of one type: null first, then by number, or by code unit for texts. */
export function compareValues(left: EdmValue, right: EdmValue): number {
	if (left === right) return 0;
	if (left === null) return -1;
	if (right === null) return 1;
	return left < right ? -1 : 1;
}

/** Ranges of the whole numbers. */
const RANGES: Partial<Record<EdmType, readonly [number, number]>> = {
	Byte: [0, 255],
	Int16: [-32_768, 32_767],
	Int32: [-2_147_483_648, 2_147_483_647],
	Int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};

/** Whether a number is one that the type can hold; one with a fraction may have any size. */
export function isInRange(type: EdmType, value: number): boolean {
	const range = RANGES[type];
	if (!range) return true;
	const [least, most] = range;
	return Number.isInteger(value) && value >= least && value <= most;
}
