/** What faults and hold points may look at; holds nothing that the simulator keeps secret. */
export interface ObservedRequest {
	method: string;
	/** Path without the query string. */
	path: string;
	/** What the simulator knows of the request, e.g. `clientId`, `userId`, `grantType`, `endpoint`. */
	tags: Readonly<Record<string, string>>;
}

/** A condition on a request; every part given must hold. In JSON, `path` is a regular expression. */
export interface RequestCondition {
	method?: string;
	/** Regular expression, or the source text of one, that must match somewhere in the path. */
	path?: RegExp | string;
	tags?: Record<string, string>;
	/** Free predicate; only for tests in the simulator's own process. */
	test?: (request: ObservedRequest) => boolean;
}

/** True if every given part of the condition holds; an absent condition always holds. */
export function meets(request: ObservedRequest, condition: RequestCondition | undefined): boolean {
	if (!condition) return true;
	if (condition.method && condition.method.toUpperCase() !== request.method) return false;
	if (condition.path !== undefined && !new RegExp(condition.path).test(request.path)) return false;
	for (const [name, value] of Object.entries(condition.tags ?? {})) {
		if (request.tags[name] !== value) return false;
	}
	return condition.test ? condition.test(request) : true;
}
