import type { DocuWareResource } from '../operation';
import { listOperation } from '../organization/directoryOperations';
import { getGroupUsers } from './getUsers.operation';

const getManyGroups = listOperation('group');

export const group: DocuWareResource = {
	name: 'Group',
	value: 'group',
	operations: [getManyGroups, getGroupUsers],
	defaultOperation: getManyGroups.value,
};
