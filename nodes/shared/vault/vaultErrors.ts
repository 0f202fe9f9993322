import { ConnectorError, isConnectorError } from '../errors';

/** Codes of the vault; each has an entry in docs/errors.md. */
export type VaultErrorCode =
	| 'VAULT_LOCKED'
	| 'VAULT_READ_ONLY'
	| 'VAULT_FULL'
	| 'VAULT_UNAVAILABLE'
	| 'VAULT_DAMAGED'
	| 'VAULT_SCHEMA_TOO_NEW'
	| 'VAULT_SCHEMA_RIGHTS'
	| 'VAULT_NO_FILE_LOCKS'
	| 'VAULT_HOME_CHANGED'
	| 'VAULT_KEY_MISSING'
	| 'VAULT_KEY_MISMATCH'
	| 'VAULT_KEY_ROTATED'
	| 'VAULT_LEASE_TIMEOUT'
	| 'VAULT_SAVE_FAILED'
	| 'VAULT_SPILL_UNREADABLE'
	| 'VAULT_MOVED'
	| 'VAULT_MOVE_SOURCE_NEEDED'
	| 'VAULT_SETTING_INVALID';

/** Makes an error of the vault. `retryable` as in ConnectorError. */
export function vaultError(
	code: VaultErrorCode,
	message: string,
	repair: string,
	options: { listRepair?: string; retryable?: boolean; cause?: unknown } = {},
): ConnectorError {
	return new ConnectorError(code, message, { repair, ...options });
}

/** What may pass by itself, or by a repair of the store alone. */
const TROUBLE: ReadonlySet<string> = new Set<VaultErrorCode>([
	'VAULT_LOCKED',
	'VAULT_READ_ONLY',
	'VAULT_FULL',
	'VAULT_UNAVAILABLE',
	'VAULT_DAMAGED',
	'VAULT_LEASE_TIMEOUT',
	'VAULT_SAVE_FAILED',
	'VAULT_SPILL_UNREADABLE',
]);

/**
 * A store that cannot be reached or does not take anything: whoever has a good token goes on with it. A
 * process that another vault, key or schema has put out of force stops instead: what was decided there
 * since, about credentials for instance, it cannot see, and waiting does not heal it.
 */
export function isVaultTrouble(error: unknown): boolean {
	return isConnectorError(error) && TROUBLE.has(error.code);
}

/** Whether others had a lease for as long as it was waited for: a store that is busy is not away. */
export function isLeaseTimeout(error: unknown): error is ConnectorError {
	return isConnectorError(error) && error.code === 'VAULT_LEASE_TIMEOUT';
}

/** Whether the vault takes nothing from this process any more, now or later. */
export function isOutOfForce(error: unknown): boolean {
	return (
		isConnectorError(error) &&
		['VAULT_MOVED', 'VAULT_KEY_ROTATED', 'VAULT_SCHEMA_TOO_NEW'].includes(error.code)
	);
}
