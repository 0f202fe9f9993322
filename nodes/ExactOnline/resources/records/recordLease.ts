import { createHash } from 'node:crypto';
import { LEASE_WAIT_MS } from '../../../shared/vault/leaseHolding';
import type { OperationCall } from '../operation';
import type { Place } from './findRecord';

/**
 * Does something that two workers must not do at once with the same record: both would look, find nothing done, and
 * do it. The lease is one of the vault, so it holds for all workers.
 *
 * @param subject what the record is known by; only its digest is stored, since it may tell of people
 * @throws ConnectorError VAULT_LEASE_TIMEOUT
 */
export async function underRecordLease<T>(
	{ source, signal }: OperationCall,
	{ division, endpoint }: Pick<Place, 'division' | 'endpoint'>,
	subject: string,
	work: () => Promise<T>,
): Promise<T> {
	const whole = JSON.stringify([source.baseUrl, division, endpoint.path, subject]);
	const name = `exactRecord:${createHash('sha256').update(whole).digest('base64url')}`;
	return await source.chain.vault.withLease(name, { waitMs: LEASE_WAIT_MS, signal }, work);
}
