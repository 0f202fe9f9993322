import type { Vault } from '../../../shared/vault/vault';
import type { SessionMeta } from './sessionRecord';

/** So many of the latest tokens are known again. */
const TOKENS_KNOWN = 50;

/** Notes a login token that was made for an account, so that it is known again when it is handed over. */
export function withMadeToken(vault: Vault, meta: SessionMeta, token: string): SessionMeta {
	const known = [...(meta.madeTokens ?? []), tokenDigest(vault, token)];
	return { ...meta, madeTokens: known.slice(-TOKENS_KNOWN) };
}

/** Whether the vault has had this token made for the account. */
export function isMadeToken(vault: Vault, meta: SessionMeta, token: string): boolean {
	return meta.madeTokens?.includes(tokenDigest(vault, token)) ?? false;
}

/** Keyed digest of a login token, by which it is known again. */
export function tokenDigest(vault: Vault, token: string): string {
	return vault.sealer.fingerprint('docuware login token', token);
}
