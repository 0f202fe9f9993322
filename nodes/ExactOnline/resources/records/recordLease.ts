import { underSubjectLease } from '../../../shared/vault/subjectLease';
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
	const parts = [source.baseUrl, division, endpoint.path, subject];
	return await underSubjectLease(source.chain.vault, { kind: 'exactRecord', parts }, signal, work);
}
