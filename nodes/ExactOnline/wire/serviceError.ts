import { serviceText } from '../../shared/http';
import { isRecord, parseJson } from './envelope';

/** The words of an error answer. */
export interface ServiceError {
	/** Readable text without secrets; empty where the answer had none. */
	text: string;
	/** True for a fault of the gateway in front of Exact, which passes by itself. */
	gatewayFault: boolean;
}

/**
 * Reads the body of an error answer: OData JSON (facts/exact-online.md 4.7), an OAuth-like error, a
 * gateway fault (1.6), plain text or a page.
 */
export function readServiceError(body: string, secrets: readonly string[]): ServiceError {
	const content = parseJson(body);
	if (!isRecord(content)) return { text: serviceText(body, secrets), gatewayFault: false };
	const { error, fault } = content;
	if (isRecord(fault)) {
		return { text: serviceText(String(fault.faultstring ?? ''), secrets), gatewayFault: true };
	}
	const words = isRecord(error) ? readMessage(error.message) : [error, content.error_description];
	const text = words.filter((word): word is string => typeof word === 'string').join(': ');
	return { text: serviceText(text === '' ? body : text, secrets), gatewayFault: false };
}

function readMessage(message: unknown): unknown[] {
	return isRecord(message) ? [message.value] : [message];
}
