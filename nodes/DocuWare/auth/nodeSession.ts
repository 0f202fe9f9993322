import type {
	IExecuteFunctions,
	IHookFunctions,
	ILoadOptionsFunctions,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { randomUUID } from 'node:crypto';

import { originOf } from '../../shared/node/eventOrigin';
import { presentMeanwhile } from '../../shared/process/presentMeanwhile';
import { processState } from '../../shared/process/processState';
import { rememberLatest } from '../../shared/process/rememberLatest';
import { openVault } from '../../shared/vault/place/openVault';
import type { EventOrigin } from '../../shared/vault/rows/events';
import { UNKNOWN_RUN } from '../../shared/vault/rows/events';
import type { Vault } from '../../shared/vault/vault';
import { isVaultTrouble } from '../../shared/vault/vaultErrors';
import { docuWareError, loggedOff, otherLogInData } from '../platform/docuWareErrors';
import type { CredentialData } from './account/credentialData';
import {
	readConnection,
	readLoginTokenAccount,
	readOAuth2Credential,
	readPasswordAccount,
	USUAL_LICENCE_WAIT_MS,
} from './account/credentialData';
import type { DocuWareCredentialType } from './account/credentialTypes';
import { CREDENTIAL_TYPES, credentialTypeFor } from './account/credentialTypes';
import type { SessionAccount } from './account/sessionAccount';
import { proofOf } from './account/sessionAccount';
import { knownRecordOf } from './lifecycle/sessionRecords';
import { rememberedSession } from './record/openSession';
import type { NamedSession } from './record/sessionReference';
import { foreignReference, readSessionReference } from './record/sessionReference';
import type { StoredLoginToken } from './record/sessionRecord';
import { metaOf, secretsOf } from './record/sessionRecord';
import { docuWareSession } from './session/docuWareSession';
import { givenTokenAccount } from './session/givenTokenAccount';
import type { SessionPresenter } from './session/sessionSource';
import { UNKNOWN_PRESENTER } from './session/sessionSource';
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
	const named = context.getNode().credentials?.[type];
	const presenter = {
		credentialId: named?.id ?? null,
		credentialName: named?.name ?? null,
		instanceId: context.getInstanceId(),
	};
	const asked: AskedSession = { type, credential, useId, presenter, origin: originOf(context) };
	const reference = options.sessionReference?.trim() ?? '';
	return reference === ''
		? await sessionOf(asked)
		: await referredSession(asked, reference, options.mayBeEnded === true);
}

/** Who asks for a session, and with what. */
export interface AskedSession {
	type: DocuWareCredentialType;
	credential: CredentialData;
	/** Names who uses it; see `vaultSource`. */
	useId: string;
	presenter: CredentialPresenter;
	/** The run it is for, where there is one. */
	origin?: EventOrigin;
}

/** The session of a credential. */
export async function sessionOf(asked: AskedSession): Promise<DocuWareSession> {
	const { type, credential, useId, presenter } = asked;
	const vault = await openVault();
	const account = ownAccount(asked);
	const sessionPresenter = presenterOf(vault, asked);
	if (account !== undefined) {
		return docuWareSession(await vaultSource(vault, account, useId, sessionPresenter));
	}
	const reading = readOAuth2Credential(credential, presenter);
	if (reading.kind === 'clientCredentials') throw new TypeError(`${type} has an account.`);
	const { authorization, connection } = reading;
	const use = { vault, authorization, connection, useId, presenter: sessionPresenter };
	return docuWareSession(tokenChainSource(await docuWareTokenChain(), use));
}

/** The account that a credential names; undefined where n8n's OAuth2 authorization stands for it. */
function ownAccount({ type, credential, presenter }: AskedSession): SessionAccount | undefined {
	if (type !== 'docuWareOAuth2Api') return accountOf(type, credential);
	const reading = readOAuth2Credential(credential, presenter);
	return reading.kind === 'clientCredentials' ? reading.account : undefined;
}

/**
 * The session that a reference names. A store that is away or silent does not hold up those who have shown
 * the reference to it before and have its session in memory.
 * @throws ConnectorError DOCUWARE_SESSION_UNKNOWN, DOCUWARE_SESSION_ENDED
 */
