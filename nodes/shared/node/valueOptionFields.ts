import type { INodeProperties } from 'n8n-workflow';
import type { ValueOptions } from '../values/valueOptions';
import type { ItemCall } from './operation';
import { readOptions } from './optionsField';

const emptyValuesOption: INodeProperties = {
	displayName: 'Empty Values',
	name: 'emptyValues',
	type: 'options',
	options: [
		{ name: 'Clear the Field', value: 'clear' },
		{ name: 'Error', value: 'error' },
		{ name: 'Leave Out', value: 'leaveOut' },
	],
	default: 'error',
	description:
		'What becomes of a field whose expression or column gives nothing. Without this option it is an ' +
		'error for fields that are mapped one by one, and left out where columns are mapped automatically, ' +
		'in arrays, and in JSON by expression.',
};

/** For values that are read one at a time, such as those of conditions. */
export const thousandsOption: INodeProperties = {
	displayName: 'Thousands Separator',
	name: 'thousands',
	type: 'options',
	options: [
		{ name: 'Comma', value: ',' },
		{ name: 'Dot', value: '.' },
	],
	default: '.',
	description:
		'Sign between thousands in whole numbers that come as text. Without it a text such as 1.234 is refused, since it may be either.',
};

/**
 * Options of how the values of a record are read: Empty Values, Thousands Separator, Unknown Columns.
 * @param strangers what Unknown Columns is about, such as `the endpoint does not know`
 */
export function valueOptionFields(strangers: string): INodeProperties[] {
	return [
		emptyValuesOption,
		thousandsOption,
		{
			displayName: 'Unknown Columns',
			name: 'unknownColumns',
			type: 'options',
			options: [
				{ name: 'Error', value: 'refuse' },
				{ name: 'Ignore', value: 'leaveOut' },
			],
			default: 'refuse',
			description: `What becomes of columns that ${strangers}, where columns are mapped automatically`,
		},
	];
}

/** How the item wants its values read: dates in the workflow's time zone. */
export function readValueOptions({ context, itemIndex }: ItemCall): ValueOptions {
	const { thousands } = readOptions({ context, itemIndex });
	return {
		timeZone: context.getTimezone(),
		...((thousands === '.' || thousands === ',') && { thousands }),
	};
}
