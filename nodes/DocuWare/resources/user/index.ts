import type { DocuWareResource } from '../operation';
import { listOperation } from '../organization/directoryOperations';
import { getUser } from './get.operation';
import { getUserGroups } from './getGroups.operation';
import { getUserRoles } from './getRoles.operation';
import { membershipChange } from './membershipChange';

const getManyUsers = listOperation('user');

export const user: DocuWareResource = {
	name: 'User',
	value: 'user',
	operations: [
		membershipChange({ kind: 'group', operationType: 'Add' }),
		membershipChange({ kind: 'role', operationType: 'Add' }),
		getUser,
		getUserGroups,
		getManyUsers,
		getUserRoles,
		membershipChange({ kind: 'group', operationType: 'Remove' }),
		membershipChange({ kind: 'role', operationType: 'Remove' }),
	],
	defaultOperation: getManyUsers.value,
};
