import { membershipList } from '../organization/directoryOperations';

/** `GET Organization/GroupUsers` (docs/facts/docuware.md 8.1). */
export const getGroupUsers = membershipList({
	name: 'Get Users',
	value: 'getUsers',
	action: 'Get users of group',
	description: 'Get the users in a group',
	of: 'group',
	kind: 'user',
	path: 'Organization/GroupUsers',
	parameter: 'GroupId',
	rel: 'users',
});
