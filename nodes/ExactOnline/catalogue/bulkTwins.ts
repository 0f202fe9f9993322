import { readEndpoint } from './catalogue';
import { FIRST_CLASS } from './firstClass';
import type { ResourceData } from './firstClass/resourceData';

let known: ReadonlyMap<string, string> | undefined;

/** The endpoint that gives the same rows 1,000 a page (docs/facts/exact-online.md 4.3); undefined where there is none. */
export function bulkTwinOf(path: string): string | undefined {
	known ??= new Map(FIRST_CLASS.flatMap(twinsOf));
	return known.get(path);
}

/** Of a resource and of its lines. */
function twinsOf({ endpoint, bulk, lines }: ResourceData): Array<[string, string]> {
	const linesPath =
		lines?.bulk === undefined ? undefined : readEndpoint(endpoint).fields.get(lines.field)?.lines;
	return [
		[endpoint, bulk],
		[linesPath, lines?.bulk],
	].flatMap(([path, twin]): Array<[string, string]> =>
		path === undefined || twin === undefined ? [] : [[path, twin]],
	);
}
