import type { SqlTransaction } from '../vault/database/transaction';
import { together } from '../vault/database/transaction';
import type { Taken } from '../vault/leaseHolding';
import type { HeldLease } from '../vault/rows/leases';
import { AttemptAhead } from '../vault/spending/attemptAhead';
import { isAnyUnsettled } from '../vault/spending/neverSent';
import { ownAttempt } from './ownSpending';
import type { ChainDecision } from './plan';
import { refusalOfSecret } from './refusedSecret';
import type { RenewalJudge } from './renewalJudge';
import type { ChainContext, TokenClient } from './types';
import type { ChainView } from './view';
import { chainRows } from './view';

/** What the transaction that took the lease has found, and written ahead. */
export interface Opened {
	view: ChainView;
	decision: ChainDecision;
	/** The request that the decision asks for stands written down. */
	ahead: AttemptAhead | undefined;
}

/**
 * The beginning of a renewal in one transaction: the lease, the look under it, and, where that already says
 * so, the attempt (docs/architecture.md, rules 2 and 4). For one taking of the lease.
 */
export class RenewalOpening {
	private readonly ahead = new AttemptAhead();

	constructor(
		private readonly chain: ChainContext,
		private readonly recordId: string,
		private readonly judge: RenewalJudge,
		private readonly client: TokenClient,
	) {}

	/** `begun` is undefined where something must be done before anything is decided. */
	*begin(taking: SqlTransaction<HeldLease | undefined>): SqlTransaction<Taken<Opened | undefined>> {
		const [held, read] = yield* together(taking, chainRows(this.recordId, this.chain));
		if (held !== undefined) return { held };
		// A request that never left must not stand as one in doubt.
		if (read === undefined || isAnyUnsettled(this.chain.vault)) return { begun: undefined };
		const view = this.withoutOwn(read);
		// What came of a request that nobody has closed may lie on this disk since its holder died.
		if (view.attempts.some(({ outcome }) => outcome === 'open')) return { begun: undefined };
		const decision = this.judge.decide(view);
		if (decision.kind !== 'post' || !this.mayBegin(view)) {
			return { begun: { view, decision, ahead: undefined } };
		}
		yield* this.ahead.write(ownAttempt(this.chain, view, decision.probe));
		return { begun: { view, decision, ahead: this.ahead } };
	}

	/** After all: closes what may stand of an attempt that nobody has sent. Never throws. */
	async end(): Promise<void> {
		await this.ahead.abandon(this.chain.vault);
	}

	/** Everything else is left to those who look again. */
	private mayBegin(view: ChainView): boolean {
		if (view.record.id !== this.recordId || this.chain.vault.isFallenBack(view.record))
			return false;
		const isRefused = refusalOfSecret(this.chain, view, this.client) !== undefined;
		return this.judge.isPersonAsking(view) || !isRefused;
	}

	/** Run again after a commit of which nobody knows, it may find what it has written itself. */
	private withoutOwn(view: ChainView): ChainView {
		const isOther = ({ id }: { id: string }) => id !== this.ahead.id;
		return {
			...view,
			attempts: view.attempts.filter(isOther),
			recent: view.recent.filter(isOther),
		};
	}
}
