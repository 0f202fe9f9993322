import { isConnectorError } from '../../../shared/errors';
import type { DocumentPages, DocumentQuery, SearchCaller } from './searchRequest';

/** Who asks; without the memory of the run each search finds out by itself. */
type OrderCaller = Pick<SearchCaller, 'client' | 'memory'>;

/** An order by document id that nobody asked for, and that a dialog may refuse: alone, or behind other fields. */
type AddedOrder = 'byId' | 'tieBreak';

/** Whether an error may be a dialog's word on an order, or on a range of times, that it does not take. */
export function mayBeRefusedSearch(error: unknown): boolean {
	const codes = ['DOCUWARE_VALIDATION', 'DOCUWARE_BAD_REQUEST'];
	return isConnectorError(error) && codes.includes(error.code);
}

/** Whether a dialog was found in this run not to take such an order. */
export function isOrderRefused(
	{ client, memory }: OrderCaller,
	query: DocumentQuery,
	order: AddedOrder,
): boolean {
	return memory?.knows(client.session, questionOf(query, order)) === true;
}

/**
 * Pages of the same search without such an order, which is left out from then on in this run where they come; else it was not
 * the order that was refused.
 */
export async function* withoutOrder(
	{ client, memory }: OrderCaller,
	query: DocumentQuery,
	order: AddedOrder,
	pages: DocumentPages,
): DocumentPages {
	const learn = () => memory?.note(client.session, questionOf(query, order));
	for await (const page of pages) {
		// At the first one, since who has enough reads no further.
		learn();
		yield page;
	}
	learn();
}

function questionOf({ fileCabinetId, dialogId }: DocumentQuery, order: AddedOrder): string {
	const what = { byId: 'by document id', tieBreak: 'by other fields and document id' }[order];
	return `whether ${dialogId} of ${fileCabinetId} takes no order ${what}`;
}
