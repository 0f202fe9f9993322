import { membershipList } from '../organization/directoryOperations';

/** `GET Organization/UserGroups` (docs/facts/docuware.md 8.1). */
export const getUserGroups = membershipList({
	name: 'Get Groups',
	value: 'getGroups',
	action: 'Get groups of user',
	description: 'Get the groups that a user is in',
	of: 'user',
	kind: 'group',
	path: 'Organization/UserGroups',
	parameter: 'UserId',
	rel: 'groups',
});
