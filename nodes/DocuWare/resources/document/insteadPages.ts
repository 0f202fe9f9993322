import { passOn } from '../../../shared/errors';
import { withoutGiven, type DocumentPages } from './searchRequest';

/** What is read in the place of pages that an error has ended; undefined where it is to be told. */
type Instead = (error: unknown) => DocumentPages | undefined;

/**
 * Pages, and where an error ends them others in their place, without the documents that came before.
 * @param others in the order in which they may come, each once
 */
export async function* goingOn(pages: DocumentPages, others: readonly Instead[]): DocumentPages {
	const given = new Set<string>();
	const left = [...others];
	for (let present = pages; ;) {
		try {
			yield* freshPages(present, given);
			return;
		} catch (error) {
			let instead: DocumentPages | undefined;
			while (instead === undefined && left.length > 0) instead = left.shift()?.(error);
			present = instead ?? passOn(error);
		}
	}
}

/** Pages without the documents that were given before. */
export async function* freshPages(pages: DocumentPages, given: Set<string>): DocumentPages {
	for await (const page of pages) {
		const fresh = withoutGiven(page, given);
		if (fresh.length > 0) yield fresh;
	}
}

/** Pages, or others in their place where an error comes before the first of them. */
export async function* orElse(
	pages: DocumentPages,
	others: (error: unknown) => ReturnType<Instead> | Promise<ReturnType<Instead>>,
): DocumentPages {
	let isRead = false;
	try {
		for await (const page of pages) {
			isRead = true;
			yield page;
		}
		return;
	} catch (error) {
		const instead = isRead ? undefined : await others(error);
		if (instead === undefined) passOn(error);
		yield* instead;
	}
}
