import type {
	ICredentialTestFunctions,
	ICredentialsDecrypted,
	IHookFunctions,
	INodeCredentialTestResult,
	IWebhookFunctions,
} from 'n8n-workflow';
import { ConnectorError } from '../../shared/errors';

/** Name of the credential type *DocuWare Webhook Secret API*. */
const WEBHOOK_SECRET_TYPE = 'docuWareWebhookSecretApi';

/** What the credential holds; a text that was not entered is empty. */
export interface WebhookSecrets {
	/** Passphrases that sign: the present one, and the previous one during a change. */
	passphrases: string[];
	/** What DocuWare shows when it asks before storing. */
	validationSecret: string;
}

/** So long a validation secret has to be, and so it can stand in an address as it is. */
const VALIDATION_SECRET = /^[\w.~-]{16,}$/;

/** @throws what n8n throws where the node names no such credential */
export async function readWebhookSecrets(
	context: IHookFunctions | IWebhookFunctions,
): Promise<WebhookSecrets> {
	return secretsOf(await context.getCredentials(WEBHOOK_SECRET_TYPE));
}

function secretsOf(data: Readonly<Record<string, unknown>>): WebhookSecrets {
	const text = (name: string) => (typeof data[name] === 'string' ? data[name] : '');
	return {
		passphrases: [text('passphrase'), text('previousPassphrase')].filter((one) => one !== ''),
		validationSecret: text('validationSecret').trim(),
	};
}

/** What is missing in a credential for signed deliveries; undefined where nothing is. */
export function passphraseProblem({ passphrases }: WebhookSecrets): ConnectorError | undefined {
	if (passphrases.length > 0) return undefined;
	return new ConnectorError(
		'DOCUWARE_WEBHOOK_SECRET_MISSING',
		'The credential DocuWare Webhook Secret API has no Passphrase, so no delivery of DocuWare could be told from a forged one.',
		{
			repair:
				'Copy the passphrase from DocuWare Configuration > Organization Settings > Security into the credential.',
		},
	);
}

/** What is wrong with a credential for questions that show the validation secret. */
export function validationSecretProblem({
	validationSecret,
}: WebhookSecrets): ConnectorError | undefined {
	if (VALIDATION_SECRET.test(validationSecret)) return undefined;
	const problem =
		validationSecret === ''
			? 'The credential DocuWare Webhook Secret API has no Validation Secret.'
			: 'The Validation Secret of the credential DocuWare Webhook Secret API is shorter than 16 characters, or has others than letters, digits, - . _ and ~.';
	return new ConnectorError('DOCUWARE_WEBHOOK_SECRET_MISSING', problem, {
		repair:
			'Make one of at least 16 random letters and digits, enter it in the credential and in DocuWare.',
	});
}

/** Test of the credential; its name in `testedBy`. Nothing is sent: DocuWare has nothing to ask about it. */
export async function testWebhookSecret(
	this: ICredentialTestFunctions,
	{ data = {} }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const secrets = secretsOf(data as Record<string, unknown>);
	const noPassphrase = passphraseProblem(secrets);
	const noSecret = validationSecretProblem(secrets);
	const problem =
		noPassphrase !== undefined && secrets.validationSecret === '' ? noPassphrase : undefined;
	const wrong = problem ?? (secrets.validationSecret === '' ? undefined : noSecret);
	if (wrong !== undefined) {
		const { message, repair, code } = wrong;
		return await Promise.resolve({ status: 'Error', message: `${message} ${repair} [${code}]` });
	}
	const usable = [
		...(noPassphrase === undefined ? ['webhooks'] : []),
		...(noSecret === undefined ? ['validations'] : []),
	];
	return {
		status: 'OK',
		message: `Complete for ${usable.join(' and ')}. Whether DocuWare has the same can be seen by its first delivery only.`,
	};
}
