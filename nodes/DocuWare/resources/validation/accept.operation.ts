import { accepted, refused } from '../../platform/validation';
import type { DocuWareOperation } from '../operation';
import { refusalSoFar } from './refusals';

/**
 * Answers DocuWare's question before storing (docs/facts/docuware.md 8.6). Nothing is asked of DocuWare. After a refusal
 * in the same execution it is that refusal.
 */
export const acceptDocument: DocuWareOperation = {
	name: 'Accept',
	value: 'accept',
	action: 'Accept document before it is stored',
	description:
		'Let DocuWare store or change the document that it asked about, as the last node behind the trigger of the event Validation',
	fields: [],
	execute: async ({ context }) => {
		const reason = refusalSoFar(context);
		const answer = reason === undefined ? accepted() : refused(reason);
		return await Promise.resolve([{ json: { ...answer } }]);
	},
};
