import type { ChainPolicy } from '../../../../../nodes/shared/tokenChain/types';
import type { SqlStatement } from '../../../../../nodes/shared/vault/database/transaction';
import { TABLES } from '../../../../../nodes/shared/vault/rows/schema';
import { watchedStatement } from '../../../../support/chain/watchedDatabase';
import type { WorldMutations } from '../../../support/simulatedWorld';

/** Ways to break the chain on purpose, to see that the model notices. */
export type Mutation =
	| 'saveWithoutFencing'
	| 'refreshWithoutLease'
	| 'noAttemptRow'
	| 'failedSaveDropped'
	// As before the short list: a page or a fault with a status is taken for a refusal.
	| 'pageIsRefusal'
	// What was sent stands in the words of a failure.
	| 'secretInDetail'
	// Whoever shows an access token of the user is served from the record, with whatever secret.
	| 'newcomerServed'
	| 'anySecretServed'
	// Take Over is carried out before the service has accepted the pair.
	| 'takeOverUnproved'
	// A pair beside the record: refused it breaks the record, it is not kept, its new token is anybody's.
	| 'rivalBreaksRecord'
	| 'rivalsDropped'
	| 'acceptedUnasked'
	| 'limitsForgotten'
	// Proved credentials refresh as if nobody had anything to prove.
	| 'nobodyLeavesTime'
	// A store that fell back is not healed.
	| 'nothingRemembered'
	| 'spillsUnread'
	// Who takes a lease has looked for spills before, and looks no more.
	| 'spillsReadBeforeLease'
	// Who takes a lease leaves the spills of a process that may live to it, however its lease has ended.
	| 'spillsLeftToWriter'
	// What came for a pair that stands beside another record by now is not brought there.
	| 'signpostDropped'
	// A process that stood still before its request leaves does not queue again.
	| 'leaseLostEnds';

/** The mutation that the functions in `mutatedModules` look at. */
export const brokenOnPurpose: { mutation?: Mutation } = {};

/** What a mutation changes of the processes and their store. */
export function mutationsOf(mutation: Mutation | undefined): WorldMutations {
	switch (mutation) {
		case 'refreshWithoutLease':
			return { withoutLease: true };
		case 'failedSaveDropped':
			return { disksLost: true };
		case 'noAttemptRow':
			return { changed: (sql) => (watchedStatement(sql) === 'attemptRow' ? undefined : sql) };
		case 'rivalsDropped':
			return {
				changed: (one) => (one.sql.startsWith(`INSERT INTO ${TABLES.rival}`) ? undefined : one),
			};
		case 'rivalBreaksRecord':
			return { changed: breaksRecord };
		case 'saveWithoutFencing':
			return { changed: withoutFencing };
		default:
			return {};
	}
}

function withoutFencing(statement: SqlStatement): SqlStatement {
	if (watchedStatement(statement) !== 'secretSave') return statement;
	return { ...statement, sql: statement.sql.replace('generation = $2', '$2 = $2') };
}

/** Where a pair beside a record is set aside, the record is marked broken with it. */
function breaksRecord(statement: SqlStatement): SqlStatement {
	if (!statement.sql.includes(`UPDATE ${TABLES.rival} SET state = 'setAside'`)) return statement;
	const sql = `UPDATE ${TABLES.record} SET state = 'broken', updated_at = $2, broken_code = $3
		WHERE id = (SELECT record_id FROM ${TABLES.rival} WHERE id = $1)`;
	return { ...statement, sql };
}

/** For the mutation that loses what a failed save has brought. */
export class ForgetfulSet<T> extends Set<T> {
	override add(): this {
		return this;
	}
}

/** The service's rules as a mutation changes them. */
export function mutatedPolicy(policy: ChainPolicy, mutation: Mutation | undefined): ChainPolicy {
	if (mutation === 'pageIsRefusal') return pagesAsRefusals(policy);
	return mutation === 'secretInDetail' ? detailsWithSecret(policy) : policy;
}

/** Takes pages and faults for refusals. */
function pagesAsRefusals(policy: ChainPolicy): ChainPolicy {
	return {
		...policy,
		requestTokens: async (...request) => {
			const answer = await policy.requestTokens(...request);
			const isPage = answer.kind === 'unknown' && answer.status !== undefined;
			return isPage ? { ...answer, kind: 'refused' } : answer;
		},
	};
}

/** Tells in the words of a failure what was sent. */
function detailsWithSecret(policy: ChainPolicy): ChainPolicy {
	return {
		...policy,
		requestTokens: async (client, refreshToken) => {
			const answer = await policy.requestTokens(client, refreshToken);
			return answer.kind === 'granted' ? answer : { ...answer, detail: `spent ${refreshToken}` };
		},
	};
}
