/** What a search must know of a field's type: those of an index field, and the full text of the documents. */
export const SEARCH_TYPES = [
	'Text',
	'Memo',
	'Keyword',
	'Numeric',
	'Decimal',
	'Date',
	'DateTime',
	'FullText',
] as const;

export type SearchType = (typeof SEARCH_TYPES)[number];

/** What a document's value is asked for. */
export type SearchOperator =
	| ('is' | 'isNot' | 'anyOf')
	| ('contains' | 'notContains' | 'startsWith' | 'endsWith' | 'like')
	| ('between' | 'from' | 'to')
	| ('isEmpty' | 'isNotEmpty');

/** Words of the operators, in the order in which they are offered. */
export const OPERATOR_WORDS: Readonly<Record<SearchOperator, string>> = {
	is: 'Is',
	isNot: 'Is Not',
	anyOf: 'Is Any Of',
	contains: 'Contains',
	notContains: 'Does Not Contain',
	startsWith: 'Starts With',
	endsWith: 'Ends With',
	like: 'Is Like (Wildcards)',
	between: 'Is Between',
	from: 'Is at Least or From',
	to: 'Is at Most or Up To',
	isEmpty: 'Is Empty',
	isNotEmpty: 'Is Not Empty',
};

const EMPTINESS: readonly SearchOperator[] = ['isEmpty', 'isNotEmpty'];
const RANGES: readonly SearchOperator[] = ['between', 'from', 'to'];

/** Operators that have no value. */
export const WITHOUT_VALUE = EMPTINESS;

/** `NOT` and wildcards are for texts alone (docs/facts/docuware.md 6.2). */
const OF_TEXTS: readonly SearchOperator[] = [
	...([
		'is',
		'isNot',
		'anyOf',
		'contains',
		'notContains',
		'startsWith',
		'endsWith',
		'like',
	] as const),
	...RANGES,
	...EMPTINESS,
];

const OF_NUMBERS: readonly SearchOperator[] = ['is', 'anyOf', ...RANGES, ...EMPTINESS];

/** The operators that a type knows. */
export function operatorsOf(type: SearchType): readonly SearchOperator[] {
	switch (type) {
		case 'FullText':
			return ['contains', 'anyOf', 'like'];
		case 'Text':
		case 'Memo':
		case 'Keyword':
			return OF_TEXTS;
		default:
			return OF_NUMBERS;
	}
}

/** An operator by its value or its words, whatever their case; undefined for none. */
export function operatorNamed(name: string): SearchOperator | undefined {
	const plain = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');
	const wanted = plain(name);
	return (Object.keys(OPERATOR_WORDS) as SearchOperator[]).find(
		(one) => [one, OPERATOR_WORDS[one]].map(plain).includes(wanted) || ALIASES[wanted] === one,
	);
}

/** What people and models write as well. */
const ALIASES: Readonly<Record<string, SearchOperator>> = {
	equals: 'is',
	equal: 'is',
	eq: 'is',
	notequals: 'isNot',
	notequal: 'isNot',
	ne: 'isNot',
	doesnotcontain: 'notContains',
	beginswith: 'startsWith',
	islike: 'like',
	wildcard: 'like',
	matches: 'like',
	atleast: 'from',
	ge: 'from',
	gte: 'from',
	atmost: 'to',
	upto: 'to',
	le: 'to',
	lte: 'to',
	in: 'anyOf',
	oneof: 'anyOf',
	isoneof: 'anyOf',
	empty: 'isEmpty',
	notempty: 'isNotEmpty',
	fulltext: 'contains',
};
