import { readEndpoint } from '../../catalogue/catalogue';
import { filterField } from '../../catalogue/fieldTypes';
import type { ReferenceTarget } from '../../catalogue/firstClass/references';
import type { Endpoint } from '../../catalogue/types';
import { codeReferences } from '../../lines/lineReferences';
import { keyBatches } from '../../odata/keyBatches';
import type { OperationCall } from '../operation';
import { listAnswer } from '../records/listRules';
import { referenceKey } from '../records/references';

/** Characters that a list of codes may take in a URL (docs/facts/exact-online.md 3). */
const FILTER_ROOM = 4_500;

/** Values of one body or line. */
export interface ScopedValues {
	endpoint: Endpoint;
	values: Readonly<Record<string, unknown>>;
}

/**
 * Looks up the codes that many bodies and lines name, some dozens in one request, so that the run knows them, and
 * which of them are not there. A code that several records have is left to whoever looks it up by itself, and tells;
 * so is one that is not there yet among the records that the run writes itself.
 */
export async function resolveCodes(
	call: OperationCall,
	division: number,
	all: readonly ScopedValues[],
): Promise<void> {
	const wanted = new Map<ReferenceTarget, Set<string>>();
	for (const { endpoint, values } of all) {
		for (const { target, code } of codeReferences(endpoint, values)) {
			if (call.memory.references.has(referenceKey(call, division, target, code))) continue;
			wanted.set(target, (wanted.get(target) ?? new Set()).add(code));
		}
	}
	const written = new Set(all.map(({ endpoint }) => endpoint.path));
	for (const [target, codes] of wanted) {
		// A single one costs the same request where it is looked up by itself.
		if (codes.size > 1) await resolve(call, division, target, [...codes], written);
	}
}

async function resolve(
	call: OperationCall,
	division: number,
	target: ReferenceTarget,
	codes: readonly string[],
	written: ReadonlySet<string>,
): Promise<void> {
	const { client, memory, signal } = call;
	const endpoint = readEndpoint(target.endpoint);
	const field = filterField(endpoint, target.code ?? 'Code');
	const [key = { name: 'ID' }] = endpoint.key;
	for (const { filter, values } of keyBatches(field, codes, FILTER_ROOM)) {
		const query = { $select: `${key.name},${field.name}`, $filter: filter };
		const place = { endpoint, division };
		const { rows, next } = await listAnswer(client, place, { query, signal });
		// A second record of a code may stand on the next page.
		if (next !== undefined) continue;
		for (const code of values) {
			const same = rows.filter((row) => isSame(row[field.name], code));
			const [only, another] = same;
			if (another !== undefined) continue;
			if (only === undefined && written.has(target.endpoint)) continue;
			memory.references.set(
				referenceKey(call, division, target, code),
				Promise.resolve(only && String(only[key.name])),
			);
		}
	}
}

/** Padded codes have blanks before them; Exact compares texts without capitals. */
function isSame(found: unknown, code: string): boolean {
	return (
		String(found ?? '')
			.trim()
			.toLowerCase() === code.toLowerCase()
	);
}
