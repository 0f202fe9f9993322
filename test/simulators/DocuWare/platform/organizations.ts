import { errorAnswer, resourceAnswer } from '../http/answers';
import type { SimulatedServer } from '../simulatedServer';
import type { SimulatedOrganization } from '../worldData';
import { platformPath } from './call';
import type { OpenHandler, SignedInHandler } from './call';

/** `GET Organizations` (docs/facts/docuware.md 6.1): the organization of the signed-in user. */
export const listOrganizations: SignedInHandler = ({ server, request }, { user }) =>
	resourceAnswer(request, 'Organizations', {
		Organization: [organizationResource(server, server.organizationOf(user))],
	});

/** `GET Organizations` without a log-on, by switch. */
export const listAllOrganizations: OpenHandler = ({ server, request }) =>
	resourceAnswer(request, 'Organizations', {
		Organization: server.organizations().map((entry) => organizationResource(server, entry)),
	});

/** `GET Organization` and `GET Organizations/{id}`. */
export const getOrganization: SignedInHandler = ({ server, request, parameters }, { user }) => {
	const organization = server.organizationOf(user);
	const id = parameters['organizationId'];
	if (id !== undefined && id !== organization.id) {
		return errorAnswer(request, 404, `There is no organization '${id}'.`);
	}
	return resourceAnswer(request, 'Organization', organizationResource(server, organization));
};

/** Looks a query parameter up without regard to case; `name` in lower case. */
export function queryOf(url: URL): (name: string) => string | undefined {
	return (name) => [...url.searchParams].find(([key]) => key.toLowerCase() === name)?.[1];
}

function organizationResource(
	server: SimulatedServer,
	organization: SimulatedOrganization,
): object {
	const self = `${platformPath}/Organizations/${organization.id}`;
	const links = [
		{ rel: 'self', href: self },
		{ rel: 'filecabinets', href: `${platformPath}/FileCabinets?OrgId=${organization.id}` },
		{ rel: 'users', href: `${platformPath}/Organization/Users` },
		{ rel: 'userInfo', href: `${platformPath}/Organization/UserInfo` },
		{ rel: 'groups', href: `${platformPath}/Organization/Groups` },
		{ rel: 'roles', href: `${platformPath}/Organization/Roles` },
		{ rel: 'workflows', href: `${self}/Workflows` },
		{ rel: 'trashBin', href: `${platformPath}/TrashBin` },
	];
	if (server.switches.loginTokenPaths.link) {
		// A path that only the link reveals, so that following it can be told from guessing.
		links.push({ rel: 'loginToken', href: `${self}/Links/LoginToken` });
	}
	return {
		Id: organization.id,
		Name: organization.name,
		Guid: organization.guid,
		AdditionalInfo: { CompanyNames: [organization.name], AddressLines: [] },
		Links: links,
	};
}
