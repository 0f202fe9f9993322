import type { INodeProperties } from 'n8n-workflow';

/** What *Show Advanced Fields* holds while all are shown: `=` stands where `IS_SHOWN` looks. */
const ALL = 'all=shown';

/** n8n's path to one character of a field's value. */
const IS_SHOWN = `/advancedFields.${ALL.indexOf('=')}`;

/**
 * *Show Advanced Fields*, the switch before all fields that `advanced` makes of others.
 *
 * n8n neither hands out nor stores a field that is not shown (docs/facts/n8n.md, "Connect and the stored token
 * data"). So none is hidden that has a value of its own: the switch hides what is at its default alone.
 */
export const advancedFieldsSwitch: INodeProperties = {
	displayName: 'Show Advanced Fields',
	name: 'advancedFields',
	type: 'options',
	options: [
		{
			name: 'Only Those That Are Set',
			value: 'set',
			description: 'Fields with a value of their own; all others have their usual one',
		},
		{ name: 'All', value: ALL, description: 'Also the fields that few people need' },
	],
	default: 'set',
	description: 'Which of the fields that are seldom needed are shown. No value is lost by hiding.',
};

/**
 * A field that is shown while the switch is on, or while its value is not the default one. Conditions of n8n are
 * all met or none; only one that reads an expression, a text that begins with `=`, ends the look at the others.
 *
 * @param field with `show` conditions, which go first, and no `hide`
 */
export function advanced(field: INodeProperties): INodeProperties {
	const differs = [{ _cnd: { not: field.default as string | number | boolean } }];
	return {
		...field,
		displayOptions: {
			show: {
				...field.displayOptions?.show,
				[IS_SHOWN]: [{ _cnd: { not: '=' } }],
				[`/${field.name}`]: differs,
			},
		},
	};
}
