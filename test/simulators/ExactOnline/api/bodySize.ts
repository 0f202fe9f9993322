import type { ExactOnlineSwitches } from '../switches';
import { ODataError } from '../odata/errors';
import { fieldType, type EntityTable } from '../world/entityTable';

const MEGABYTE = 1_000_000;

/**
 * Refuses a body that is too large. Two readings of the vendor (docs/facts/exact-online.md 3): 10.0 MB,
 * where binary counts before its encoding; 9.5 MB, or 38 MB for some countries, of what is sent.
 * @throws ODataError 413
 */
export function refuseTooLarge(
	body: Buffer,
	content: Record<string, unknown>,
	table: EntityTable,
	{ bodyLimitMB }: ExactOnlineSwitches,
): void {
	const limit = bodyLimitMB * MEGABYTE;
	if (body.length <= limit) return;
	const counted = bodyLimitMB === 10 ? body.length - encodingOverhead(content, table) : body.length;
	if (counted > limit) throw new ODataError(413, 'Request Entity Too Large');
}

function encodingOverhead(content: Record<string, unknown>, table: EntityTable): number {
	return Object.entries(content).reduce((sum, [name, text]) => {
		if (fieldType(table, name) !== 'Binary' || typeof text !== 'string') return sum;
		return sum + text.length - Buffer.byteLength(text, 'base64');
	}, 0);
}
