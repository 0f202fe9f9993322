import { randomUUID } from 'node:crypto';
import type { ConnectorError } from '../../../shared/errors';
import type { DivisionErrors, EndpointErrors, PendingRequest } from './clientState';
import { pauseForLook, type Clock } from './clock';
import {
	errorsLeft,
	fewLeftSince,
	hasMeaning,
	heldBack,
	withBlock,
	withError,
	withSuccess,
	type CountedRequest,
	type ErrorAnswer,
} from './endpointErrors';
import { remember, type ErrorView, type LimitMemory } from './limitMemory';
import type { LimitStore } from './limitStore';

/** How long what was read of the errors is good for, in milliseconds. */
const VIEW_MS = 2_000;

/** A request counts as under way a little longer than it may take, in milliseconds. */
const AFTER_TIMEOUT_MS = 10_000;
const USUAL_TIMEOUT_MS = 100_000;

/** Pause between two looks at requests that may bring the last errors, in milliseconds. */
const LOOK_MS = 100;

/** A request whose errors are counted. */
export interface BudgetedCall extends CountedRequest {
	signal?: AbortSignal;
	/** How long it may take, in milliseconds. */
	timeoutMs?: number;
	/** The person has switched the budget off: errors are counted and hold nothing back. */
	isUnguarded?: boolean;
	/** Its place among the requests under way that may bring one of the last errors. */
	pending?: string;
}

/**
 * The errors of endpoints over all processes. Most requests look at what was read of them seconds ago; where few more
 * may come, each request says in the store that it is under way, so that all together never bring one too many.
 */
export class ErrorCounts {
	constructor(
		private readonly store: LimitStore,
		private readonly clock: Clock,
		private readonly memory: LimitMemory,
	) {}

	/**
	 * @param since what was read of the errors may not be older (client's clock)
	 * @returns what is to be waited for; undefined where nothing holds the request back
	 * @throws (by what is returned) ConnectorError EXACT_ERROR_BUDGET, EXACT_CANCELLED, or what the store throws
	 */
	check(key: string, call: BudgetedCall, since = -Infinity): Promise<void> | undefined {
		if (call.isUnguarded) return undefined;
		const view = this.known(key, since);
		if (view !== undefined && view.errors[call.endpoint] === undefined) return undefined;
		return this.checkView(key, call, view);
	}

	private async checkView(
		key: string,
		call: BudgetedCall,
		view: ErrorView | undefined,
	): Promise<void> {
		const { errors, ahead } = view ?? (await this.read(key, call.signal));
		const known = errors[call.endpoint];
		if (known === undefined) return;
		const now = this.clock.now() + ahead;
		if (fewLeftSince(known, now, call) !== undefined) return await this.announce(key, call);
		if (heldBack(known, now, call)) await this.refuseByStore(key, call);
	}

	/**
	 * Refuses early what is certainly held back, before anything is waited for.
	 * @returns and throws as `check`
	 */
	checkKnown(key: string, call: BudgetedCall): Promise<void> | undefined {
		const view = this.memory.views.get(key);
		const known = view?.errors[call.endpoint];
		if (view === undefined || known === undefined || call.isUnguarded) return undefined;
		const isHeldBack = heldBack(known, this.clock.now() + view.ahead, call) !== undefined;
		return isHeldBack ? this.refuseByStore(key, call) : undefined;
	}

	async failed(key: string, call: BudgetedCall, answer: ErrorAnswer): Promise<void> {
		await this.change(key, call, (errors, now) =>
			withError(withoutPending(errors, call), now, call, answer),
		);
	}

	/**
	 * A request went well, or was not answered with what counts.
	 * @returns what the store is to be told; undefined where there is nothing
	 */
	ended(key: string, call: BudgetedCall, isGood: boolean): Promise<void> | undefined {
		const known = this.memory.views.get(key)?.errors[call.endpoint];
		if (known === undefined) return undefined;
		const change = (errors: EndpointErrors) => {
			const left = withoutPending(errors, call);
			return isGood ? withSuccess(left, call) : left;
		};
		return change(known) === known ? undefined : this.change(key, call, change);
	}

