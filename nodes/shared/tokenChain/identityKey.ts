import { formerIdentity } from '../vault/rows/forgotten';
import type { Identity, IdentityFacts } from './types';

const PROVISIONAL = 'provisional|';

interface AppAtHost {
	host: string;
	clientId: string;
}

/** Which app at which host of a service. */
interface App extends AppAtHost {
	service: string;
}

/** A GUID, with or without braces, in whatever letters. */
const GUID = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i;

/**
 * A client id in its one spelling: a service that takes a GUID in all of them would keep one connection for them all. Sent
 * is what the credential says.
 */
export function oneClientId(clientId: string): string {
	return GUID.exec(clientId)?.[1]?.toLowerCase() ?? clientId;
}

/** What names an app in keys and digests, however a credential writes its host, with a path or without, and client id. */
export function oneSpelling({ host, clientId }: AppAtHost): AppAtHost {
	return { host: host.toLowerCase(), clientId: oneClientId(clientId) };
}

/** The key under which a record stands: `service|host|clientId#userId`. */
export function identityKey(app: App, { userId }: Identity): string {
	const { host, clientId } = oneSpelling(app);
	return `${app.service}|${host}|${clientId}#${userId}`;
}

/** The key of a record while nobody knows whose authorization it is. */
export function provisionalKey(app: App, fingerprint: string): string {
	const { host, clientId } = oneSpelling(app);
	return `${PROVISIONAL}${app.service}|${host}|${fingerprint}|${clientId}`;
}

/** What of such a key may be shown to people. */
export function identityFacts(key: string): IdentityFacts {
	const former = formerIdentity(key);
	const isProvisional = former.startsWith(PROVISIONAL);
	const named = isProvisional ? former.slice(PROVISIONAL.length) : former;
	const [, host = '', ...rest] = named.split('|');
	return { host, identifier: (isProvisional ? rest.slice(1) : rest).join('|') };
}
