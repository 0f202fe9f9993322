import { processState } from '../../../shared/process/processState';
import { rememberLatest } from '../../../shared/process/rememberLatest';
import {
	MOST_REMEMBERED,
	sharedClientState,
	type CallWindows,
	type ClientState,
	type DivisionErrors,
	type SharedCalls,
} from './clientState';
import type { HeldAlone } from './limitStore';
import type { SeenLimits } from './sharedCalls';

/** A batch of calls in the hands of this process; times on the client's clock, in milliseconds. */
export interface CallBatch {
	id: string;
	takenAt: number;
	/** Then what is left of it is void. */
	until: number;
	/** Calls that are left. */
	calls: number;
	parallel: number;
	isInUse: boolean;
	seen?: SeenLimits;
	idle?: NodeJS.Timeout;
	/** The division's lease, where it is held. */
	alone?: HeldAlone;
}

/** Errors of one user in one division as they were read last. */
export interface ErrorView {
	errors: DivisionErrors;
	/** Client's clock. */
	readAt: number;
	/** How far the store's clock is ahead of it. */
	ahead: number;
}

/** What a process knows of the limits between two looks into the store, and all of them where it has no store. */
export interface LimitMemory {
	/** By the key of the calls. */
	batches: Map<string, CallBatch>;
	/** What the latest answer said, by the key of the calls; client's clock. */
	left: Map<string, CallWindows>;
	/** By the key of the errors. */
	views: Map<string, ErrorView>;
	calls: Map<string, SharedCalls>;
	errors: Map<string, DivisionErrors>;
	/** The store gave trouble: until then (client's clock) it is not asked. */
	storeAwayUntil: number;
}

/** What a process knows at its start. */
export function createLimitMemory(): LimitMemory {
	return {
		batches: new Map(),
		left: new Map(),
		views: new Map(),
		calls: new Map(),
		errors: new Map(),
		storeAwayUntil: 0,
	};
}

const memories = new WeakMap<ClientState, LimitMemory>();

/** The memory beside a state: one for the process, another for each state that a test brings. */
export function limitMemoryOf(state: ClientState): LimitMemory {
	if (state === sharedClientState()) return processState('exactLimits1', createLimitMemory);
	const known = memories.get(state) ?? createLimitMemory();
	memories.set(state, known);
	return known;
}

/** Puts something into one of the maps; what was put there longest ago is forgotten. */
export function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
	rememberLatest(map, key, value, MOST_REMEMBERED);
}
