import { passOn } from '../../../shared/errors';
import { isTooLargeAnswer } from '../../../shared/http';
import type { OperationCall } from '../operation';

/** Part of the documents of a page that is asked for where the page is more than may be read at once. */
const SMALLER = 0.1;

/** Most documents of a page, as a run has learned it. */
interface PageSize {
	most: number;
}

/**
 * Asks for a page, and for a tenth of it as long as the answer is more than the transport reads at once: documents with long
 * texts or large tables may take 100 kB each. From then on the run asks for no more of the same list.
 *
 * @param list what the list is, unmistakably
 * @param wish.count documents that are wanted
 * @param wish.least fewest documents that a page is of use with; one if not given
 * @param ask throws HTTP_RESPONSE_TOO_LARGE where fewer documents may help
 * @throws what asking throws; that error too where the fewest documents are too large
 */
export async function inFittingPages<Page>(
	{ client, memory }: Pick<OperationCall, 'client'> & Partial<Pick<OperationCall, 'memory'>>,
	list: string,
	{ count, least = 1 }: { count: number; least?: number },
	ask: (count: number) => Promise<Page>,
): Promise<Page> {
	const anyNumber = (): Promise<PageSize> => Promise.resolve({ most: Infinity });
	const question = `documents of a page of ${list}`;
	const size = (await memory?.once(client.session, question, anyNumber)) ?? (await anyNumber());
	for (;;) {
		const asked = Math.min(count, Math.max(least, size.most));
		try {
			return await ask(asked);
		} catch (error) {
			if (!isTooLargeAnswer(error) || asked <= least) passOn(error);
			size.most = Math.min(size.most, Math.max(least, Math.floor(asked * SMALLER)));
		}
	}
}
