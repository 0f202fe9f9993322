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
import type { SeenLimits } from './seenLimits';
import type { ReturnedBatch } from './sharedCalls';

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
	/** It is for one request, which has its turn until it has ended. */
	isOrdered?: boolean;
	seen?: SeenLimits;
	idle?: NodeJS.Timeout;
	/** The division's lease, where it is held. */
	alone?: HeldAlone;
}

/** The places of this process in one queue. */
export interface ProcessPlaces {
	/** In the order in which the requests came. */
	ids: string[];
	/** Those that the store has not been told of yet. */
	news: string[];
	/** What the store is to be told of those that have ended. */
	back: ReturnedBatch[];
	/** There is more to tell than what is on its way. */
	isNews?: boolean;
	stating?: Promise<void>;
	timer?: NodeJS.Timeout;
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
	/** Names this process in the queues of the store. */
	owner?: string;
	/** Of requests that are sent in the order in which they came, by the key of the calls. */
	places?: Map<string, ProcessPlaces>;
	/** Keys of the calls of which a request has the turn in this process. */
	atWork?: Set<string>;
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
