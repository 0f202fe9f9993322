import type { RequestLength } from '../../shared/http';

/** One entity as Exact Online delivers it, with `__metadata` and `/Date(ms)/` values. */
export type ExactRow = Record<string, unknown>;

/** One API request below `/api/v1/`. */
export interface ExactRequest {
	method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	/** For instance `crm/Accounts`, `crm/Accounts(guid'…')` or `current/Me`; never a full URL. */
	path: string;
	/** `Code` of the division (not `Hid`); without it the path stands alone (`current/Me`). */
	division?: number;
	/** Query options, not yet encoded; undefined ones are left out. */
	query?: Record<string, string | number | undefined>;
	/** Sent as JSON. */
	body?: Record<string, unknown>;
	signal?: AbortSignal;
	/** `long` for reports and uploads: more time, and a token with more life left. */
	length?: RequestLength;
}

/** A request to any address of the credential's host, with whatever body and headers. */
export interface RawExactRequest {
	method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
	/** Absolute URL within the credential's origin. */
	url: string;
	/** Besides `Accept` and `Authorization`, which the client sets. */
	headers?: Record<string, string>;
	/** Sent as it is. */
	body?: string;
	signal?: AbortSignal;
	length?: RequestLength;
}

/** The answer to a raw request, not looked into. */
export interface RawExactAnswer {
	status: number;
	headers: Record<string, string>;
	body: string;
}

/** What a request brought, whatever envelope it came in. */
export interface ExactAnswer {
	status: number;
	/** The entities; one for a single entity, none for 204. */
	rows: ExactRow[];
	/** Link to the next page, verbatim. */
	next?: string;
	/** Number of all rows, where `$inlinecount=allpages` asked for it. */
	count?: number;
}
