import type { DocuWareResource } from '../operation';
import { listOperation } from '../organization/directoryOperations';
import { getRoleUsers } from './getUsers.operation';

const getManyRoles = listOperation('role');

export const role: DocuWareResource = {
	name: 'Role',
	value: 'role',
	operations: [getManyRoles, getRoleUsers],
	defaultOperation: getManyRoles.value,
};
