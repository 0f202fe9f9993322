import type { INodeProperties } from 'n8n-workflow';
import { ConnectorError } from '../errors';
import type { ItemCall } from './operation';
import { isOn } from './optionsField';

/** What an operation says before it does what nothing undoes by itself. */
export interface Confirmation {
	/** Notice above the switch: what stays as it is, and what ends. */
	notice: string;
	/** Label of the switch, in Title Case. */
	label: string;
	/** Description of the switch; begins with "Whether". */
	description: string;
}

/** A notice, and the switch without which the operation does nothing. */
export function confirmationFields(words: Confirmation): INodeProperties[] {
	return [
		{ displayName: words.notice, name: 'confirmationNotice', type: 'notice', default: '' },
		{
			displayName: words.label,
			name: 'confirmed',
			type: 'boolean',
			default: false,
			description: words.description,
		},
	];
}

/**
 * Goes on where the item's switch is on.
 * @throws ConnectorError with the given code, before anything is done
 */
export function requireConfirmation(
	{ context, itemIndex }: Pick<ItemCall, 'context' | 'itemIndex'>,
	code: string,
	{ label }: Confirmation,
): void {
	if (isOn(context.getNodeParameter('confirmed', itemIndex, false))) return;
	throw new ConnectorError(code, `Nothing was done, since ${label} is not switched on.`, {
		repair: `Read the notice in the node, and switch on ${label} if this is wanted.`,
	});
}
