import type { INodeProperties } from 'n8n-workflow';

/** What links into DocuWare's web client are encrypted with (docs/facts/docuware.md 4.5). */
export const integrationPassphraseField: INodeProperties = {
	displayName: 'Integration Passphrase',
	name: 'integrationPassphrase',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	description:
		'Passphrase of URL integration, from the security settings of the organization in DocuWare. Needed only for encrypted viewer links.',
};
