import type { INodeProperties } from 'n8n-workflow';

/** What of the field *Use in HTTP Request Node* differs between credentials. */
export interface HttpRequestUseTexts {
	/** Label of the choice that is the default. */
	ownHost: string;
	/** Descriptions of the first two choices, and of the field. */
	anyHost: string;
	ownHostOnly: string;
	description: string;
}

/** *Use in HTTP Request Node*: n8n's own field, with words of this package. */
export function httpRequestUseField(texts: HttpRequestUseTexts): INodeProperties {
	return {
		displayName: 'Use in HTTP Request Node',
		name: 'allowedHttpRequestDomains',
		type: 'options',
		options: [
			{ name: 'Any Host (Not Recommended)', value: 'all', description: texts.anyHost },
			{ name: texts.ownHost, value: 'domains', description: texts.ownHostOnly },
			{
				name: 'Not at All',
				value: 'none',
				description: 'The HTTP Request node may not use this credential',
			},
		],
		default: 'domains',
		description: texts.description,
	};
}

/** *Use in HTTP Request Node* for a DocuWare session, which goes to the server alone whatever is chosen. */
export const httpRequestUseForSessions = httpRequestUseField({
	ownHost: 'Host of the Server Only',
	anyHost:
		'The HTTP Request node may send requests anywhere; those to other hosts go out without the session',
	ownHostOnly: 'The HTTP Request node may send requests to the DocuWare server only',
	description: 'Which hosts the HTTP Request node may use this credential for',
});

/** *Use in HTTP Request Node* for an access token, which n8n sends wherever it is allowed to. */
export function httpRequestUseForToken(ownHost: string, service: string): INodeProperties {
	return httpRequestUseField({
		ownHost,
		anyHost: 'The HTTP Request node may send the access token anywhere',
		ownHostOnly: `The HTTP Request node may send the access token to ${service} only`,
		description: 'Which hosts the HTTP Request node may send the access token to',
	});
}

/** Only the choice *domains* needs hosts; otherwise n8n evaluates no expression for them. */
const WITH_DOMAINS = { show: { allowedHttpRequestDomains: ['domains'] } };

/** n8n's list of hosts that the choice *domains* stands for. */
export function allowedDomainsField(hostExpression: string): INodeProperties {
	return {
		displayName: 'Allowed Domains',
		name: 'allowedDomains',
		type: 'hidden',
		default: `={{ ${hostExpression} }}`,
		displayOptions: WITH_DOMAINS,
	};
}

/** The same as a list of hosts that the user may change. */
export function allowedHostsField(hosts: readonly string[], description: string): INodeProperties {
	return {
		displayName: 'Allowed Domains',
		name: 'allowedDomains',
		type: 'string',
		default: hosts.join(', '),
		description,
		displayOptions: WITH_DOMAINS,
	};
}
