import { authenticate, isAnswer } from './authentication';
import { createLoginToken } from './loginToken';
import { changeMemberships, listGroups, listRoles, listUsersOf } from './memberships';
import { getOrganization, listAllOrganizations, listOrganizations } from './organizations';
import { open, signedIn } from './routes';
import type { PlatformRoute } from './routes';
import { getUserById, listUsers, saveUser } from './users';

/** Organizations, login tokens, users (docs/facts/docuware.md 4, 6.1 and 8.1). */
export const organizationRoutes: readonly PlatformRoute[] = [
	open('GET', 'Organizations', (call) => {
		const principal = authenticate(call);
		if (!isAnswer(principal)) return listOrganizations(call, principal);
		return call.server.switches.organizationsInPublic ? listAllOrganizations(call) : principal;
	}),
	signedIn('GET', 'Organization', getOrganization),
	signedIn('GET', 'Organizations/{organizationId}', getOrganization),
	signedIn('GET', 'Organization/Users', listUsers),
	signedIn('GET', 'Organization/UserByID', getUserById),
	signedIn('POST', 'Organization/UserInfo', saveUser),
	signedIn('GET', 'Organization/Groups', listGroups()),
	signedIn('GET', 'Organization/UserGroups', listGroups('ofUser')),
	signedIn('PUT', 'Organization/UserGroups', changeMemberships('groups')),
	signedIn('GET', 'Organization/GroupUsers', listUsersOf('groups')),
	signedIn('GET', 'Organization/Roles', listRoles()),
	signedIn('GET', 'Organization/UserRoles', listRoles('ofUser')),
	signedIn('PUT', 'Organization/UserRoles', changeMemberships('roles')),
	signedIn('GET', 'Organization/RoleUsers', listUsersOf('roles')),
	signedIn('POST', 'Organization/LoginToken', createLoginToken('organization')),
	signedIn('POST', 'Organizations/LoginToken', createLoginToken('organizations')),
	signedIn(
		'POST',
		'Organizations/{organizationId}/LoginToken',
		createLoginToken('organizationById'),
	),
	signedIn('POST', 'Organizations/{organizationId}/Links/LoginToken', createLoginToken('link')),
];
