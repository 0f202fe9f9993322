import { formerIdentity } from '../vault/rows/forgotten';
import type { Identity, IdentityFacts } from './types';

const PROVISIONAL = 'provisional|';

/** Which app at which host of a service. */
interface App {
	service: string;
	host: string;
	clientId: string;
}

/** A GUID, with or without braces, in whatever letters. */
const GUID = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i;

/**
 * The key under which a record stands: `service|host|clientId#userId`. A client id that is a GUID has one spelling here,
 * however a credential writes it: a service that takes them all would keep one connection for them all.
 */
export function identityKey({ service, host, clientId }: App, { userId }: Identity): string {
	const app = GUID.exec(clientId)?.[1]?.toLowerCase() ?? clientId;
	return `${service}|${host}|${app}#${userId}`;
}

/** The key of a record while nobody knows whose authorization it is. */
export function provisionalKey({ service, host, clientId }: App, fingerprint: string): string {
	return `${PROVISIONAL}${service}|${host}|${fingerprint}|${clientId}`;
}

/** What of such a key may be shown to people. */
export function identityFacts(key: string): IdentityFacts {
	const former = formerIdentity(key);
	const isProvisional = former.startsWith(PROVISIONAL);
	const named = isProvisional ? former.slice(PROVISIONAL.length) : former;
	const [, host = '', ...rest] = named.split('|');
	return { host, identifier: (isProvisional ? rest.slice(1) : rest).join('|') };
}
