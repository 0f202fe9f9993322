import type { INodeProperties } from 'n8n-workflow';
import { isRecord } from '../../../shared/http';
import { clockTime } from '../../../shared/values/dateTimes';
import { invalidParameter } from '../../api/clientErrors';
import type { FieldType, IndexField } from '../../fields/indexFields';
import { serviceMoment } from '../../fields/serviceDates';
import { invalidValue, writeField } from '../../fields/writeFields';
import type { OperationCall } from '../operation';
import type { Stamp, StampFormField } from '../stamp/stamps';
import type { StampFieldValue } from './annotations';

const ROWS = 'field';

/** Which stamp, and what it is filled with. */
export const stampFields: INodeProperties[] = [
	{
		displayName: 'Stamp',
		name: 'stampId',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select a stamp…',
				typeOptions: { searchListMethod: 'searchStamps', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. 3fa85f64-5717-4562-b3fc-2c963f66afa6',
			},
			{ displayName: 'By Name', name: 'name', type: 'string', placeholder: 'e.g. Approved' },
		],
	},
	{
		displayName: 'Stamp Fields',
		name: 'stampFields',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add field',
		default: {},
		description: 'What the stamp asks for when it is placed',
		options: [
			{
				displayName: 'Field',
				name: ROWS,
				values: [
					{
						displayName: 'Name or Label',
						name: 'name',
						type: 'string',
						default: '',
						placeholder: 'e.g. Amount',
					},
					{
						displayName: 'Type',
						name: 'type',
						type: 'options',
						options: [
							{ name: 'Date', value: 'Date' },
							{ name: 'Date and Time', value: 'DateTime' },
							{ name: 'Decimal Number', value: 'Decimal' },
							{ name: 'Text', value: 'Text' },
							{ name: 'Whole Number', value: 'Numeric' },
						],
						default: 'Text',
					},
					{ displayName: 'Value', name: 'value', type: 'string', default: '' },
				],
			},
		],
	},
];

/** DocuWare takes no more (docs/facts/docuware.md 7.4). */
const MOST_FIELDS = 5;

const TYPES: Readonly<Record<string, FieldType>> = {
	Date: 'Date',
	DateTime: 'DateTime',
	Decimal: 'Decimal',
	Numeric: 'Numeric',
	Text: 'Text',
};

/**
 * The stamp that the item names, as text.
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER
 */
export function readStampName({ context, itemIndex }: OperationCall): string {
	const given: unknown = context.getNodeParameter('stampId', itemIndex, '');
	const text = String((isRecord(given) ? given.value : given) ?? '').trim();
	if (text !== '') return text;
	throw invalidParameter(
		`Stamp is empty for item ${itemIndex}.`,
		'Choose a stamp, or give its ID or its name.',
	);
}

/**
 * What the stamp is filled with.
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER, DOCUWARE_INVALID_VALUE, which name the field
 */
export function readStampValues(call: OperationCall, stamp: Stamp): StampFieldValue[] {
	const { context, itemIndex } = call;
	const given: unknown = context.getNodeParameter('stampFields', itemIndex, {});
	const rows = isRecord(given) && Array.isArray(given[ROWS]) ? given[ROWS].filter(isRecord) : [];
	const values = new Map<string, StampFieldValue>();
	for (const { name, type, value } of rows) {
		const field = formField(stamp, String(name ?? ''), itemIndex);
		if (values.has(field.name)) {
			throw invalidParameter(
				`The field "${field.label}" of the stamp is given twice for item ${itemIndex}.`,
				'Give each field once.',
			);
		}
		values.set(field.name, stampValue(field, String(type ?? 'Text'), value, context.getTimezone()));
	}
	const missing = stamp.formFields.find((field) => field.isRequired && !values.has(field.name));
	if (missing !== undefined) {
		throw invalidParameter(
			`The stamp "${stamp.name}" needs its field "${missing.label}", which item ${itemIndex} does not give.`,
			'Add it to Stamp Fields.',
		);
	}
	if (values.size <= MOST_FIELDS) return [...values.values()];
	throw invalidParameter(
		`A stamp takes ${MOST_FIELDS} fields at most; item ${itemIndex} gives ${values.size}.`,
		'Leave some out of Stamp Fields.',
	);
}

function formField(stamp: Stamp, typed: string, itemIndex: number): StampFormField {
	const wanted = typed.trim().toLowerCase();
	const found = stamp.formFields.find(
		({ name, label }) => name.toLowerCase() === wanted || label.toLowerCase() === wanted,
	);
	if (found !== undefined) return found;
	const known = stamp.formFields.map(({ label }) => `"${label}"`).join(', ');
	throw invalidParameter(
		`The stamp "${stamp.name}" has no field "${typed.slice(0, 60)}" (item ${itemIndex}).`,
		known === '' ? 'It asks for no field: empty Stamp Fields.' : `Its fields are ${known}.`,
	);
}

function stampValue(
	{ name, label, isRequired, length, precision }: StampFormField,
	typed: string,
	value: unknown,
	timeZone: string,
): StampFieldValue {
	const field: IndexField = {
		name,
		label,
		type: TYPES[typed] ?? 'Text',
		isSystem: false,
		isReadOnly: false,
		isRequired,
		...(length === undefined ? {} : { length }),
		...(precision === undefined ? {} : { precision }),
		columns: [],
		hasSelectList: false,
	};
	const { Item: item, ItemElementName: element } = writeField(field, value, { timeZone });
	const written = item === null ? '' : String(item);
	return {
		name,
		element: element as StampFieldValue['element'],
		item: typeof item === 'number' ? item : written,
		shown: element === 'DateTime' ? plainTime(written, timeZone) : written,
	};
}

/** The service's form of a time as clocks of the zone show it, `2026-04-07 13:30:00`. */
function plainTime(written: string, timeZone: string): string {
	const moment = serviceMoment(written);
	const clock = moment === undefined ? undefined : clockTime(moment, timeZone, invalidValue);
	return clock?.replace('T', ' ') ?? written;
}