	async blocked(key: string, call: BudgetedCall): Promise<void> {
		await this.change(key, call, (errors, now) => withBlock(withoutPending(errors, call), now));
	}

	/** What was read a moment ago. */
	private known(key: string, since: number): ErrorView | undefined {
		const view = this.memory.views.get(key);
		const isGood = view && view.readAt >= since && this.clock.now() - view.readAt < VIEW_MS;
		return isGood ? view : undefined;
	}

	private async read(key: string, signal: AbortSignal | undefined): Promise<ErrorView> {
		return await this.store.errors(
			key,
			(errors, now) => ({ result: this.seen(key, errors, now) }),
			signal,
		);
	}

	/** What is held back by what was read before may have gone well elsewhere meanwhile. */
	private async refuseByStore(key: string, call: BudgetedCall): Promise<void> {
		const { errors, ahead } = await this.read(key, call.signal);
		const known = errors[call.endpoint];
		const error = known && heldBack(known, this.clock.now() + ahead, call);
		if (error) throw error;
	}

	/** Says in the store that the request is under way; waits while others may bring the errors that are left. */
	private async announce(key: string, call: BudgetedCall): Promise<void> {
		const id = randomUUID();
		const deadline = this.clock.turnDeadline?.();
		for (;;) {
			const result = await this.store.errors(
				key,
				(all, now) => this.announced(key, all, now, call, id),
				call.signal,
			);
			if (result === 'announced') {
				call.pending = id;
				return;
			}
			if (result !== 'wait') throw result;
			await pauseForLook(this.clock, LOOK_MS, deadline, call.signal);
		}
	}

	private announced(
		key: string,
		all: DivisionErrors,
		now: number,
		call: BudgetedCall,
		id: string,
	): { state?: DivisionErrors; result: ConnectorError | 'wait' | 'announced' } {
		const errors = all[call.endpoint] ?? { recent: [] };
		this.seen(key, all, now);
		const error = heldBack(errors, now, call);
		if (error) return { result: error };
		const pending = (errors.pending ?? []).filter(({ until }) => until > now);
		// Others may still look at what they read before, and send without a word.
		const isNews = now - (fewLeftSince(errors, now, call) ?? -Infinity) < VIEW_MS;
		if (isNews || pending.length >= errorsLeft(errors, now, call)) return { result: 'wait' };
		const mine: PendingRequest = {
			id,
			until: now + (call.timeoutMs ?? USUAL_TIMEOUT_MS) + AFTER_TIMEOUT_MS,
		};
		const state = { ...all, [call.endpoint]: { ...errors, pending: [...pending, mine] } };
		this.seen(key, state, now);
		return { state, result: 'announced' };
	}

	private async change(
		key: string,
		{ endpoint }: BudgetedCall,
		make: (errors: EndpointErrors, now: number) => EndpointErrors,
	): Promise<void> {
		await this.store.errors(key, (all, now) => {
			const errors = all[endpoint] ?? { recent: [] };
			const made = make(errors, now);
			const state = made === errors ? all : withEndpoint(all, endpoint, made, now);
			this.seen(key, state, now);
			return { state, result: undefined };
		});
	}

	private seen(key: string, errors: DivisionErrors, storeNow: number): ErrorView {
		const readAt = this.clock.now();
		const view = { errors, readAt, ahead: storeNow - readAt };
		remember(this.memory.views, key, view);
		return view;
	}
}

function withoutPending(errors: EndpointErrors, { pending: id }: BudgetedCall): EndpointErrors {
	const { pending = [] } = errors;
	if (id === undefined || pending.every((one) => one.id !== id)) return errors;
	return { ...errors, pending: pending.filter((one) => one.id !== id) };
}

/** The errors with those of one endpoint replaced, and without endpoints of which nothing is left to tell. */
function withEndpoint(
	all: DivisionErrors,
	endpoint: string,
	errors: EndpointErrors,
	now: number,
): DivisionErrors {
	const entries = Object.entries({ ...all, [endpoint]: errors });
	return Object.fromEntries(entries.filter(([, one]) => hasMeaning(one, now)));
}
