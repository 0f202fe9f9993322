/** Names that differ from what was typed by no more than this part of its letters are near. */
const NEAR = 0.34;

/** So many letters of what was typed are looked at. */
const LONGEST = 120;

/**
 * Of known names those that somebody may have meant: equal but for case, blanks and signs, then those that
 * hold what was typed or its last part, then those that few letters tell apart. At most three, the nearest first.
 */
export function nearNames(typed: string, known: Iterable<string>): string[] {
	// No name is longer, and the work grows with the text.
	const wanted = plain(typed.slice(0, LONGEST));
	if (wanted === '') return [];
	const last = plain(typed.slice(typed.lastIndexOf('/') + 1).slice(0, LONGEST));
	const ranked: Array<{ name: string; rank: number }> = [];
	for (const name of known) {
		const rank = distance(wanted, last, plain(name));
		if (rank !== undefined) ranked.push({ name, rank });
	}
	ranked.sort((one, other) => one.rank - other.rank || (one.name < other.name ? -1 : 1));
	return ranked.slice(0, 3).map(({ name }) => name);
}

/** ` Did you mean crm/Accounts or crm/Contacts?`, or nothing. */
export function didYouMean(typed: string, known: Iterable<string>): string {
	const names = nearNames(typed, known);
	if (names.length === 0) return '';
	return ` Did you mean ${names.join(' or ')}?`;
}

function plain(text: string): string {
	return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function distance(wanted: string, last: string, name: string): number | undefined {
	if (name === wanted) return 0;
	const edits = editDistance(wanted, name);
	const near = edits <= Math.max(1, wanted.length * NEAR) ? edits : undefined;
	const holds = last.length > 2 && (name.endsWith(last) || name.includes(wanted));
	const more = holds ? 1 + (name.length - last.length) / 100 : undefined;
	return near === undefined || more === undefined ? (near ?? more) : Math.min(near, more);
}

/** Levenshtein's distance. */
function editDistance(one: string, other: string): number {
	let above = Array.from({ length: other.length + 1 }, (_none, index) => index);
	for (let row = 1; row <= one.length; row += 1) {
		const line = [row];
		for (let column = 1; column <= other.length; column += 1) {
			const same = one[row - 1] === other[column - 1] ? 0 : 1;
			line.push(
				Math.min(
					(above[column - 1] ?? 0) + same,
					(above[column] ?? 0) + 1,
					(line[column - 1] ?? 0) + 1,
				),
			);
		}
		above = line;
	}
	return above[other.length] ?? 0;
}
