import { parseJson } from '../../shared/http';

/** So many digits JavaScript holds of every number. */
const SAFE_DIGITS = 15;

type Reviver = (
	this: unknown,
	key: string,
	value: unknown,
	context?: { source?: string },
) => unknown;

/**
 * A body as JSON, in which a number that JavaScript cannot hold to its last digit is the text that was sent.
 *
 * @returns undefined where it is no JSON
 */
export function parseExactJson(body: Buffer): unknown {
	const text = body.toString('utf8').replace(/^\ufeff/, '');
	if (parseJson(text) === undefined) return undefined;
	return JSON.parse(text, exactNumber as (key: string, value: unknown) => unknown) as unknown;
}

/** Node.js hands a reviver the digits as they were sent. */
const exactNumber: Reviver = function (_key, value, context) {
	const source = context?.source;
	if (typeof value !== 'number' || source === undefined) return value;
	const digits = source
		.replace(/[eE].*$/, '')
		.replace(/[-.]/g, '')
		.replace(/^0+/, '');
	return digits.length <= SAFE_DIGITS && Number.isFinite(value) ? value : source;
};
