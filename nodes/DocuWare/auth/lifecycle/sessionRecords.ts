import { declareRecordLife } from '../../../shared/vault/rows/recordLives';
import { recordsBeginningWith } from '../../../shared/vault/rows/records';
import type { VaultRecord } from '../../../shared/vault/rows/records';
import type { Vault } from '../../../shared/vault/vault';
import type { PasswordAccount, SessionAccount } from '../account/sessionAccount';
import { SESSION_SERVICE, identityOf, proofOf } from '../account/sessionAccount';
import { openedFrom } from '../record/openSession';
import { sessionLife } from '../record/sessionLife';
import {
	findSessionRecord,
	knownSessionRecord,
	metaOf,
	readSession,
} from '../record/sessionRecord';
import { noteOrganization } from './organizationName';

declareRecordLife(SESSION_SERVICE, sessionLife);

/** The record of an account, made where there is none. @throws ConnectorError VAULT_* */
export async function recordOf(
	vault: Vault,
	account: SessionAccount,
	credentialId: string | null,
): Promise<string> {
	const known = await knownRecordOf(vault, account, credentialId);
	return known ?? (await findSessionRecord(vault, account));
}

/**
 * The record of an account; undefined where there is none yet. The same server and user with and
 * without an organization are one user with one licence: a credential joins the record that the other
 * spelling has made, where its own password proves itself there and the organization is the one that
 * the service named. Else the one whose session this very credential has opened with an earlier
 * password: what that holds the new one still has to prove, but it may end it for its licence.
 */
export async function knownRecordOf(
	vault: Vault,
	account: SessionAccount,
	credentialId: string | null,
): Promise<string | undefined> {
	const own = await knownSessionRecord(vault, account);
	if (account.kind !== 'password') return own?.id;
	const isProved = (record: VaultRecord) =>
		metaOf(record).proof === proofOf(vault, account, record.id);
	if (own !== undefined && isProved(own)) return own.id;
	const others = (await siblings(vault, account)).filter(({ id }) => id !== own?.id);
	const isOpener = (record: VaultRecord) =>
		credentialId !== null && metaOf(record).openedByCredential === credentialId;
	const proved = await ofSameUser(vault, account, others.filter(isProved));
	// Two organizations in which the user has one password: without a name nobody knows which is meant.
	if (proved.length > 0) return proved.length === 1 ? proved[0] : own?.id;
	const opened = await ofSameUser(vault, account, others.filter(isOpener));
	return opened.length === 1 ? opened[0] : own?.id;
}

/**
 * Records of other spellings of an account whose open session was begun with another secret, by the user
 * that the account has just proved to be: of the same server, name and organization.
 * @param organization as the account or, for it, the service names it
 */
export async function outdatedRecordsOf(
	vault: Vault,
	account: PasswordAccount,
	recordId: string,
	organization: string,
): Promise<VaultRecord[]> {
	const others = (await siblings(vault, account)).filter(({ id }) => id !== recordId);
	return others.filter((record) => {
		const { state, proof, organization: noted } = metaOf(record);
		const [, , typed = ''] = record.identity.split('|');
		const named = (typed !== '' ? typed : noted)?.toLowerCase();
		const isOutdated = state === 'open' && proof !== proofOf(vault, account, record.id);
		return isOutdated && named === organization.toLowerCase();
	});
}

async function ofSameUser(
	vault: Vault,
	account: PasswordAccount,
	records: VaultRecord[],
): Promise<string[]> {
	const fitting: string[] = [];
	for (const record of records)
		if (await isSameUser(vault, account, record)) fitting.push(record.id);
	return fitting;
}

/** Records of the same server and user, of any organization. */
async function siblings(vault: Vault, account: PasswordAccount): Promise<VaultRecord[]> {
	const { organization, userName } = account;
	// Where a name holds the separator nobody can tell from an identity which part is the user.
	if (`${organization}${userName}`.includes('|')) return [];
	const [service = SESSION_SERVICE, base, , user] = identityOf(vault, account).split('|');
	const found = await vault.read(() => recordsBeginningWith(`${service}|${base}|`));
	return found.filter((record) => {
		const parts = record.identity.split('|');
		return parts.length === 4 && parts[3] === user;
	});
}

async function isSameUser(
	vault: Vault,
	account: PasswordAccount,
	record: VaultRecord,
): Promise<boolean> {
	const wanted = account.organization.toLowerCase();
	if (wanted === '') return true;
	const [, , typed = ''] = record.identity.split('|');
	const named = typed !== '' ? typed : await namedOrganization(vault, account, record);
	return named?.toLowerCase() === wanted;
}

/** The organization of a record that was made without one, as the service names it; asked for once. */
async function namedOrganization(
	vault: Vault,
	account: PasswordAccount,
	record: VaultRecord,
): Promise<string | undefined> {
	const known = metaOf(record).organization;
	if (typeof known === 'string') return known;
	const view = await readSession(vault, record.id);
	const session = view && openedFrom(vault, view);
	if (view?.meta.state !== 'open' || session === undefined) return undefined;
	return await noteOrganization(vault, account, record.id, session.credential);
}
