/** Written in capitals, with an `s` behind them for several. */
const CAPITALS = [
	...[
		'BIC',
		'BRIN',
		'BSN',
		'BTW',
		'CLA',
		'CRM',
		'DC',
		'EORI',
		'FC',
		'GL',
		'GUID',
		'HID',
		'HR',
		'IBAN',
	],
	...['ID', 'OB', 'OIN', 'RSIN', 'SBI', 'SEPA', 'UPS', 'URL', 'VAT', 'WBS', 'XML'],
];

/** Small inside a name. */
const SMALL = new Set(['and', 'at', 'by', 'for', 'from', 'in', 'of', 'on', 'per', 'to', 'with']);

/** Words and whole names that Exact writes in one, or in other letters. */
const REWRITTEN: Record<string, string> = {
	Costcenter: 'Cost Center',
	Costcenters: 'Cost Centers',
	Costunit: 'Cost Unit',
	Costunits: 'Cost Units',
	CustomerPOnumber: 'Customer PO Number',
	EMail: 'Email',
	Recepient: 'Recipient',
	Workcenter: 'Work Center',
	Workcenters: 'Work Centers',
};

const CAPITAL_WORDS = CAPITALS.join('|');

const WORD = new RegExp(
	`(?:${CAPITAL_WORDS})s?(?![a-z])|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\\d+`,
	'g',
);

/**
 * A name of Exact's in words, as people write a title: `GLAccountCode` is "GL Account Code",
 * `SalesOrderIDs` "Sales Order IDs", `Class_01` "Class 01".
 */
export function titleOf(name: string): string {
	const whole = REWRITTEN[name];
	if (whole !== undefined) return whole;
	const words = (name.match(WORD) ?? [name]).map(wordOf);
	return words
		.map((word, index) => {
			const isInside = index > 0 && index < words.length - 1;
			return isInside && SMALL.has(word.toLowerCase()) ? word.toLowerCase() : word;
		})
		.join(' ');
}

function wordOf(word: string): string {
	const upper = word.toUpperCase();
	if (CAPITALS.includes(upper)) return upper;
	if (CAPITALS.includes(upper.slice(0, -1)) && word.endsWith('s')) return `${upper.slice(0, -1)}s`;
	return REWRITTEN[word] ?? word.charAt(0).toUpperCase() + word.slice(1);
}
