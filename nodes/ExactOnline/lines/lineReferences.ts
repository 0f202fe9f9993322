import type { Endpoint } from '../catalogue/types';
import { referenceOf, type ReferenceTarget } from '../catalogue/firstClass/references';
import { isGuid } from '../odata/values';

/** A record that is named by its code where Exact wants its id. */
export interface CodeReference {
	/** Field that names it. */
	field: string;
	target: ReferenceTarget;
	/** Without the blanks around it. */
	code: string;
}

/**
 * The fields of a body or a line that hold the code of a record, where Exact wants its id: what has the form of an
 * identifier is one. Fields that Exact wants a code in, such as VATCode, are none.
 */
export function codeReferences(
	endpoint: Endpoint,
	values: Readonly<Record<string, unknown>>,
): CodeReference[] {
	return Object.entries(values).flatMap(([name, value]) => {
		const field = endpoint.fields.get(name);
		const target = field && referenceOf(field, endpoint.path);
		if (target?.by !== 'key' || target.code === undefined) return [];
		const code = codeText(value);
		return code === undefined || isGuid(code) ? [] : [{ field: name, target, code }];
	});
}

/** Codes are texts, and numbers in many a spreadsheet. */
function codeText(value: unknown): string | undefined {
	if (typeof value !== 'string' && typeof value !== 'number') return undefined;
	const text = String(value).trim();
	return text === '' ? undefined : text;
}
