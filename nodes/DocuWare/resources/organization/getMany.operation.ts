import { readLimit, takeRows, toolListFields } from '../../../shared/node/listFields';
import { entityOutputFields, outputRows } from '../../../shared/node/entityOutput';
import { sessionFields } from '../common/sessionFields';
import { simplify } from '../common/simplify';
import type { DocuWareOperation } from '../operation';
import { organizationPages } from '../../api/organizationPages';

/** `GET Organizations` (docs/facts/docuware.md 6.1). */
export const getManyOrganizations: DocuWareOperation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many organizations',
	description: 'Get the organizations that the user may reach; in the cloud that is one',
	fields: [...sessionFields, ...toolListFields, ...entityOutputFields],
	async execute(call) {
		const limit = readLimit(call.context, call.itemIndex);
		const rows = await takeRows(organizationPages(call.client, call.signal), limit);
		return outputRows(call, rows, { simplify });
	},
};
