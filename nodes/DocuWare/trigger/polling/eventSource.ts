import { passOn } from '../../../shared/errors';
import { mayBeRefusedSearch } from '../../resources/document/refusedOrders';
import type { Found } from './documentMarks';

/** Where documents come from, page after page. */
export interface EventSource {
	/**
	 * Documents of a second or later, as the service understands it, in the order of their times; all without it. More
	 * than a service gives in one order end the list with DOCUWARE_TOO_MANY_RESULTS; what is to be asked for anew from the
	 * last second on ends it with BehindLink.
	 */
	since(second: number | undefined): AsyncIterable<Found[]>;
	/**
	 * The second of the newest document before that time, as the service understands it; undefined where there is none. Where it
	 * is none that is wanted, `since` from there leaves none out. Missing where lists begin where they are asked to.
	 */
	newestBefore?: (second: number) => Promise<number | undefined>;
	/**
	 * Documents of one second in the order of their ids, from an id on, however many.
	 * @param known one of that second, or of another one near it, as far as is known
	 * @returns at the end false where nothing shows that a list that is asked for from there begins there
	 */
	within(
		second: number,
		fromId: number,
		known: KnownDocument,
	): AsyncIterable<Found[], boolean | void>;
}

/** A document, and the second that it is known to belong to (ms as the service writes it). */
export interface KnownDocument {
	id: number;
	second: number;
}

/**
 * Whether a list that is asked for from a time on leaves out none of the documents that come from another one on, as the newest
 * document before it shows. Undefined where nobody tells: the question only saves requests, so that a service may refuse it.
 */
export async function leavesNoneOut(
	{ newestBefore }: EventSource,
	asked: number,
	from: number,
): Promise<boolean | undefined> {
	try {
		return newestBefore && ((await newestBefore(asked)) ?? -Infinity) < from;
	} catch (error) {
		return mayBeRefusedSearch(error) ? undefined : passOn(error);
	}
}
