import { isLoopbackHost } from '../../../shared/http';
import { unfitAddress } from './subscriptionErrors';

/** What decides whether Exact Online would take an address. */
export interface CallbackPlace {
	/** Where Exact Online is to send. */
	url: string;
	/** Base of n8n's own pages; its OAuth callback, the redirect URI of the app, is there. */
	instanceUrl: string;
	/** Base URL of the service. */
	service: string;
}

/**
 * Checks what is known before Exact Online is asked (docs/facts/exact-online.md 6): https, and the domain of the app's
 * redirect URI, which for a credential of n8n is n8n's own OAuth callback. The one source of that rule names two hosts of
 * one domain, so those are taken; should Exact Online want the very same host, it refuses, and its refusal is told.
 * @throws ConnectorError EXACT_WEBHOOK_ADDRESS
 */
export function checkCallback({ url, instanceUrl, service }: CallbackPlace): void {
	const target = URL.parse(url);
	if (target === null) {
		throw unfitAddress(
			`n8n gives the node no address to receive at: "${url.slice(0, 100)}".`,
			'Set WEBHOOK_URL of n8n to its public address.',
		);
	}
	// A stand-in on this machine sends to this machine, which Exact Online does not.
	if ([new URL(service), target].every(({ hostname }) => isLoopbackHost(hostname))) return;
	if (target.protocol !== 'https:') {
		throw unfitAddress(
			`Exact Online sends to https addresses only, and the node would receive at ${url}.`,
			'Set WEBHOOK_URL of n8n to its public https address and restart n8n.',
		);
	}
	const own = URL.parse(instanceUrl)?.hostname ?? target.hostname;
	if (domainOf(own) === domainOf(target.hostname)) return;
	throw unfitAddress(
		`Exact Online sends to the domain of the app's redirect URI only. The node would receive at ${target.hostname}, and the ` +
			`redirect URI of n8n's credentials is at ${own}.`,
		'Set WEBHOOK_URL and N8N_EDITOR_BASE_URL of n8n to one domain, register the redirect URI that the credential then ' +
			'shows at the app, and press Connect.',
	);
}

/** Labels below which a country gives names to all, as in `co.uk`. */
const OF_ALL: ReadonlySet<string> = new Set(
	'ac co com edu gob gov gouv ltd me mil ne net nom nhs or org plc sch'.split(' '),
);

/** What two hosts have in common that belong together, as far as a name tells: no list of public suffixes is asked. */
function domainOf(host: string): string {
	if (/^[\d.]+$/.test(host) || host.includes(':')) return host;
	const labels = host.toLowerCase().split('.');
	const [second = '', top = ''] = labels.slice(-2);
	const isOfAll = top.length === 2 && OF_ALL.has(second);
	return labels.slice(isOfAll ? -3 : -2).join('.');
}
