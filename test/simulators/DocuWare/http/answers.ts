import { jsonAnswer } from '../../shared/answers';
import type { Answer } from '../../shared/answers';
import { asksForJson } from './simulatedRequest';
import type { SimulatedRequest } from './simulatedRequest';
import { toXml } from './xml';

/** A resource as JSON when JSON was asked for, else as XML (docs/facts/docuware.md 1). */
export function resourceAnswer(
	request: SimulatedRequest,
	rootElement: string,
	resource: object,
	status = 200,
): Answer {
	if (asksForJson(request)) return jsonAnswer(status, resource);
	return {
		status,
		headers: { 'content-type': 'application/xml; charset=utf-8' },
		body: toXml(rootElement, resource),
	};
}

const statusNames: Record<number, string> = {
	400: 'BadRequest',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'NotFound',
	405: 'MethodNotAllowed',
	409: 'Conflict',
	410: 'Gone',
	413: 'RequestEntityTooLarge',
	415: 'UnsupportedMediaType',
	422: 'UnprocessableEntity',
	423: 'Locked',
	429: 'TooManyRequests',
};

/** The error object of the platform (docs/facts/docuware.md 8.5), as JSON or XML. */
export function errorAnswer(request: SimulatedRequest, status: number, message: string): Answer {
	return resourceAnswer(request, 'Error', errorBody(request, status, message), status);
}

/** The bare error object. */
export function errorBody(request: SimulatedRequest, status: number, message: string): object {
	return {
		Message: message,
		Exception: 'DocuWare.Platform.PlatformException',
		Uri: request.url.href,
		Method: request.method,
		StatusCode: status,
		Status: statusNames[status] ?? 'Error',
		InternalCode: 0,
	};
}
