import { ConnectorError } from '../../../shared/errors';
import { MOST_RESULTS, MOST_SORTED } from './searchRequest';

const MOST = MOST_RESULTS.toLocaleString('en');

const SORTED = MOST_SORTED.toLocaleString('en');

/**
 * More results than DocuWare gives for one search, in an order in which they cannot be had piece by piece.
 * @param maySlice whether up to 50,000 are put in that order here where a limit says how many of them are wanted
 */
export function tooManySorted(maySlice = false): ConnectorError {
	const most = maySlice
		? `${MOST}, or to any number where the search has no more than ${SORTED} results`
		: MOST;
	return new ConnectorError(
		'DOCUWARE_TOO_MANY_RESULTS',
		`The search has more than ${MOST} results, and DocuWare gives no more of them in this order.`,
		{
			repair:
				'Leave out Sort, or sort by DWDOCID: then all are read. Or switch Return All off and set Limit to ' +
				`at most ${most}; or narrow the conditions.`,
		},
	);
}

/**
 * More results than are put into another order than by document id.
 * @param mostInOrder documents that the service itself gives in that order
 */
export function tooManyToSort(mostInOrder = MOST_RESULTS): ConnectorError {
	const most = mostInOrder.toLocaleString('en');
	return new ConnectorError(
		'DOCUWARE_TOO_MANY_RESULTS',
		`The search has more than ${SORTED} results, of which no more than the first ${most} can be had in this order.`,
		{
			repair: `Set Limit to at most ${most}, or narrow the conditions; or leave out Sort, or sort by DWDOCID: then all are read.`,
		},
	);
}

/** The same in the trash bin, whose order is always the same. */
export function tooManyDeleted(): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_TOO_MANY_RESULTS',
		`The search has more than ${MOST} results, and DocuWare gives no more of them from the trash bin.`,
		{
			repair: `Narrow the conditions, for instance by a range of DELETEDATETIME, or set Limit to at most ${MOST}.`,
		},
	);
}

/** The same where the dialog cannot be asked for a range of documents. */
export function tooManyForDialog(): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_TOO_MANY_RESULTS',
		`The search has more than ${MOST} results, and its dialog lacks the field DWDOCID, by which they could be read piece by piece.`,
		{
			repair:
				'Leave Search Dialog empty, which takes the dialog of all fields; or have DWDOCID added to the ' +
				`dialog, set Limit to at most ${MOST}, or narrow the conditions.`,
		},
	);
}

/** More results than are put together of several searches, in an order in which they cannot be had piece by piece. */
export function tooManyTogether(searches: number): ConnectorError {
	const limit = Math.floor(MOST_RESULTS / searches).toLocaleString('en');
	return new ConnectorError(
		'DOCUWARE_TOO_MANY_RESULTS',
		`Is Any Of for numbers or dates beside other conditions takes ${searches} searches, which have more than ${MOST} results together; no more of them are put in another order than by document ID.`,
		{
			repair:
				'Leave out Sort and choose no dialog that lacks DWDOCID: then all are read. Or set Limit to at most ' +
				`${limit}, or narrow the conditions.`,
		},
	);
}

/** Results of several searches whose order is none that is known, so that they cannot be put together in it. */
export function orderNotTold(fields: readonly string[], why: string): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_INVALID_PARAMETER',
		`${why} several searches, and in which order DocuWare sorts by ${fields.join(', ')} their results do not show, or they changed meanwhile.`,
		{
			repair:
				'Sort by a number or a date, or leave out Sort. Instead of Is Any Of use Is Between, or give the values one by one.',
		},
	);
}

/** Results that change faster than they can be read. */
export function resultsChanging(): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_RESULTS_CHANGING',
		'The results of the search changed so much while they were read that none can be said to be missing or not.',
		{
			repair:
				'Run it again when fewer documents are deleted or changed at once, or leave out Sort: by document id they are read safely.',
			retryable: true,
		},
	);
}

/** A server that gives the same page, whichever is asked for. */
export class SamePages extends ConnectorError {
	/** @param rows documents of that page */
	constructor(readonly rows: number) {
		super(
			'DOCUWARE_UNEXPECTED_ANSWER',
			`DocuWare gave the same ${rows} documents again, whichever page was asked for, so others may be missing.`,
			{
				repair: `Try again; if it stays, set Limit to at most ${rows}: then one page is asked for.`,
			},
		);
	}
}

/** A server that does not keep to the order or the range that was asked for. */
export class NotInIdOrder extends ConnectorError {
	/** @param isAskedFor whether all of them would have to be put in that order, however few are wanted */
	constructor(isAskedFor = false) {
		super(
			'DOCUWARE_UNEXPECTED_ANSWER',
			'DocuWare did not give the results in the order of their document ids, so reading on could lose some.',
			{
				repair: isAskedFor
					? `Choose the dialog of all fields by leaving Search Dialog empty. Narrow the conditions to at most ${MOST} results; or leave out Sort and set Limit to at most ${MOST}.`
					: `Choose the dialog of all fields by leaving Search Dialog empty, or set Limit to at most ${MOST}.`,
			},
		);
	}
}
