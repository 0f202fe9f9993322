/**
 * Reads n8n's stored execution data. n8n writes it with the npm package `flatted`: a JSON array of all
 * values, in which every string inside an object or array is the index of another entry; strings
 * themselves are entries. So `[{"a":"1"},"text"]` is `{ a: 'text' }`.
 *
 * Shared and circular references come out as the same object.
 */
export function parseFlatted(text: string): unknown {
	const entries = JSON.parse(text) as unknown[];
	const finished = new Map<number, unknown>();

	function entryAt(index: number): unknown {
		if (finished.has(index)) return finished.get(index);
		const entry = entries[index];
		finished.set(index, entry);
		resolveInside(entry);
		return entry;
	}

	function resolveInside(value: unknown): void {
		if (typeof value !== 'object' || value === null) return;
		const container = value as Record<string, unknown>;
		for (const [key, inner] of Object.entries(container)) {
			if (typeof inner === 'string') container[key] = entryAt(Number(inner));
			else resolveInside(inner);
		}
	}

	return entryAt(0);
}
