/** Facts about an error beyond its text; every field is safe to show to a user. */
export interface ConnectorErrorOptions {
	/** What the user can do about it: one or two sentences. */
	repair: string;
	/** The same in one short sentence, for lists, where `repair` is long (see `listMessage`). */
	listRepair?: string;
	/** True where the same call may succeed later without anybody changing anything. */
	retryable?: boolean;
	/** HTTP status of the answer that caused the error, where there was one. */
	httpStatus?: number;
	/** The service's own words, already redacted. */
	serviceMessage?: string;
	/** When a retry may succeed, in milliseconds since the epoch. */
	retryAt?: number;
	/** The error underneath; never shown, kept for logs of developers. Must not hold a secret. */
	cause?: unknown;
}

/**
 * The one error type of the parts that know nothing of n8n (vault, authorization, API clients).
 * `code` is stable and has an entry in docs/errors.md; `message` says what happened and why,
 * `repair` what to do. Node code turns it into NodeOperationError or NodeApiError, credential
 * code into UserError.
 */
export class ConnectorError extends Error {
	readonly code: string;

	readonly repair: string;

	readonly listRepair?: string;

	readonly retryable: boolean;

	readonly httpStatus?: number;

	readonly serviceMessage?: string;

	readonly retryAt?: number;

	constructor(code: string, message: string, options: ConnectorErrorOptions) {
		super(message, options.cause === undefined ? undefined : { cause: options.cause });
		this.name = 'ConnectorError';
		this.code = code;
		this.repair = options.repair;
		if (options.listRepair !== undefined) this.listRepair = options.listRepair;
		this.retryable = options.retryable ?? false;
		this.httpStatus = options.httpStatus;
		this.serviceMessage = options.serviceMessage;
		this.retryAt = options.retryAt;
	}
}

/**
 * Whether a value is a ConnectorError, also one made by another copy of this module (n8n loads
 * an updated package beside the old one, so `instanceof` is not enough).
 */
export function isConnectorError(value: unknown): value is ConnectorError {
	return (
		value instanceof Error &&
		value.name === 'ConnectorError' &&
		typeof (value as { code?: unknown }).code === 'string' &&
		typeof (value as { repair?: unknown }).repair === 'string'
	);
}

/**
 * Passes a caught error on as it is. Errors of these modules reach n8n's own error types at one
 * place, the border to node code; wrapping them on the way would hide their code and repair.
 */
export function passOn(error: unknown): never {
	throw error;
}
