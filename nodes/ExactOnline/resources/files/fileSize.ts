import { ConnectorError } from '../../../shared/errors';

const MB = 1_000_000;

/** Safe in all readings of the vendor, and the limit outside NL and BE (docs/facts/exact-online.md 3). */
const SAFE_MB = 9.5;

/** What one of two readings allows in the Netherlands and Belgium. */
const LARGE_MB = 38;

/** Above this the other reading refuses there. */
const DOUBTFUL_MB = 10;

/** Largest file in megabytes that Exact Online is believed to take at a host, counted before encoding. */
export function largestFile(baseUrl: string): number {
	return /\.(?:nl|be)$/.test(new URL(baseUrl).hostname) ? LARGE_MB : SAFE_MB;
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
	const largest = largestFile(baseUrl);
	if (size === undefined) return undefined;
	const megabytes = (size / MB).toFixed(1);
	if (size > largest * MB) {
		throw new ConnectorError(
			'EXACT_TOO_LARGE',
			`The file ${name} has ${megabytes} MB. Exact Online takes at most ${largest} MB here. Nothing was sent.`,
			{ repair: 'Make the file smaller, or split it.' },
		);
	}
	return size > DOUBTFUL_MB * MB
		? `The file ${name} has ${megabytes} MB. Exact Online's own documents contradict each other about files above ${DOUBTFUL_MB} MB.`
		: undefined;
}
