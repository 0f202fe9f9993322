import { membershipList } from '../organization/directoryOperations';

/** `GET Organization/UserRoles` (docs/facts/docuware.md 8.1). */
export const getUserRoles = membershipList({
	name: 'Get Roles',
	value: 'getRoles',
	action: 'Get roles of user',
	description: 'Get the roles that a user has',
	of: 'user',
	kind: 'role',
	path: 'Organization/UserRoles',
	parameter: 'UserId',
	rel: 'roles',
});
