import { entityOutputFields, outputRows } from '../../../shared/node/entityOutput';
import { sessionFields } from '../common/sessionFields';
import { simplify } from '../common/simplify';
import type { DocuWareOperation } from '../operation';

/** `GET Organization` (docs/facts/docuware.md 6.1). */
export const getCurrentOrganization: DocuWareOperation = {
	name: 'Get Current',
	value: 'getCurrent',
	action: 'Get current organization',
	description: 'Get the organization that the user of the session belongs to',
	fields: [...sessionFields, ...entityOutputFields],
	async execute(call) {
		const organization = await call.client.read({ path: 'Organization', signal: call.signal });
		return outputRows(call, [organization], { simplify });
	},
};
