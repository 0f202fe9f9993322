import { createHash } from 'node:crypto';
import { LEASE_WAIT_MS } from './leaseHolding';
import type { Vault } from './vault';

/** What two workers must not work on at once. */
export interface LeaseSubject {
	/** What kind of thing it is, such as `exactRecord`. */
	kind: string;
	/** What it is known by. Only a digest is stored, since it may tell of people. */
	parts: readonly unknown[];
	/** How long whoever works on it is waited for, in milliseconds; as long as for a token request if missing. */
	waitMs?: number;
}

/**
 * Does something that two workers must not do at once with the same thing: both would look, find nothing done, and do it.
 * The lease is one of the vault, so it holds for all workers.
 *
 * @throws ConnectorError VAULT_LEASE_TIMEOUT
 */
export async function underSubjectLease<T>(
	vault: Vault,
	{ kind, parts, waitMs = LEASE_WAIT_MS }: LeaseSubject,
	signal: AbortSignal | undefined,
	work: () => Promise<T>,
): Promise<T> {
	return await vault.withLease(subjectLease({ kind, parts }), { waitMs, signal }, work);
}

/** Name of the lease on a thing, for work that begins in the transaction which takes it. */
export function subjectLease({ kind, parts }: Pick<LeaseSubject, 'kind' | 'parts'>): string {
	const digest = createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
	return `${kind}:${digest}`;
}
