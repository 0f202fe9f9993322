import type {
	IExecuteFunctions,
	IHookFunctions,
	ILoadOptionsFunctions,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { randomUUID } from 'node:crypto';

import { openVault } from '../../shared/vault/place/openVault';
import type { Vault } from '../../shared/vault/vault';
import { docuWareError } from '../platform/docuWareErrors';
import type { CredentialData } from './account/credentialData';
import {
	readConnection,
	readLoginTokenAccount,
	readOAuth2Credential,
	readPasswordAccount,
} from './account/credentialData';
import type { DocuWareCredentialType } from './account/credentialTypes';
import { CREDENTIAL_TYPES } from './account/credentialTypes';
import type { SessionAccount } from './account/sessionAccount';
import { SessionKeeper } from './lifecycle/sessionKeeper';
import { readSessionReference } from './record/sessionReference';
import { docuWareSession } from './session/docuWareSession';
import type { CreateSessionOptions, DocuWareSession } from './session/sessionTypes';
import { tokenChainSource } from './session/tokenChainSource';
import { vaultSource } from './session/vaultSource';
import { docuWareTokenChain } from './tokenChain/chainPolicy';

/**
 * The contexts in which n8n tells id and name of the credential
 * (docs/facts/n8n.md, "Who knows the credential").
 */
export type NodeContext =
	IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions | IHookFunctions | IWebhookFunctions;

/** Which credential presents itself, where n8n tells. */
export interface CredentialPresenter {
	credentialId: string | null;
	credentialName: string | null;
	instanceId: string | null;
}

/**
 * The DocuWare session for one item of a node run. Cheap to call per item: all items of an identity
 * share one session. Call `release()` on it when the node run ends.
 *
 * @throws ConnectorError DOCUWARE_CREDENTIAL_INVALID, DOCUWARE_NOT_CONNECTED,
 * DOCUWARE_SESSION_UNKNOWN or a VAULT_* code.
 */
export async function createDocuWareSession(
	context: NodeContext,
	itemIndex = 0,
	options: CreateSessionOptions = {},
): Promise<DocuWareSession> {
	const type = options.credentialType ?? credentialTypeOf(context);
	const credential = await (context as IExecuteFunctions).getCredentials(type, itemIndex);
	const useId = useIdOf(context);
	const reference = options.sessionReference?.trim() ?? '';
	if (reference !== '') {
		const vault = await openVault();
		const account = await readSessionReference(vault, reference, readConnection(credential));
		return await openVaultSession(vault, await ownOr(vault, type, credential, account), useId);
	}
	const named = context.getNode().credentials?.[type];
	return await sessionOf(type, credential, useId, {
		credentialId: named?.id ?? null,
		credentialName: named?.name ?? null,
		instanceId: context.getInstanceId(),
	});
}

/**
 * The session of a credential.
 * @param useId names who uses it; see `vaultSource`.
 */
export async function sessionOf(
	type: DocuWareCredentialType,
	credential: CredentialData,
	useId: string,
	presenter: CredentialPresenter,
): Promise<DocuWareSession> {
	if (type !== 'docuWareOAuth2Api') {
		return await openVaultSession(await openVault(), accountOf(type, credential), useId);
	}
	const reading = readOAuth2Credential(credential, presenter);
	if (reading.kind === 'clientCredentials') {
		return await openVaultSession(await openVault(), reading.account, useId);
	}
	const { authorization, connection } = reading;
	const vault = await openVault();
	const use = { vault, authorization, connection, useId };
	return docuWareSession(tokenChainSource(await docuWareTokenChain(), use));
}

/** What a credential of user and password, or of a login token, can begin a session with. */
export function accountOf(
	type: Exclude<DocuWareCredentialType, 'docuWareOAuth2Api'>,
	credential: CredentialData,
): SessionAccount {
	return type === 'docuWareApi'
		? readPasswordAccount(credential)
		: readLoginTokenAccount(credential);
}

/**
 * A reference to the credential's own session is that session, with all that can renew it; any other
 * one stands for itself.
 */
async function ownOr(
	vault: Vault,
	type: DocuWareCredentialType,
	credential: CredentialData,
	account: SessionAccount & { recordId: string },
): Promise<SessionAccount> {
	if (type === 'docuWareOAuth2Api') return account;
	const own = accountOf(type, credential);
	const { recordId } = await SessionKeeper.create(vault, own);
	return recordId === account.recordId ? own : { ...account, licenceWaitMs: own.licenceWaitMs };
}

async function openVaultSession(
	vault: Vault,
	account: SessionAccount,
	useId: string,
): Promise<DocuWareSession> {
	return docuWareSession(await vaultSource(vault, account, useId));
}

function credentialTypeOf(context: NodeContext): DocuWareCredentialType {
	const node = context.getNode();
	const chosen = CREDENTIAL_TYPES.find((type) => node.parameters?.authentication === type);
	const type = chosen ?? CREDENTIAL_TYPES.find((one) => node.credentials?.[one] !== undefined);
	if (type !== undefined) return type;
	throw docuWareError(
		'DOCUWARE_CREDENTIAL_INVALID',
		`The node ${node.name} has no DocuWare credential.`,
		'Choose a DocuWare credential in the node.',
	);
}

/** One name per execution and n8n instance; contexts without an execution get one of their own. */
function useIdOf(context: NodeContext): string {
	const id = 'getExecutionId' in context ? context.getExecutionId() : undefined;
	return id ? `${context.getInstanceId()}:${id}` : `none:${randomUUID()}`;
}
