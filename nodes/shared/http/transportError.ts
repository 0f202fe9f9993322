import { ConnectorError, isConnectorError, type ConnectorErrorOptions } from '../errors';

/**
 * What went wrong between the two ends.
 * - `connect`: no connection (name, refused, unreachable, proxy)
 * - `tls`: certificate or handshake
 * - `timeout`: time ran out, before or after the connection stood
 * - `reset`: an established connection broke
 * - `aborted`: the caller's signal
 * - `tooLarge`: the answer passed the limit
 * - `protocol`: not understandable as HTTP, or the request itself could not be built or read
 */
export type HttpFailureKind =
	'connect' | 'tls' | 'timeout' | 'reset' | 'aborted' | 'tooLarge' | 'protocol';

export interface HttpTransportErrorOptions extends ConnectorErrorOptions {
	kind: HttpFailureKind;
	requestSent: boolean;
	/** Status of an answer that began and did not come whole, or could not be unpacked. */
	answered?: number;
}

/** A request that brought no complete answer. Holds neither headers nor bodies. */
export class HttpTransportError extends ConnectorError {
	readonly kind: HttpFailureKind;

	/**
	 * True unless it is proven that no byte of the request left: the name was not found, the
	 * connection was refused, or time ran out before the connection (with proxy and TLS) stood.
	 */
	readonly requestSent: boolean;

	/** Status of the answer, where one began: one below 300 tells that a write was carried out. */
	readonly answered?: number;

	constructor(code: string, message: string, options: HttpTransportErrorOptions) {
		super(code, message, options);
		this.kind = options.kind;
		this.requestSent = options.requestSent;
		this.answered = options.answered;
	}
}

/** Whether a value is an HttpTransportError, also one made by another copy of this module. */
export function isHttpTransportError(value: unknown): value is HttpTransportError {
	return (
		isConnectorError(value) &&
		typeof (value as { kind?: unknown }).kind === 'string' &&
		typeof (value as { requestSent?: unknown }).requestSent === 'boolean'
	);
}

/** Whether an answer was more than may be read at once. */
export function isTooLargeAnswer(error: unknown): boolean {
	return isHttpTransportError(error) && error.kind === 'tooLarge';
}
