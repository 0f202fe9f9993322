import type { Answer } from '../../shared/answers';
import { parseJsonObject } from '../../shared/requestBody';
import { errorAnswer } from '../http/answers';
import { contentTypeOf } from '../http/simulatedRequest';
import type { PlatformCall } from './call';

/** The JSON object of a body of one of these media types: 415 for another type, 400 for what is none. */
export function readJson(
	{ request }: PlatformCall,
	types: readonly string[] = ['application/json'],
): { sent: Record<string, unknown> } | Answer {
	const type = contentTypeOf(request);
	if (!types.includes(type)) {
		return errorAnswer(request, 415, `The content type '${type}' is not known.`);
	}
	const sent = parseJsonObject(request.body);
	return sent === undefined ? errorAnswer(request, 400, 'The content cannot be read.') : { sent };
}

/** Positive whole numbers, also as text, in which clients send ids; undefined for anything else. */
export function idOf(value: unknown): number | undefined {
	const text = typeof value === 'number' ? String(value) : value;
	return typeof text === 'string' && /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
}
