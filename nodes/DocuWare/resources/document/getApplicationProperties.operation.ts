import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { applicationProperties } from './applicationProperties';
import { documentTargetFields } from './documentTarget';
import { linkOf, placeOf, readDocument } from './locatedDocument';

/** `GET …/DocumentApplicationProperties` (docs/facts/docuware.md 7.3, 7.4). */
export const getApplicationProperties: DocuWareOperation = {
	name: 'Get Application Properties',
	value: 'getApplicationProperties',
	action: 'Get application properties of document',
	description: 'Get the names and values that applications keep with a document',
	fields: [...sessionFields, ...documentTargetFields],
	async execute(call) {
		const document = await readDocument(call);
		const path = linkOf(call, document, 'appProperties');
		const answer = await call.client.read({ path, signal: call.signal });
		return [{ json: { ...placeOf(document), properties: applicationProperties(answer) } }];
	},
};
