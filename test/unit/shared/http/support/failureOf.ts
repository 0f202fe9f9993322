import {
	isHttpTransportError,
	send,
	type HttpRequest,
	type HttpResponseType,
	type HttpTransportError,
} from '../../../../../nodes/shared/http';

/** The error of a request that brings no answer. */
export async function failureOf<R extends HttpResponseType>(
	request: HttpRequest<R>,
): Promise<HttpTransportError> {
	const outcome = await send(request).then(
		() => undefined,
		(error: unknown) => error,
	);
	if (!isHttpTransportError(outcome)) throw new Error(`no transport error: ${String(outcome)}`);
	return outcome;
}
