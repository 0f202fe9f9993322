import type { ExactOnlineSwitches } from '../switches';
import { ODataError } from '../odata/errors';

/** Text in base64 long enough to matter. */
const LONG_TEXT = 10_000;
const MEGABYTE = 1_000_000;

/**
 * Refuses a body that is too large. Two readings of the vendor (docs/facts/exact-online.md 3): 10.0 MB,
 * where binary counts before its encoding; 9.5 MB, or 38 MB for some countries, of what is sent.
 * @throws ODataError 413
 */
export function refuseTooLarge(
	body: Buffer,
	content: Record<string, unknown>,
	{ bodyLimitMB }: ExactOnlineSwitches,
): void {
	const limit = bodyLimitMB * MEGABYTE;
	if (body.length <= limit) return;
	const counted = bodyLimitMB === 10 ? body.length - encodingOverhead(content) : body.length;
	if (counted > limit) throw new ODataError(413, 'Request Entity Too Large');
}

function encodingOverhead(content: Record<string, unknown>): number {
	return Object.values(content)
		.filter((value) => typeof value === 'string')
		.filter((text) => text.length > LONG_TEXT && /^[A-Za-z0-9+/]*={0,2}$/.test(text))
		.reduce((sum, text) => sum + text.length - Buffer.byteLength(text, 'base64'), 0);
}
