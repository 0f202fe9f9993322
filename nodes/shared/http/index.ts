export { send } from './send';
export { redact, serviceText, looksLikeHtml, REDACTED } from './redaction';
export { HttpTransportError, isHttpTransportError, type HttpFailureKind } from './transportError';
export { isLoopbackHost } from './targetUrl';
export type { HttpBodyTypes, HttpRequest, HttpResponse, HttpResponseType } from './httpTypes';
