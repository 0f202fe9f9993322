import { authenticate, isAnswer } from './authentication';
import { createLoginToken } from './loginToken';
import {
	getOrganization,
	getUserById,
	listAllOrganizations,
	listOrganizations,
	listUsers,
} from './organizations';
import { open, signedIn } from './routes';
import type { PlatformRoute } from './routes';

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
	signedIn('POST', 'Organization/LoginToken', createLoginToken('organization')),
	signedIn('POST', 'Organizations/LoginToken', createLoginToken('organizations')),
	signedIn(
		'POST',
		'Organizations/{organizationId}/LoginToken',
		createLoginToken('organizationById'),
	),
	signedIn('POST', 'Organizations/{organizationId}/Links/LoginToken', createLoginToken('link')),
];
