import type { RequestOptions } from 'node:http';

/**
 * Request options with a signal for the time until the connection stands. Proxy agents open their
 * connection before the request has a socket, so destroying the request would leave that connection
 * waiting for a dead proxy.
 */
export interface ConnectionOptions extends RequestOptions {
	rejectUnauthorized?: boolean;
	connectSignal?: AbortSignal;
}
