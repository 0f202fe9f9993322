import type { HttpResponse } from '../../../shared/http';
import type { LogOnAnswer } from './logOnAnswers';
import { readCookieAnswer, readGrantAnswer } from './logOnAnswers';
import { SessionCookies } from './sessionCookies';
import { platformPost } from '../../platform/platformRequest';
import type { ClientCredentialsAccount, PasswordAccount } from '../account/sessionAccount';
import type { IdentityService } from './identityDiscovery';
import type { ServerFacts } from './serverDiscovery';
import type { ServerConnection } from '../../platform/serverAddress';

/**
 * The client that every Identity Service knows without a registration (docs/facts/docuware.md 5.2).
 */
const BUILT_IN_CLIENT = { client_id: 'docuware.platform.net.client', scope: 'docuware.platform' };

/** An answer and when it was asked for and arrived (`performance.now()`, milliseconds). */
export interface TimedLogOnAnswer {
	answer: LogOnAnswer;
	requestedAt: number;
	receivedAt: number;
}

/** `POST Account/Logon` (docs/facts/docuware.md 2). @throws HttpTransportError */
export async function logOnByPassword(
	account: PasswordAccount,
	facts: ServerFacts,
	hostId: string,
): Promise<TimedLogOnAnswer> {
	return await timed(account, facts.logOnUrl, cookieReader(), [account.password], {
		UserName: account.userName,
		Password: account.password,
		...(account.organization === '' ? {} : { Organization: account.organization }),
		HostID: hostId,
		LicenseType: '',
		RedirectToMyselfInCaseOfError: 'false',
		RememberMe: 'true',
	});
}

/**
 * `POST Account/TokenLogOn` (docs/facts/docuware.md 3.1): the token in the body, never in the
 * address.
 */
export async function logOnByToken(
	connection: ServerConnection,
	facts: ServerFacts,
	hostId: string,
	token: string,
): Promise<TimedLogOnAnswer> {
	return await timed(connection, facts.tokenLogOnUrl, cookieReader(), [token], {
		Token: token,
		LicenseType: 'PlatformService',
		HostID: hostId,
		RedirectToMyselfInCaseOfError: 'false',
		RememberMe: 'true',
	});
}

/** Grant `password` of the Identity Service (docs/facts/docuware.md 5.2). */
export async function grantByPassword(
	account: PasswordAccount,
	service: IdentityService,
): Promise<TimedLogOnAnswer> {
	return await timed(account, service.tokenEndpoint, readGrantAnswer, [account.password], {
		grant_type: 'password',
		...BUILT_IN_CLIENT,
		username: account.userName,
		password: account.password,
	});
}

/** Grant `dwtoken` of the Identity Service (docs/facts/docuware.md 5.2). */
export async function grantByToken(
	connection: ServerConnection,
	service: IdentityService,
	token: string,
): Promise<TimedLogOnAnswer> {
	return await timed(connection, service.tokenEndpoint, readGrantAnswer, [token], {
		grant_type: 'dwtoken',
		...BUILT_IN_CLIENT,
		token,
	});
}

/** Grant `client_credentials` of an app registration (experimental, docs/facts/docuware.md 5.2). */
export async function grantByClient(account: ClientCredentialsAccount): Promise<TimedLogOnAnswer> {
	const endpoint = `${account.identityUrl}/connect/token`;
	return await timed(account, endpoint, readGrantAnswer, [account.clientSecret], {
		grant_type: 'client_credentials',
		client_id: account.clientId,
		client_secret: account.clientSecret,
		scope: 'docuware.platform',
	});
}

type AnswerReader = (answer: HttpResponse, secrets: readonly string[]) => LogOnAnswer;

/**
 * Made before the request goes out, so that the library for cookies is loaded while nothing is at
 * stake: an update of this package may take its files away at any time.
 */
function cookieReader(): AnswerReader {
	const cookies = SessionCookies.empty();
	return (answer, secrets) => readCookieAnswer(answer, secrets, cookies);
}

async function timed(
	connection: Pick<ServerConnection, 'ignoreSslIssues' | 'allowHttp'>,
	url: string,
	read: AnswerReader,
	secrets: readonly string[],
	fields: Record<string, string>,
): Promise<TimedLogOnAnswer> {
	const { response, ...times } = await platformPost(connection, { url, fields });
	return { answer: read(response, secrets), ...times };
}
