import { entityRows, simplifyField } from '../../../shared/node/simplify';
import { sessionFields } from '../common/sessionFields';
import { simplify } from '../common/simplify';
import type { DocuWareOperation } from '../operation';
import { directoryField, readDirectoryId } from '../organization/directoryFields';

/** `GET Organization/UserByID` (docs/facts/docuware.md 8.1). */
export const getUser: DocuWareOperation = {
	name: 'Get',
	value: 'get',
	action: 'Get user',
	description: 'Get a user with its settings',
	fields: [...sessionFields, directoryField('user'), simplifyField],
	async execute(call) {
		const userId = await readDirectoryId(call, 'user');
		const user = await call.client.read({
			path: 'Organization/UserByID',
			query: [['userId', userId]],
			signal: call.signal,
		});
		return entityRows(call, [user], simplify);
	},
};
