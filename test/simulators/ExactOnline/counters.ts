/** What has happened since start or the last reset; plain numbers, fit for JSON. */
export interface ExactOnlineCounters {
	/** POSTs to the token endpoint, whatever came of them. */
	tokenPosts: number;
	/**
	 * POSTs that presented a refresh token known to the simulator, by chain (`clientId#userId`) and
	 * by the generation of the token presented. A chain's first log-in issues generation 0; every
	 * rotation and every further log-in counts one up, so a generation names one refresh token.
	 */
	tokenPostsByGeneration: Record<string, Record<string, number>>;
	/** Refreshes answered "too early". */
	tooEarly: number;
	/** POSTs that presented a refresh token that is not the live one. */
	oldTokenUses: number;
	/** Of these, the ones that a grace rule still allowed (see the switch `grace`). */
	graceUses: number;
	/** Refreshes that issued a new pair. */
	refreshesGranted: number;
	/** Code exchanges that issued a pair. */
	logins: number;
	/** Errors of the token endpoint by name (see `TOKEN_ERRORS`). */
	tokenErrors: Record<string, number>;
	/** Token POSTs in the simulator at once, now and at most. */
	parallelTokenPosts: number;
	maxParallelTokenPosts: number;
	/** The same at most per chain, for POSTs that presented a known refresh token. */
	maxParallelTokenPostsByChain: Record<string, number>;
	/** Calls below `/api/v1/`. */
	apiCalls: number;
	/** The same by endpoint, e.g. `crm/Accounts`, `current/Me`. */
	apiCallsByEndpoint: Record<string, number>;
	/** The same by endpoint and method. */
	apiCallsByMethod: Record<string, Record<string, number>>;
	/** API calls whose access token had expired when the request arrived. */
	apiCallsWithExpiredToken: number;
	/** 401 answers of the API. */
	unauthorized: number;
	/** Answers of the API with a status of 400 and more, by endpoint and status. */
	apiErrors: Record<string, Record<string, number>>;
	/** API calls and token POSTs refused because the error budget was used up. */
	blockedCalls: number;
	/** API calls refused by the minutely or daily limit. */
	rateLimited: number;
	/** Minutes whose calls were all used up, by division. */
	minutesUsedUp: Record<string, number>;
	/** All requests but those to the control interface, by `User-Agent` (`''` if absent). */
	requestsByUserAgent: Record<string, number>;
	/** The same with any `Cookie` header; no client needs one (docs/facts/exact-online.md 1.3). */
	requestsWithCookies: number;
}

export function newCounters(): ExactOnlineCounters {
	return {
		tokenPosts: 0,
		tokenPostsByGeneration: {},
		tooEarly: 0,
		oldTokenUses: 0,
		graceUses: 0,
		refreshesGranted: 0,
		logins: 0,
		tokenErrors: {},
		parallelTokenPosts: 0,
		maxParallelTokenPosts: 0,
		maxParallelTokenPostsByChain: {},
		apiCalls: 0,
		apiCallsByEndpoint: {},
		apiCallsByMethod: {},
		apiCallsWithExpiredToken: 0,
		unauthorized: 0,
		apiErrors: {},
		blockedCalls: 0,
		rateLimited: 0,
		minutesUsedUp: {},
		requestsByUserAgent: {},
		requestsWithCookies: 0,
	};
}

/** Sets a live counters object back to zero in place; requests under way stay counted as parallel. */
export function resetCounters(counters: ExactOnlineCounters): void {
	const { parallelTokenPosts } = counters;
	Object.assign(counters, newCounters(), {
		parallelTokenPosts,
		maxParallelTokenPosts: parallelTokenPosts,
	});
}

/** Adds one to a named number. */
export function countUp(counts: Record<string, number>, name: string): void {
	counts[name] = (counts[name] ?? 0) + 1;
}

/** Adds one to a number named by two keys. */
export function countUpIn(
	counts: Record<string, Record<string, number>>,
	outer: string,
	inner: string,
): void {
	countUp((counts[outer] ??= {}), inner);
}
