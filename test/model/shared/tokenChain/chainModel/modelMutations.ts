import type { ChainPolicy } from '../../../../../nodes/shared/tokenChain/types';
import type { SqlStatement } from '../../../../../nodes/shared/vault/database/transaction';
import { watchedStatement } from '../../../../support/chain/watchedDatabase';
import type { WorldMutations } from '../../../support/simulatedWorld';

/** Ways to break the chain on purpose, to see that the model notices. */
export type Mutation =
	| 'saveWithoutFencing'
	| 'refreshWithoutLease'
	| 'noAttemptRow'
	| 'failedSaveDropped'
	// As before the short list: a page or a fault with a status is taken for a refusal.
	| 'pageIsRefusal';

/** What a mutation changes of the processes and their store. */
export function mutationsOf(mutation: Mutation | undefined): WorldMutations {
	switch (mutation) {
		case 'refreshWithoutLease':
			return { withoutLease: true };
		case 'failedSaveDropped':
			return { disksLost: true };
		case 'noAttemptRow':
			return { changed: (sql) => (watchedStatement(sql) === 'attemptRow' ? undefined : sql) };
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

/** For the mutation that loses what a failed save has brought. */
export class ForgetfulSet<T> extends Set<T> {
	override add(): this {
		return this;
	}
}

/** For the mutation that takes pages and faults for refusals. */
export function pagesAsRefusals(policy: ChainPolicy): ChainPolicy {
	return {
		...policy,
		requestTokens: async (...request) => {
			const answer = await policy.requestTokens(...request);
			const isPage = answer.kind === 'unknown' && answer.status !== undefined;
			return isPage ? { ...answer, kind: 'refused' } : answer;
		},
	};
}
