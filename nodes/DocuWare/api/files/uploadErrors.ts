import { ConnectorError, isConnectorError, passOn } from '../../../shared/errors';

/** A file that was sent in parts and did not become a whole document. */
export function incomplete(what: string, repair: string, cause?: unknown): ConnectorError {
	const { httpStatus, serviceMessage } = isConnectorError(cause) ? cause : {};
	return new ConnectorError('DOCUWARE_UPLOAD_INCOMPLETE', what, {
		repair,
		httpStatus,
		serviceMessage,
		cause,
	});
}

/** Says more of what to do where a request was too large for the server; any other error is passed on as it is. */
export function tooLarge(error: unknown, repair: string): never {
	if (!isConnectorError(error) || error.code !== 'DOCUWARE_TOO_LARGE') passOn(error);
	throw withMore(error, { repair });
}

/** The same error with more behind its message or its repair. */
export function withMore(
	error: ConnectorError,
	{ message = '', repair = '' }: { message?: string; repair?: string },
): ConnectorError {
	const { code, httpStatus, serviceMessage, retryable, retryAt } = error;
	const both = (one: string, other: string) => [one, other].filter((text) => text).join(' ');
	return new ConnectorError(code, both(error.message, message), {
		repair: both(error.repair, repair),
		httpStatus,
		serviceMessage,
		retryable,
		retryAt,
		cause: error,
	});
}
