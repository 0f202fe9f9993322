import { accepted } from '../../platform/validation';
import type { DocuWareOperation } from '../operation';

/** Answers DocuWare's question before storing (docs/facts/docuware.md 8.6). Nothing is asked of DocuWare. */
export const acceptDocument: DocuWareOperation = {
	name: 'Accept',
	value: 'accept',
	action: 'Accept document before it is stored',
	description:
		'Let DocuWare store or change the document that it asked about, as the last node behind the trigger of the event Validation',
	fields: [],
	execute: async () => await Promise.resolve([{ json: { ...accepted() } }]),
};
