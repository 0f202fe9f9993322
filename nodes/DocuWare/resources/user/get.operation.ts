import { entityOutputFields, outputRows } from '../../../shared/node/entityOutput';
import { addressIn } from '../../api/relations';
import { sessionFields } from '../common/sessionFields';
import { simplify } from '../common/simplify';
import type { DocuWareOperation } from '../operation';
import { directoryField, readDirectoryEntry } from '../organization/directoryFields';

/** `self` of the user, else `GET Organization/UserByID` (docs/facts/docuware.md 8.1). */
export const getUser: DocuWareOperation = {
	name: 'Get',
	value: 'get',
	action: 'Get user',
	description: 'Get a user with its settings',
	fields: [...sessionFields, directoryField('user'), ...entityOutputFields],
	async execute(call) {
		const { client, signal } = call;
		const { id, row } = await readDirectoryEntry(call, 'user');
		const usual = `Organization/UserByID?userId=${encodeURIComponent(id)}`;
		const path = addressIn(client, row, { usual, rel: 'self' });
		const user = await client.read({ path, signal });
		return outputRows(call, [user], { simplify });
	},
};