async function referredSession(
	asked: AskedSession,
	reference: string,
	mayBeEnded: boolean,
): Promise<DocuWareSession> {
	const vault = await openVault();
	const shown = [reference, asked.type, JSON.stringify(asked.credential), asked.presenter];
	const name = vault.sealer.fingerprint('docuware shown reference', JSON.stringify(shown));
	const key = `${vault.vaultId}|${name}`;
	const found = findReferred(vault, asked, reference, mayBeEnded).then((referred) => {
		rememberLatest(shownReferences(), key, referred, MOST_REMEMBERED);
		return referred;
	});
	const referred = await presentMeanwhile(`docuware reference|${key}`, found, {
		present: () => {
			const known = shownReferences().get(key);
			return known && isAtHand(vault, asked, known) ? known : undefined;
		},
		excuses: isVaultTrouble,
	});
	const account = accountOfReferred(vault, asked, referred);
	return docuWareSession(await vaultSource(vault, account, asked.useId, presenterOf(vault, asked)));
}

/** Whose session a reference has turned out to name: the asking credential's own, or that of a token it handed over. */
interface ReferredSession {
	recordId: string;
	/** That token, sealed. */
	given: { sealed: string; usage: StoredLoginToken['usage'] } | null;
}

/** What the token of a remembered reference is sealed for. */
const SEALED_FOR = 'docuware shown reference';

/** So many references are remembered with whom they were shown by. */
const MOST_REMEMBERED = 1_000;

/** References that were found to be good for the credential that has shown them. */
function shownReferences(): Map<string, ReferredSession> {
	return processState('docuWareReferences2', () => new Map<string, ReferredSession>());
}

function isAtHand(vault: Vault, asked: AskedSession, referred: ReferredSession): boolean {
	const { recordId } = referred;
	const session = rememberedSession(vault, recordId);
	if (session === undefined || performance.now() >= session.validUntil) return false;
	return session.proof === proofOf(vault, accountOfReferred(vault, asked, referred), recordId);
}

function accountOfReferred(
	vault: Vault,
	asked: AskedSession,
	{ given }: ReferredSession,
): SessionAccount {
	const own = ownAccount(asked);
	if (given !== null) {
		const rules = {
			...readConnection(asked.credential),
			wayIn: 'automatic' as const,
			licenceWaitMs: own?.licenceWaitMs ?? USUAL_LICENCE_WAIT_MS,
		};
		return givenTokenAccount(rules, vault.sealer.open(given.sealed, SEALED_FOR), given.usage);
	}
	if (own === undefined) throw foreignReference();
	return own;
}

/**
 * Whose session a reference names. A reference is worth no more than the credential presented with
 * it: it was given to everybody who proves to be that account, or to the one credential that handed a
 * login token over.
 */
async function findReferred(
	vault: Vault,
	asked: AskedSession,
	reference: string,
	mayBeEnded: boolean,
): Promise<ReferredSession> {
	const { credential, useId } = asked;
	const connection = readConnection(credential);
	const named = await readSessionReference(vault, reference, connection);
	const recordId = named.record.id;
	const { credentialId, giver } = presenterOf(vault, asked);
	const account = ownAccount(asked);
	const isOwn =
		account !== undefined && (await knownRecordOf(vault, account, credentialId)) === recordId;
	if (isOwn) {
		if (!named.isHeldBy({ kind: 'account', proof: proofOf(vault, account, recordId) })) {
			throw otherLogInData(account.label);
		}
		if (!mayBeEnded) refuseLoggedOff(named, account.label, useId);
		return { recordId, given: null };
	}
	const { sourceToken } = secretsOf(vault, named.record);
	const isGiver = giver !== null && named.isHeldBy({ kind: 'giver', credential: giver });
	if (!isGiver || sourceToken === null) throw foreignReference();
	if (!mayBeEnded) refuseLoggedOff(named, metaOf(named.record).label);
	const { value, usage } = sourceToken;
	return { recordId, given: { sealed: vault.sealer.seal(value, SEALED_FOR), usage } };
}

/** @param useId only a log-off by this execution counts; left out: by any. */
function refuseLoggedOff({ record }: NamedSession, label: string, useId?: string): void {
	const { state, loggedOffBy } = metaOf(record);
	if (state !== 'none' || !loggedOffBy) return;
	if (useId === undefined || loggedOffBy === useId) throw loggedOff(label);
}

function presenterOf(
	{ sealer }: Vault,
	{ type, credential, presenter: { credentialId, instanceId }, origin = UNKNOWN_RUN }: AskedSession,
): SessionPresenter {
	if (credentialId === null) return { ...UNKNOWN_PRESENTER, origin };
	const secret = ['password', 'loginToken', 'clientSecret'].map((name) => credential[name] ?? '');
	const who = [instanceId ?? '', credentialId, type, JSON.stringify(secret)];
	return { credentialId, giver: sealer.fingerprint('docuware session giver', ...who), origin };
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

function credentialTypeOf(context: NodeContext): DocuWareCredentialType {
	const node = context.getNode();
	const chosen = credentialTypeFor(node.parameters?.authentication);
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
