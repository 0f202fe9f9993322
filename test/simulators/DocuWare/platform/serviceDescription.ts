import { htmlAnswer } from '../../shared/answers';
import { errorAnswer, resourceAnswer } from '../http/answers';
import type { SimulatedServer } from '../simulatedServer';
import { platformPath } from './call';
import type { OpenHandler } from './call';

/** Rel and path below the platform, as docs/facts/docuware.md 1 lists them. */
const commonLinks: ReadonlyArray<readonly [string, string]> = [
	['organizations', '/Organizations'],
	['uriTemplates', '/Home/Templates'],
	['loginCookie', '/Home/Token'],
	['rootSchema', '/Schema/File/schema-0.xsd'],
];

const accountLinks: ReadonlyArray<readonly [string, string]> = [
	['login', '/Account/Logon'],
	['guestLogin', '/Account/LogOnGuest'],
	['trustedLogin', '/Account/TrustedLogOn'],
	['windowsLogin', '/Account/LogonNTLM'],
	['tokenLogin', '/Account/TokenLogOn'],
	['logout', '/Account/Logoff'],
	['disconnect', '/Account/Disconnect'],
	['permanentUrl', '/Account/PermanentUrl'],
];

const identityLinks: ReadonlyArray<readonly [string, string]> = [
	['identityServiceInfo', '/Home/IdentityServiceInfo'],
	['jwtLogin', '/Account/JwtLogOn'],
];

/** The service description, which is also the body of a successful log-on. */
export function serviceDescription(server: SimulatedServer): object {
	const { abilities, switches } = server;
	const links = [
		...commonLinks,
		...(abilities.cookieLogon || switches.accountLinksFrom711 ? accountLinks : []),
		...(abilities.identityService ? identityLinks : []),
	];
	return {
		Links: links.map(([rel, path]) => ({ rel, href: `${platformPath}${path}` })),
		Resources: [
			{ Name: 'fileCabinet', UriPattern: `${platformPath}/FileCabinets/{id}` },
			{
				Name: 'uploadDocument',
				UriPattern: `${platformPath}/FileCabinets/{fileCabinetId}/Documents?processTextshot={processTextshot}&imageProcessing={imageProcessing}&redirect={redirect}&storeDialogId={storeDialogId}&checkFileNameForCheckinInfo={checkFileNameForCheckinInfo}`,
			},
		],
		Documentation: {
			Links: [{ rel: 'documentation', href: `${platformPath}/Documentation` }],
		},
		Version: abilities.productVersion,
	};
}

/** `GET /DocuWare/Platform`, open to everybody (docs/facts/docuware.md 1). */
export const getServiceDescription: OpenHandler = ({ server, request }) =>
	resourceAnswer(request, 'ServiceDescription', serviceDescription(server));

/**
 * `GET Home/IdentityServiceInfo`: from 7.8; an HTML 404 before (docs/facts/docuware.md 1.1, 5.1).
 */
export const getIdentityServiceInfo: OpenHandler = ({ server, request }) => {
	if (!server.abilities.identityService) {
		return htmlAnswer(
			404,
			"<!DOCTYPE html><html><head><title>The resource cannot be found.</title></head><body><h1>Server Error in '/DocuWare/Platform' Application.</h1></body></html>",
		);
	}
	return resourceAnswer(request, 'IdentityServiceInfo', {
		IdentityServiceUrl: server.switches.namedIdentityService || server.identityUrl,
		RefreshTokenSupported: server.abilities.appRegistration,
	});
};

/** The login page that refused browsers are led to; 200 and HTML (docs/facts/docuware.md 2.2). */
export const getLoginPage: OpenHandler = ({ request }) =>
	request.method === 'GET'
		? htmlAnswer(
				200,
				'<!DOCTYPE html><html><head><title>DocuWare Login</title></head><body><form method="post" action="Account/Logon"><input name="UserName"><input name="Password" type="password"></form></body></html>',
			)
		: errorAnswer(request, 405, 'The requested resource does not support this method.');
