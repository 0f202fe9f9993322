import type { Readings } from '../shared/readings';

/** Switches about index fields and searches; part of `DocuWareSwitches`. */
export interface DataSwitches {
	/** What an index field that the cabinet does not have meets when a document is stored or changed (10, 6.3). */
	unknownIndexFields: 'ignored' | 'refused';
	/** What clears a field: `IsNull` true, an `Item` of null, or each of them (uncertain: 6.3). */
	clearing: 'either' | 'isNull' | 'itemNull';
	/** What more digits than a decimal field has behind the point meet (6.3, uncertain). */
	decimalPlaces: 'refused' | 'rounded';
	/** Whether `$type` has to be the first member of the object that carries it (1, uncertain). */
	typeFirst: boolean;
	/**
	 * `none`: dates are UTC and carry no offset. `local`: the server's clock is one hour ahead of UTC, dates
	 * carry `+0100`, and what is written without a zone follows that clock (uncertain: 11.11).
	 */
	dateOffset: 'none' | 'local';
	/**
	 * What the `TimeStamp` of answers shows: the clock by which the server writes the times of documents, or one an hour ahead
	 * of that or behind it, as where one of the two is local time that is written like UTC (uncertain: 11.11).
	 */
	answerTimes: 'asWritten' | 'ahead' | 'behind';
	/** A date without a value: `IsNull`, or the smallest date that .NET knows (6.3, once). */
	emptyDates: 'isNull' | 'minimum';
	/** Whether a field without a value has no `Item`, or one of null (6.3). */
	emptyItem: 'absent' | 'null';
	/**
	 * Whether links name the paths that clients have as constants, or others, which alone lead there then; `foreign`: full
	 * addresses with a name of the server that it has inside its own network (1, 7.3).
	 */
	linkPaths: 'usual' | 'other' | 'foreign';
	/** Whether a dialog tells of a field that it takes entries of its select list alone (6.1: once). */
	selectListOnly: 'told' | 'untold';
	/** Whether long answers come compressed to whoever takes gzip (1: `Vary`; 7.1). */
	answerCompression: boolean;

	/**
	 * How the rows of a table come: as lists of cells, or as objects whose `Items` is the list; `byQuery`: objects for
	 * documents, lists for the trash bin, as two clients have met them (6.2, 7.3).
	 */
	tableRows: 'byQuery' | 'lists' | 'objects';
	/**
	 * What `Count.Value` of a search counts where `calculateTotalCount` is not given: all hits, or the page
	 * (uncertain: 11.10).
	 */
	countValue: 'all' | 'page';
	/**
	 * How a count is asked for: with the search as `DialogExpression` of the body, as the body itself, or without one by a
	 * GET alone, as two clients do (6.2: the first by the schema).
	 */
	countRequest: 'wrapped' | 'bare' | 'get';
	/** Documents of a page where the request names no count (uncertain: 11.10). */
	defaultPageSize: number;
	/** Whether pages lead beyond 10,000 hits (6.2). */
	deepPages: 'refused' | 'served';
	/**
	 * What the links to further pages of a search hold: the place, which a request may name as well; something that only the
	 * service reads, with no heed to the place in a request; or there are none (6.2).
	 */
	nextLinks: 'places' | 'opaque' | 'none';
	/** Of several fields to sort by, what the links to further pages of a search keep: all, or the first (6.2: once). */
	linkedSort: 'all' | 'first';
	/** Whether a search takes a field to sort by that its dialog does not show (uncertain: 6.2). */
	sortByUnshown: 'taken' | 'refused';
	/** Whether `NOT` finds documents whose field is empty (uncertain: 6.2). */
	notFindsEmpty: boolean;
	/** What a backslash means between double quotes (uncertain: 6.2). */
	quotedBackslash: 'literal' | 'escape';
	/** Whether a parenthesis between double quotes needs a backslash as well (6.2: literal by the vendor; one client escapes). */
	quotedParentheses: 'literal' | 'refused';
	/** Whether a time in a condition may have a zone and parts of a second (6.2: the vendor shows neither, one client sends both). */
	zonedTimes: 'taken' | 'refused';
	/** What two values of a text field mean (6.2, conflicting sources). */
	severalValues: 'range' | 'anyOf';
	/** What a day means where a time is searched: its midnight, or all of it (uncertain: 11.11). */
	dayOfTimes: 'midnight' | 'wholeDay';
	/** Whether a search finds checked-out documents whose flags say nothing of them (uncertain: 6.2). */
	checkedOutUntold: 'found' | 'leftOut';
	/**
	 * How a search reads the times of storing and of changes: as answers write them, or as one hour later or earlier, as
	 * where the server's clock counts in one of the two (uncertain: 11.11).
	 */
	searchedTimes: 'asWritten' | 'later' | 'earlier';
	/** Whether the ends of a range of such times belong to it (uncertain: 6.2). */
	timeBounds: 'included' | 'excluded';
	/**
	 * In which order the list of a document tray comes whose address asks for one: in that, always with the oldest number
	 * first, or in that with the oldest first whichever direction is asked for (uncertain: 6.2 has it for searches).
	 */
	trayOrder: 'asAsked' | 'byNumber' | 'oldestFirst';
}

