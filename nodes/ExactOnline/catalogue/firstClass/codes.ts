import { invalidValue } from '../../odata/invalidValue';
import type { Codes } from './resourceData';

/** Codes of fields, by their names. */
export type CodedFields = Readonly<Record<string, Codes>>;

/** Codes with their words: `10 Draft | 20 Open`. */
export function codeList(text: string): Codes {
	const pairs = text.split(' | ').map((entry): [code: string, word: string] => {
		const blank = entry.indexOf(' ');
		return [entry.slice(0, blank), entry.slice(blank + 1)];
	});
	return Object.fromEntries(pairs);
}

/** What is known of a field by its name, which may be one that every object has, such as `constructor`. */
export function ofField<T>(
	all: Readonly<Record<string, T>> | undefined,
	field: string,
): T | undefined {
	return all !== undefined && Object.hasOwn(all, field) ? all[field] : undefined;
}

/** What a code means; the code itself where nobody knows. */
export function wordOfCode(codes: Codes, code: string | number): string {
	return Object.hasOwn(codes, code) ? (codes[code] ?? String(code)) : String(code);
}

/**
 * The code of a word or of itself; capitals do not count. A code that is not in the list is passed on, since
 * Exact adds some.
 * @throws ConnectorError EXACT_INVALID_VALUE for a word that nobody knows, or that several codes have
 */
export function codeOfWord(codes: Codes, given: unknown): string {
	const text = String(given ?? '').trim();
	const all = Object.entries(codes);
	const own = all.find(([code]) => same(code, text));
	const [one, ...others] = own ? [own] : all.filter(([, word]) => same(word, text));
	if (one !== undefined && others.length > 0) {
		throw invalidValue(
			text,
			'stands for several values.',
			`Give the number of the one that is meant: ${[one, ...others].map(([code]) => code).join(', ')}.`,
		);
	}
	const known = one?.[0];
	const code = known ?? (mayBeCode(codes, text) ? text : undefined);
	if (code !== undefined) return code;
	throw invalidValue(text, 'is none of the known values.', `Choose one of them: ${listed(all)}.`);
}

/** A number, or a letter where the codes are letters. */
function mayBeCode(codes: Codes, text: string): boolean {
	return isNumber(text) || (/^[A-Z]$/.test(text) && !Object.keys(codes).some(isNumber));
}

function isNumber(code: string): boolean {
	return /^\d+$/.test(code);
}

function same(one: string, other: string): boolean {
	return one.toLowerCase() === other.toLowerCase();
}

/** The values that an error names. */
const NAMED = 40;

function listed(codes: ReadonlyArray<readonly [code: string, word: string]>): string {
	const words = codes.slice(0, NAMED).map(([code, word]) => `${word} (${code})`);
	return [...words, ...(codes.length > NAMED ? ['…'] : [])].join(', ');
}
