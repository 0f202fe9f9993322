/** Rows of one page on the usual endpoints (docs/facts/exact-online.md 4.3). */
const PAGE_SIZE = 60;

/** `$top` for a limit that fits on one page; a larger one ends the paging instead. */
export function topFor(limit: number): number | undefined {
	return limit <= PAGE_SIZE ? limit : undefined;
}
