import { ConnectorError } from '../../shared/errors';
import { isHostAsTyped } from '../../shared/http';
import { readConnectedTokens } from '../../shared/tokenChain/tokenData';
import type { Authorization, Presenter } from '../../shared/tokenChain/types';
import { tokenUrl } from './regions';

/** Name of the credential type. */
export const CREDENTIAL_TYPE = 'exactOnlineOAuth2Api';

/** Label of the field for another address than those of the regions. */
const BASE_URL = 'Base URL';

/** A credential as n8n hands it out: decrypted, its expressions resolved. */
export type CredentialData = Record<string, unknown>;

/**
 * Reads the authorization out of a credential.
 * @throws ConnectorError EXACT_NOT_CONNECTED, EXACT_CREDENTIAL_INVALID (names the field).
 */
export function readAuthorization(
	credential: CredentialData,
	presenter: Omit<Presenter, keyof DuplicateChoice>,
): Authorization {
	const { pair, issuedAt } = readConnectedTokens(credential.oauthTokenData);
	if (pair.accessToken === '' || pair.refreshToken === '') {
		throw new ConnectorError(
			'EXACT_NOT_CONNECTED',
			'The Exact Online credential is not connected yet.',
			{ repair: 'Open the credential and press Connect to log in at Exact Online.' },
		);
	}
	return {
		host: baseUrlOf(credential),
		clientId: required(credential, 'clientId', 'Client ID'),
		clientSecret: required(credential, 'clientSecret', 'Client Secret'),
		pair,
		issuedAt,
		ignoreSslIssues: credential.ignoreSSLIssues === true,
		allowHttp: credential.allowHttp === true,
		presenter: { ...presenter, ...duplicateChoice(credential) },
	};
}

/**
 * The regional host as an origin in its one spelling, because it is part of the identity. The field *Region*
 * holds the address for tokens, which is what n8n asks of a credential; with *Other Base URL* n8n has made it
 * from that field.
 * @throws ConnectorError EXACT_CREDENTIAL_INVALID
 */
export function baseUrlOf({ accessTokenUrl }: CredentialData): string {
	const typed = text(accessTokenUrl);
	if (typed === '') throw invalid('Region', 'is empty');
	if (typed === tokenUrl('')) throw invalid(BASE_URL, 'is empty');
	const url = URL.canParse(typed) ? new URL(typed) : undefined;
	if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
		throw invalid(BASE_URL, 'is not a web address such as https://start.exactonline.nl');
	}
	// What stands before an @ looks like the host and is none: https://start.exactonline.nl@evil.example.
	if (url.username !== '' || url.password !== '' || /^https?:[\\/]*[^\\/?#]*@/i.test(typed)) {
		throw invalid(BASE_URL, `holds an @, so that it leads to ${url.host}`);
	}
	if (!isHostAsTyped(typed, url)) {
		throw invalid(BASE_URL, `is read by browsers as ${url.host}, which has to be typed so`);
	}
	// Connect takes the address as it stands, the nodes put the paths of Exact Online behind the host.
	if (url.href !== tokenUrl(url.origin)) {
		throw invalid(BASE_URL, 'goes on behind its host, where it has to end');
	}
	return url.origin;
}

/** What deliveries of the app are signed with; empty where the credential holds none. */
export function webhookSecretOf({ webhookSecret }: CredentialData): string {
	return text(webhookSecret);
}

/** `refuse`: whatever credentials choose, a second one for the same app and user is refused. */
const DUPLICATES_VARIABLE = 'N8N_EXACTONLINE_DOCUWARE_DUPLICATES';

type DuplicateChoice = Pick<Presenter, 'duplicatePolicy' | 'duplicatesRefused'>;

function duplicateChoice({ duplicateRegistration }: CredentialData): DuplicateChoice {
	if (process.env[DUPLICATES_VARIABLE]?.trim().toLowerCase() === 'refuse') {
		return { duplicatePolicy: 'refuse', duplicatesRefused: true };
	}
	const isChoice = duplicateRegistration === 'share' || duplicateRegistration === 'takeOver';
	return { duplicatePolicy: isChoice ? duplicateRegistration : 'refuse' };
}

function required(credential: CredentialData, field: string, label: string): string {
	const value = text(credential[field]);
	if (value === '') throw invalid(label, 'is empty');
	return value;
}

function invalid(label: string, problem: string): ConnectorError {
	return new ConnectorError(
		'EXACT_CREDENTIAL_INVALID',
		`The field ${label} of the Exact Online credential ${problem}.`,
		{ repair: `Open the credential, fill in ${label} and press Connect.` },
	);
}

function text(value: unknown): string {
	return typeof value === 'string' ? value.trim() : '';
}
