import type { Readable } from 'node:stream';

import type { HttpResponseType, ReplayableBody, RequestLength } from '../../shared/http';

/** One entity as Exact Online delivers it, with `__metadata` and `/Date(ms)/` values. */
export type ExactRow = Record<string, unknown>;

/** Asked before each further page of a list, which ends there where the answer is no. */
export type MayFollow = () => boolean;

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
	mayFollow?: MayFollow;
}

/** A request to any address of the credential's host, with whatever body and headers. */
export interface RawExactRequest<R extends HttpResponseType = 'text'> {
	method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
	/** Absolute URL within the credential's origin. */
	url: string;
	/** Besides `Authorization`, which the client sets; `Accept` is JSON where it is missing. */
	headers?: Record<string, string>;
	/**
	 * Sent as it is. A plain stream can be sent once only: what would be sent again (after a 429, or
	 * with a new token) then fails instead. Give a function, and it is opened anew for each sending.
	 */
	body?: ReplayableBody | Readable;
	/** How the body of the answer is delivered; default `text`. An error is read in any case. */
	responseType?: R;
	signal?: AbortSignal;
	length?: RequestLength;
}

/** The answer to a raw request, not looked into. */
export interface RawExactAnswer<B = string> {
	status: number;
	headers: Record<string, string>;
	body: B;
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
