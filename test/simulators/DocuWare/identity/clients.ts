import { FormFields } from '../http/simulatedRequest';
import type { SimulatedRequest } from '../http/simulatedRequest';
import type { GrantName } from '../counters';
import type { SimulatedServer } from '../simulatedServer';
import { builtInClientId } from '../worldData';
import type { SimulatedApp } from '../worldData';

/** A client of the Identity Service and what it may do. */
export interface IdentityClient {
	clientId: string;
	grants: readonly GrantName[];
	scopes: readonly string[];
	/** Absent for the built-in client. */
	app?: SimulatedApp;
}

const builtInClient: IdentityClient = {
	clientId: builtInClientId,
	grants: ['password', 'dwtoken', 'trusted'],
	scopes: ['docuware.platform'],
};

/** The client of this id that the present version and switches know. */
export function findClient(server: SimulatedServer, clientId: string): IdentityClient | undefined {
	if (clientId === builtInClientId) {
		return server.switches.builtInClient ? builtInClient : undefined;
	}
	if (!server.abilities.appRegistration) return undefined;
	const app = server.world.apps.find((entry) => entry.clientId === clientId);
	if (app === undefined) return undefined;
	const grants: GrantName[] = [];
	if (app.type !== 'service') grants.push('authorization_code');
	if (app.refreshTokens) grants.push('refresh_token');
	if (app.actsAs !== undefined) grants.push('client_credentials');
	return {
		clientId,
		grants,
		scopes: [
			'docuware.platform',
			...(app.type === 'service' ? [] : ['openid', 'dwprofile']),
			...(app.refreshTokens ? ['offline_access'] : []),
		],
		app,
	};
}

/**
 * The client that a token request proves itself to be, with the secret in the body or by Basic;
 * undefined when id, secret or method is wrong.
 */
export function authenticateClient(
	server: SimulatedServer,
	request: SimulatedRequest,
	form: FormFields,
): IdentityClient | undefined {
	const basic = basicCredentials(request.headers.authorization);
	const inBody = form.has('client_secret') && form.get('client_secret') !== '';
	if (request.headers.authorization !== undefined && basic === undefined) return undefined;
	if (basic !== undefined && inBody) return undefined;
	const clientId = basic?.clientId ?? form.get('client_id');
	const secret = basic?.secret ?? form.get('client_secret');
	const client = findClient(server, clientId);
	if (client === undefined) return undefined;
	const secrets = client.app?.clientSecrets ?? [];
	if (secrets.length === 0) return secret === '' ? client : undefined;
	const { clientAuthentication } = server.switches;
	if (clientAuthentication === 'body' && basic !== undefined) return undefined;
	if (clientAuthentication === 'basic' && basic === undefined) return undefined;
	return secrets.includes(secret) ? client : undefined;
}

function basicCredentials(
	authorization: string | undefined,
): { clientId: string; secret: string } | undefined {
	const encoded = /^Basic (\S+)$/i.exec(authorization ?? '')?.[1];
	if (encoded === undefined) return undefined;
	const pair = Buffer.from(encoded, 'base64').toString('utf8');
	const at = pair.indexOf(':');
	if (at < 0) return undefined;
	return { clientId: formDecoded(pair.slice(0, at)), secret: formDecoded(pair.slice(at + 1)) };
}

function formDecoded(text: string): string {
	try {
		return decodeURIComponent(text.replace(/\+/g, ' '));
	} catch {
		return text;
	}
}
