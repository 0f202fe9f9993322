import { randomUUID } from 'node:crypto';
import type {
	ICredentialTestFunctions,
	ICredentialsDecrypted,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { isConnectorError } from '../../shared/errors';
import { redact } from '../../shared/http';
import { openVault } from '../../shared/vault/place/openVault';
import { answerError } from '../platform/answerError';
import { organizationsIn } from '../platform/platformAnswers';
import { accountOf } from './nodeSession';
import type { SessionAccount } from './account/sessionAccount';
import { secretOf } from './account/sessionAccount';
import { docuWareSession } from './session/docuWareSession';
import type { DocuWareSession } from './session/sessionTypes';
import { vaultSource } from './session/vaultSource';
import { sessionProofOf } from './wire/sessionProbe';

/** Test of the credential *DocuWare*; its name in `testedBy`. */
export async function testDocuWareCredential(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	return await test('docuWareApi', credential);
}

/** Test of the credential *DocuWare Login Token*; its name in `testedBy`. */
export async function testLoginTokenCredential(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	return await test('docuWareTokenApi', credential);
}

/**
 * Logs on, or uses the session that is open, and asks the server something that needs a session. A
 * password that was refused before is tried again: a person has asked for it.
 */
async function test(
	type: 'docuWareApi' | 'docuWareTokenApi',
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	let account: SessionAccount | undefined;
	let session: DocuWareSession | undefined;
	try {
		account = accountOf(type, credential.data ?? {});
		const vault = await openVault();
		session = docuWareSession(await vaultSource(vault, account, `test:${randomUUID()}`));
		const status = await session.logOn({ atPersonsRequest: true });
		const organization = await organizationName(session, await sessionProofOf(vault, account));
		return {
			status: 'OK',
			message: `Connected: ${status.identity}${organization === undefined ? '' : ` (${organization})`}, ${
				status.wayIn === 'cookie' ? 'cookie session' : 'Identity Service'
			}. ${status.wayInReason}`,
		};
	} catch (error) {
		return { status: 'Error', message: describe(error, account) };
	} finally {
		await session?.release();
	}
}

const ORGANIZATIONS = 'Organizations';

/** Asks what proves the session, and then the name of its organization; undefined where several are listed. */
async function organizationName(
	session: DocuWareSession,
	proof = ORGANIZATIONS,
): Promise<string | undefined> {
	const proved = await session.request({ method: 'GET', url: proof });
	const { status, body, headers } = proved;
	// Who lacks a right is connected all the same.
	if (status !== 403 && (status < 200 || status >= 300)) {
		throw answerError(status, body, { method: 'GET', path: proof }, headers);
	}
	const answer =
		proof === ORGANIZATIONS ? proved : await session.request({ method: 'GET', url: ORGANIZATIONS });
	const [name, ...others] = organizationsIn(answer.body);
	return others.length === 0 ? name : undefined;
}

function describe(error: unknown, account: SessionAccount | undefined): string {
	if (isConnectorError(error)) return `${error.message} ${error.repair} [${error.code}]`;
	const text = error instanceof Error ? error.message : String(error);
	const secret = account && secretOf(account);
	return redact(text, secret === undefined ? [] : [secret]);
}