/** The state in which a simulator starts. */
export function defaultDataSwitches(): DataSwitches {
	return {
		unknownIndexFields: 'ignored',
		clearing: 'either',
		decimalPlaces: 'refused',
		typeFirst: false,
		dateOffset: 'none',
		answerTimes: 'asWritten',
		emptyDates: 'isNull',
		emptyItem: 'absent',
		linkPaths: 'usual',
		selectListOnly: 'told',
		answerCompression: true,
		tableRows: 'byQuery',
		countValue: 'all',
		countRequest: 'wrapped',
		defaultPageSize: 1000,
		deepPages: 'refused',
		nextLinks: 'places',
		linkedSort: 'all',
		sortByUnshown: 'taken',
		notFindsEmpty: true,
		quotedBackslash: 'literal',
		quotedParentheses: 'literal',
		zonedTimes: 'taken',
		severalValues: 'range',
		dayOfTimes: 'midnight',
		checkedOutUntold: 'found',
		searchedTimes: 'asWritten',
		timeBounds: 'included',
		trayOrder: 'asAsked',
	};
}

/** What sources leave open about index fields and searches; part of `READINGS`. */
export const DATA_READINGS = {
	unknownIndexFields: { others: ['refused'] },
	clearing: { others: ['isNull', 'itemNull'], harder: 'isNull' },
	decimalPlaces: { others: ['rounded'] },
	typeFirst: { others: [true], harder: true },
	dateOffset: { others: ['local'], harder: 'local' },
	answerTimes: { others: ['ahead', 'behind'] },
	emptyDates: { others: ['minimum'], harder: 'minimum' },
	emptyItem: { others: ['null'] },
	linkPaths: { others: ['other', 'foreign'] },
	selectListOnly: { others: ['untold'] },
	answerCompression: { others: [false] },
	tableRows: { others: ['lists', 'objects'], harder: 'objects' },
	countValue: { others: ['page'], harder: 'page' },
	countRequest: { others: ['bare', 'get'], harder: 'get' },
	defaultPageSize: { others: [50], harder: 50 },
	deepPages: { others: ['served'] },
	nextLinks: { others: ['opaque', 'none'], harder: 'opaque' },
	linkedSort: { others: ['first'] },
	sortByUnshown: { others: ['refused'] },
	notFindsEmpty: { others: [false] },
	quotedBackslash: { others: ['escape'], harder: 'escape' },
	quotedParentheses: { others: ['refused'], harder: 'refused' },
	zonedTimes: { others: ['refused'], harder: 'refused' },
	severalValues: { others: ['anyOf'] },
	dayOfTimes: { others: ['wholeDay'] },
	checkedOutUntold: { others: ['leftOut'] },
	searchedTimes: { others: ['later', 'earlier'], harder: 'later' },
	timeBounds: { others: ['excluded'], harder: 'excluded' },
	trayOrder: { others: ['byNumber', 'oldestFirst'], harder: 'byNumber' },
} as const satisfies Readings<DataSwitches>;

/** A switch that plays a reading about index fields and searches. */
export type DataReadingName = keyof typeof DATA_READINGS;
