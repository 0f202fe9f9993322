import { ConnectorError } from '../../../shared/errors';

const MB = 1_000_000;

/** A file is sent as base64, four letters for three bytes. */
const ENCODED = 4 / 3;

/** Of one reading of the vendor outside NL and BE, where it counts what is sent (docs/facts/exact-online.md 3). */
const SMALL_MB = 9.5;

/** Of the same reading in the Netherlands and Belgium. */
const LARGE_MB = 38;

/** Of the other reading, everywhere; a file counts before its encoding. */
const PLAIN_MB = 10;

const allowsLarge = (baseUrl: string) => /\.(?:nl|be)$/.test(new URL(baseUrl).hostname);

/** Largest file in megabytes that Exact Online is believed to take at a host, counted before encoding. */
export function largestFile(baseUrl: string): number {
	return allowsLarge(baseUrl) ? LARGE_MB : SMALL_MB;
}

/** Largest file in megabytes that Exact Online takes in both readings. */
export function safeFile(baseUrl: string): number {
	return Math.min(PLAIN_MB, largestFile(baseUrl) / ENCODED);
}

/**
 * Stops a file that is too large before it is sent.
 * @param size bytes; undefined where n8n does not know, then nothing is checked before
 * @returns a warning for one that Exact Online may refuse; undefined for none
 * @throws ConnectorError EXACT_TOO_LARGE
 */
export function checkFileSize(
	name: string,
	size: number | undefined,
	baseUrl: string,
): string | undefined {
	if (size === undefined) return undefined;
	const largest = largestFile(baseUrl);
	const safe = safeFile(baseUrl);
	const megabytes = (size / MB).toFixed(1);
	if (size > largest * MB) {
		throw new ConnectorError(
			'EXACT_TOO_LARGE',
			`The file ${name} has ${megabytes} MB. Exact Online takes at most ${largest} MB here. Nothing was sent.`,
			{ repair: 'Make the file smaller, or split it.' },
		);
	}
	return size > safe * MB
		? `The file ${name} has ${megabytes} MB. Exact Online's own documents contradict each other about files above ${safe.toFixed(1)} MB, so it may be refused.`
		: undefined;
}
