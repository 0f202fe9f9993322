import { PAGE_ROWS } from '../../odata/queryOptions';

/** `$top` for a limit that fits on one page; a larger one ends the paging instead. */
export function topFor(limit: number): number | undefined {
	return limit <= PAGE_ROWS ? limit : undefined;
}
