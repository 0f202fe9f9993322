import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import { declareRecordLife } from '../../../shared/vault/rows/recordLives';
import { recordsBeginningWith } from '../../../shared/vault/rows/records';
import type { VaultRecord } from '../../../shared/vault/rows/records';
import type { Vault } from '../../../shared/vault/vault';
import { organizationsIn } from '../../platform/platformAnswers';
import { platformSend } from '../../platform/platformRequest';
import type { PasswordAccount, SessionAccount } from '../account/sessionAccount';
import { SESSION_SERVICE, identityOf, proofOf } from '../account/sessionAccount';
import { openedFrom } from '../record/openSession';
import { sessionLife } from '../record/sessionLife';
import {
	changeSession,
	findSessionRecord,
	knownSessionRecord,
	metaOf,
	readSession,
} from '../record/sessionRecord';
import { authHeaders } from '../wire/sessionCredential';

declareRecordLife(SESSION_SERVICE, sessionLife);

/** The record of an account, made where there is none. @throws ConnectorError VAULT_* */
export async function recordOf(vault: Vault, account: SessionAccount): Promise<string> {
	return (await knownRecordOf(vault, account)) ?? (await findSessionRecord(vault, account));
}

/**
 * The record of an account; undefined where there is none yet. The same server and user with and
 * without an organization are one user with one licence: a credential joins the record that the other
 * spelling has made, where its own password proves itself there and the organization is the one that
 * the service named.
 */
export async function knownRecordOf(
	vault: Vault,
	account: SessionAccount,
): Promise<string | undefined> {
	const own = await knownSessionRecord(vault, account);
	if (account.kind !== 'password') return own?.id;
	if (own !== undefined && metaOf(own).proof === proofOf(vault, account, own.id)) return own.id;
	const others = (await siblings(vault, account)).filter(({ id }) => id !== own?.id);
	const fitting: string[] = [];
	for (const record of others)
		if (await isSameUser(vault, account, record)) fitting.push(record.id);
	// Two organizations in which the user has one password: without a name nobody knows which is meant.
	return fitting.length === 1 ? fitting[0] : own?.id;
}

/** Records of the same server and user, of any organization, that this password has opened. */
async function siblings(vault: Vault, account: PasswordAccount): Promise<VaultRecord[]> {
	const { organization, userName } = account;
	// Where a name holds the separator nobody can tell from an identity which part is the user.
	if (`${organization}${userName}`.includes('|')) return [];
	const [service = SESSION_SERVICE, base, , user] = identityOf(vault, account).split('|');
	const found = await vault.read(() => recordsBeginningWith(`${service}|${base}|`));
	return found.filter((record) => {
		const parts = record.identity.split('|');
		if (parts.length !== 4 || parts[3] !== user) return false;
		return metaOf(record).proof === proofOf(vault, account, record.id);
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
	const url = `${account.address.baseUrl}/Organizations`;
	const answer = await platformSend(account, {
		method: 'GET',
		url,
		headers: { Accept: 'application/json', ...authHeaders(session.credential, url) },
	}).catch(() => undefined);
	const names = answer?.status === 200 ? organizationsIn(answer.body) : [];
	const [name] = names;
	if (names.length !== 1 || name === undefined) return undefined;
	await vault.write(function* (): SqlTransaction<void> {
		yield* changeSession(vault, record.id, null, (secret, meta) => [
			secret,
			{ ...meta, organization: name },
		]);
	});
	return name;
}
