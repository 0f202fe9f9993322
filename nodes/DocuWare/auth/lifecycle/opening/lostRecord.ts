import type { Vault } from '../../../../shared/vault/vault';
import type { SessionAccount } from '../../account/sessionAccount';
import { proofOf } from '../../account/sessionAccount';
import { forgetSession, rememberedSession } from '../../record/openSession';
import { changeSession } from '../../record/sessionRecord';
import { recordOf } from '../sessionRecords';

/**
 * The record of an account whose own is gone from the store: a standby took over that lacks it, or an older
 * dump was restored. Found, or made anew. The session of cookies that this process remembers goes on in a new
 * one; else its licence would stay booked, and nobody would know the session.
 *
 * @param lostId the record that is gone
 * @throws ConnectorError VAULT_*
 */
export async function recordAnew(
	vault: Vault,
	account: SessionAccount,
	lostId: string,
	credentialId: string | null,
): Promise<string> {
	const recordId = await recordOf(vault, account, credentialId);
	const session = rememberedSession(vault, lostId);
	const isOwn = session?.proof === proofOf(vault, account, lostId);
	// A bearer token ends by itself.
	if (!isOwn || session?.credential.kind !== 'cookie') return recordId;
	const { credential } = session;
	const facts = {
		state: 'open',
		proof: proofOf(vault, account, recordId),
		wayIn: 'cookie',
		openedBy: account.kind === 'loginToken' ? 'loginToken' : 'password',
		openedByCredential: credentialId,
	} as const;
	await vault.writeAt(recordId, () =>
		changeSession(vault, recordId, 0, (secret, meta) =>
			meta.state === 'none'
				? [
						{ ...secret, session: credential },
						{ ...meta, ...facts },
					]
				: undefined,
		),
	);
	forgetSession(vault, lostId);
	return recordId;
}
