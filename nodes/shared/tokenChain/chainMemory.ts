import { flightState } from '../process/singleFlight';

/** An access token in this process's memory, with times on its monotonic clock (ms). */
export interface RememberedToken {
	recordId: string;
	generation: number;
	accessToken: string;
	lifeMs: number;
	/** Null where nobody knows the age. */
	requestedAt: number | null;
	receivedAt: number | null;
	/** True where the age is an upper bound: the token may end earlier than it says. */
	ageUncertain: boolean;
	/** End of life by the wall clock, which goes on while the machine sleeps; null as above. */
	validUntilWall: number | null;
}

/** That an authorization belongs to a record, and until when the guard's word on it holds (monotonic, ms). */
export interface RememberedAuthorization {
	recordId: string;
	checkUntil: number;
}

interface ChainMemory {
	tokens: Map<string, RememberedToken>;
	authorizations: Map<string, RememberedAuthorization>;
}

/** Shared by all copies of the package in this process; keys start with the vault's id. */
export function chainMemory(): ChainMemory {
	return flightState() as ChainMemory;
}
