import { isRecord, isHtml, parseObject, serviceText } from '../../shared/http';

/** The words of an error answer. */
export interface ServiceError {
	/** Readable text without secrets; empty where the answer had none. */
	text: string;
	/** True for a fault of the gateway in front of Exact, which passes by itself. */
	gatewayFault: boolean;
	/** True for a web page, which something in front of Exact may have sent. */
	isPage?: boolean;
}

/**
 * Reads the body of an error answer: OData JSON (docs/facts/exact-online.md 4.7), an OAuth-like
 * error, a gateway fault (docs/facts/exact-online.md 1.6), plain text or a page.
 */
export function readServiceError(body: string, secrets: readonly string[]): ServiceError {
	const content = parseObject(body);
	const fault = gatewayFault(content);
	if (fault !== undefined) return { text: serviceText(fault, secrets), gatewayFault: true };
	const error = content?.error;
	const words = isRecord(error) ? readMessage(error.message) : [error, content?.error_description];
	const text = words.filter((word): word is string => typeof word === 'string').join(': ');
	return {
		text: serviceText(text === '' ? body : text, secrets),
		gatewayFault: false,
		...(isHtml(body) && { isPage: true }),
	};
}

/**
 * The words of the gateway in front of Exact, which answers for itself
 * (docs/facts/exact-online.md 1.6); empty where it gives none, undefined where it is not the gateway
 * that answers.
 */
export function gatewayFault(content: Record<string, unknown> | undefined): string | undefined {
	const fault = content?.fault;
	return isRecord(fault) ? String(fault.faultstring ?? '') : undefined;
}

function readMessage(message: unknown): unknown[] {
	return isRecord(message) ? [message.value] : [message];
}
