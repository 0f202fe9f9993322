import { REDACTED } from './redacted';

/** Shorter secrets are not searched for: the text would be cut to pieces without hiding anything. */
const SHORTEST_SECRET = 4;

/** So much of a secret is recognized; what follows it without a break is taken for its rest. */
const RECOGNIZED = 200;

/** Shorter pieces of base64 would be found in texts that have nothing to do with the secret. */
const SHORTEST_BASE64 = 6;

/** How often JSON may stand in JSON: each time doubles the backslashes. */
const BACKSLASHES = '\\\\{0,8}';
const SOME_BACKSLASHES = '\\\\{1,8}';

/** What JSON, or a language that is quoted like it, puts a backslash before. */
const IN_JSON_BEHIND_BACKSLASH = /["'/\n\r\t]/;

/** Takes secrets that are known out of a text, in every encoding in which they may be said again. */
export function withoutGivenSecrets(text: string, secrets: readonly string[]): string {
	const searched = [...new Set(secrets)].filter((secret) => secret.length >= SHORTEST_SECRET);
	if (searched.length === 0) return text;
	// Longest first: one secret may be part of another.
	searched.sort((a, b) => b.length - a.length);
	const patterns = [...searched.map(plainPattern), ...searched.flatMap(base64Patterns)];
	return text.replace(new RegExp(patterns.join('|'), 'g'), REDACTED);
}

/**
 * A secret as it is or encoded, character by character: for a URL or a form (`+`, `%21`, `%2f`, also
 * twice), for JSON (`\"`, `\/`, `\u0021`, also JSON in JSON), for XML and HTML (`&amp;`, `&#33;`).
 */
function plainPattern(secret: string): string {
	const characters = [...secret];
	const pieces =
		characters
			.slice(0, RECOGNIZED)
			.join('')
			.match(/\\*[^\\]|\\+$/gu) ?? [];
	const start = pieces.map(piecePattern).join('');
	return characters.length > RECOGNIZED ? `${start}[^\\s"'<>&]*` : start;
}

/**
 * A character with the backslashes before it. Those of the secret and those of JSON cannot be told apart, so
 * however many stand there belong to it: what could be divided between two patterns would be divided in
 * every way, which takes time beyond all measure.
 */
function piecePattern(piece: string): string {
	const count = /^\\*/.exec(piece)?.[0].length ?? 0;
	const character = piece.slice(count);
	if (count === 0) return characterPattern(character);
	const escapes = `(?:${SOME_BACKSLASHES}u005[cC]|${encoded('\\')}){${count}}`;
	const literal = `(?<!\\\\)\\\\{${count},}`;
	if (character === '') return `(?:${escapes}|${literal})`;
	const behind = `${literalIn(character)}|${byNumber(character)}|${encoded(character)}`;
	return `(?:${escapes}${characterPattern(character)}|${literal}(?:${behind}))`;
}

/** A character without a backslash before it but those by which JSON says it. */
function characterPattern(character: string): string {
	// Only where JSON has them: `\\u005cu` must not pass for one backslash and for two.
	const escapes = IN_JSON_BEHIND_BACKSLASH.test(character) ? BACKSLASHES : '';
	const ways = [
		`${escapes}(?:${literalIn(character)})`,
		`${SOME_BACKSLASHES}${byNumber(character)}`,
		encoded(character),
	];
	return `(?:${ways.join('|')})`;
}

const NAMED_ENTITIES: Record<string, string> = {
	'&': 'amp',
	'<': 'lt',
	'>': 'gt',
	'"': 'quot',
	"'": 'apos',
};

const JSON_LETTERS: Record<string, string> = { '\n': 'n', '\r': 'r', '\t': 't' };

/** A character as it is, or as JSON abbreviates it, without the backslashes before it. */
function literalIn(character: string): string {
	const letter = JSON_LETTERS[character];
	return letter === undefined ? escaped(character) : `${escaped(character)}|${letter}`;
}

/** A character as JSON says it by its number, without the backslashes before it. */
function byNumber(character: string): string {
	const units = character.split('').map((unit) => `u${hex(unit.charCodeAt(0), 4)}`);
	return units.join(SOME_BACKSLASHES);
}

/** A character as URLs, forms, XML and HTML say it where they do not leave it as it is. */
function encoded(character: string): string {
	const codePoint = character.codePointAt(0) ?? 0;
	const entity = NAMED_ENTITIES[character];
	const entities = [
		`#0{0,4}${codePoint}`,
		`#[xX]0{0,4}${anyCase(codePoint.toString(16))}`,
		...(entity === undefined ? [] : [entity]),
	];
	return [
		...(character === ' ' ? ['\\+'] : []),
		[...Buffer.from(character)].map((byte) => `%(?:25){0,2}${hex(byte, 2)}`).join(''),
		`&(?:amp;){0,2}(?:${entities.join('|')});`,
	].join('|');
}

/**
 * A secret within a text that is encoded as base64 (plain or for URLs). Three bytes become four
 * characters, so it looks different by its place; the characters that it shares with what stands
 * beside it are left out.
 */
function base64Patterns(secret: string): string[] {
	const bytes = Buffer.from(secret).subarray(0, RECOGNIZED);
	return [0, 1, 2].flatMap((before) => {
		const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
		const whole = Math.floor(((before + bytes.length) * 8) / 6);
		const core = encoded.slice([0, 2, 3][before], whole);
		if (core.length < SHORTEST_BASE64) return [];
		return [`${[...core].map(base64Character).join('')}[A-Za-z0-9+/_=%-]*`];
	});
}

function base64Character(character: string): string {
	if (character === '+') return '(?:[+-]|%2[bB]|\\\\{1,8}u002[bB])';
	if (character === '/') return '(?:\\\\{0,8}/|_|%2[fF])';
	return character;
}

function hex(value: number, digits: number): string {
	return anyCase(value.toString(16).padStart(digits, '0'));
}

function anyCase(hexDigits: string): string {
	return hexDigits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function escaped(character: string): string {
	return character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
}
