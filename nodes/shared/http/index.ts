export { send } from './send';
export { shownAddress } from './shownAddress';
export { gateRequests, type MayLeave } from './sendGate';
export { postForm, type FormPost, type TimedResponse } from './postForm';
export {
	isRecord,
	jsonTextEnd,
	parseExactJson,
	parseExactObject,
	parseJson,
	parseJsonDigits,
	parseObject,
} from './json';
export { clockSkew, retryAfterMs } from './retryAfter';
export { bodyText } from './bodyText';
export { charsetOf, decodeText, markOf } from './decodeText';
export { readUpTo, REFUSAL_BYTES } from './collectBody';
export { readContent, type AnswerContent } from './answerContent';
export { fileBody, type FileBody } from './fileBody';
export { streamOf, type Hold } from './streamOf';
export { startOf } from './streamStart';
export { isJsonType, isXmlType } from './mediaTypes';
export { isPage, isWebPage, mayBePage } from './webPage';
export { redact, serviceText } from './redaction/redaction';
export { isHtml, looksLikeMarkup } from './redaction/htmlText';
export { REDACTED } from './redaction/redacted';
export {
	HttpTransportError,
	isHttpTransportError,
	isTooLargeAnswer,
	type HttpFailureKind,
} from './transportError';
export { isLoopbackHost, readTargetUrl } from './targetUrl';
export { isHostAsTyped } from './typedHost';
export type {
	HttpBodyTypes,
	HttpRequest,
	HttpResponse,
	HttpResponseType,
	RequestLength,
} from './httpTypes';
export { contentDisposition, fileNameOf, mediaTypeOf, safeFileName } from './contentHeaders';
export { findHeaderProblem, type HeaderProblem } from './headerFields';
export { findPathProblem, lenientPath } from './pathProblem';
export { redirectTarget, wantsHttps } from './redirectTarget';
export { isReplayable, openBody, type ReplayableBody } from './replayableBody';
export { userAgent } from './userAgent';
