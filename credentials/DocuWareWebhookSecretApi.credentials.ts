import type { ICredentialType, INodeProperties, Icon } from 'n8n-workflow';

/** What DocuWare proves itself with when it calls n8n. Used by *DocuWare Webhook Trigger* alone. */
export class DocuWareWebhookSecretApi implements ICredentialType {
	name = 'docuWareWebhookSecretApi';

	displayName = 'DocuWare Webhook Secret API';

	documentationUrl =
		'https://github.com/n8n-nodes-exactonline-docuware/n8n-nodes-exactonline-docuware/blob/main/docs/docuware-credentials.md';

	icon: Icon = {
		light: 'file:../icons/docuWare.svg',
		dark: 'file:../icons/docuWare.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName: 'Passphrase',
			name: 'passphrase',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Passphrase of the organization, with which DocuWare 7.10 and later sign what they send, from the security settings of the organization in DocuWare. Needed for webhooks, and for validations that are checked by their signature.',
		},
		{
			displayName: 'Previous Passphrase',
			name: 'previousPassphrase',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'During a change of the passphrase: the one before, so that nothing is refused meanwhile. Otherwise leave it empty.',
		},
		{
			displayName: 'Validation Secret',
			name: 'validationSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'At least 16 letters, digits, - . _ or ~ that you make up, and that DocuWare shows in the address or in a header when it asks before storing. Needed for validations only.',
		},
	];
}
