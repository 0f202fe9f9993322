import { codesInSource } from './support/errorCodes';
import { errorTexts } from './support/errorTexts';

/** What belongs behind the headline: whose connection, where, and with which status. */
const BELONGS_BEHIND =
	/\b(?:identifier|identity|(?:rules|account)\.label|host(?:name)?|origin|base[uU]rl|url\}|address\.|location|path\}|file\}|httpStatus|status\}|state\}|pathOf|endpoint\}|describe\()/;

/** Words of this package's insides and of protocols. */
const JARGON =
	/\b(?:chain|lease|generation|vault row|attempt row|rival|lineage|fingerprint|spill|refresh token|token request|token endpoint|token chain|broken chain|PKCE|grant|SQLSTATE|SQLite|TLS|SSRF|HTTP(?! Request)|https?:\/\/|OAuth ?2(?! credential)|redirect)\b/i;

/** Codes that a function is given together with other facts: its text is among those without a code. */
const GIVEN = [
	...['DOCUWARE_EMPTY_VALUE', 'DOCUWARE_FILE_TOO_LARGE', 'DOCUWARE_UNKNOWN_OPERATION'],
	...['DOCUWARE_NOT_FOR_AI', 'DOCUWARE_NOT_CONFIRMED', 'EXACT_NOT_FOR_AI', 'EXACT_NOT_CONFIRMED'],
	...['EXACT_CLIENT_NOT_FOUND', 'EXACT_INVALID_CLIENT'],
];

const texts = errorTexts();

it('finds the messages of the source', () => {
	expect(texts.length).toBeGreaterThan(250);
});

it.each(texts.map(({ headline, place, codes }) => [place, headline, codes] as const))(
	'%s begins in plain words: %s',
	(_place, headline) => {
		expect(headline).not.toMatch(JARGON);
		const putIn = [...headline.matchAll(/\{([^{}]*)\}/g)].map(([, part]) => `${part}}`);
		expect(putIn.filter((part) => BELONGS_BEHIND.test(part))).toEqual([]);
	},
);

it('goes over every code', () => {
	const seen = new Set([...texts.flatMap(({ codes }) => codes), ...GIVEN]);
	expect(texts.filter(({ codes }) => codes.length === 0).length).toBeGreaterThan(10);
	expect([...codesInSource().keys()].filter((code) => !seen.has(code))).toEqual([]);
});
