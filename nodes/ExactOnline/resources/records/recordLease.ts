import { underSubjectLease, type LeaseSubject } from '../../../shared/vault/subjectLease';
import { inSubjectTurn, lastTurns, type SubjectTurn } from '../../../shared/vault/subjectTurns';
import type { OperationCall } from '../operation';
import type { Place } from './findRecord';

/** Where a record is that two workers must not work on at once. */
type RecordPlace = Pick<Place, 'division' | 'endpoint'>;

/**
 * Does something that two workers must not do at once with the same record: both would look, find nothing done, and
 * do it. The lease is one of the vault, so it holds for all workers.
 *
 * @param known what the record is known by; only its digest is stored, since it may tell of people
 * @throws ConnectorError VAULT_LEASE_TIMEOUT
 */
export async function underRecordLease<T>(
	call: OperationCall,
	place: RecordPlace,
	known: string,
	work: () => Promise<T>,
): Promise<T> {
	const { vault } = call.source.chain;
	return await underSubjectLease(vault, subjectOf(call, place, known), call.signal, work);
}

/** As `underRecordLease`, in a turn that is counted over all workers; see `lastRecordTurns`. */
export async function inRecordTurn<T>(
	call: OperationCall,
	place: RecordPlace,
	known: string,
	work: (turn: SubjectTurn) => Promise<T>,
): Promise<T> {
	const { vault } = call.source.chain;
	return await inSubjectTurn(vault, subjectOf(call, place, known), call.signal, work);
}

/** The last turns at what may become these records; see `lastTurns`. */
export async function lastRecordTurns(
	call: OperationCall,
	place: RecordPlace,
	known: readonly string[],
): Promise<Array<number | undefined>> {
	const subjects = known.map((one) => subjectOf(call, place, one));
	return await lastTurns(call.source.chain.vault, subjects);
}

function subjectOf(
	{ source }: OperationCall,
	{ division, endpoint }: RecordPlace,
	known: string,
): LeaseSubject {
	return { kind: 'exactRecord', parts: [source.baseUrl, division, endpoint.path, known] };
}
