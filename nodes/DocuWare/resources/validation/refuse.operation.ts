import { refused } from '../../platform/validation';
import type { DocuWareOperation } from '../operation';
import { noteRefusal } from './refusals';

/** The other answer to DocuWare's question before storing (docs/facts/docuware.md 8.6). */
export const refuseDocument: DocuWareOperation = {
	name: 'Refuse',
	value: 'refuse',
	action: 'Refuse document before it is stored',
	description:
		'Keep DocuWare from storing or changing the document that it asked about, as the last node behind the trigger of the event Validation',
	fields: [
		{
			displayName: 'Reason',
			name: 'reason',
			type: 'string',
			typeOptions: { rows: 2 },
			default: '',
			required: true,
			placeholder: 'e.g. There is no supplier of this name in Exact Online',
			description: 'What the user reads in DocuWare, up to 1,000 characters',
		},
	],
	execute: async ({ context, itemIndex }) => {
		const answer = refused(String(context.getNodeParameter('reason', itemIndex, '')));
		noteRefusal(context, answer.Reason);
		return await Promise.resolve([{ json: { ...answer } }]);
	},
};
