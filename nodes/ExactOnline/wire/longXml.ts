import { setImmediate as nextTurn } from 'node:timers/promises';

/** A tag, comment, section of text or instruction that begins here. */
const MARK =
	/<(?:(\/?)([^\s/<>!?="'&]+)(?:\s+[^\s=/<>"']+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(\/?)>|!--[^]*?-->|!\[CDATA\[[^]*?\]\]>|\?[^]*?\?>)/y;

/** Characters that are looked at before other work of n8n has its turn. */
const AT_ONCE = 250_000;

/** Characters of a name that are shown. */
const SHOWN = 40;

/**
 * Why a long document is not whole: its tags are gone through, with turns for other work in between. What no service
 * writes wrongly, such as the characters of names, is not looked at.
 * @returns undefined for a document whose elements all end, under one root
 */
export async function brokenPart(text: string): Promise<string | undefined> {
	const open: string[] = [];
	let turn = AT_ONCE;
	let roots = 0;
	let end = 0;
	for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', end)) {
		if (at > turn) {
			turn = at + AT_ONCE;
			await nextTurn();
		}
		// Another document may have been gone through in between.
		MARK.lastIndex = at;
		const found = MARK.exec(text);
		end = MARK.lastIndex;
		if (found === null) return `a tag is not whole${lineOf(text, at)}`;
		const [, closes, name, isEmpty] = found;
		if (name === undefined) continue;
		if (closes === '/') {
			const last = open.pop();
			if (last !== name)
				return `${shown(name)} ends where ${shown(last ?? 'nothing')} is open${lineOf(text, at)}`;
			continue;
		}
		if (open.length === 0) roots += 1;
		if (roots > 1) return `${shown(name)} stands behind its end${lineOf(text, at)}`;
		if (isEmpty !== '/') open.push(name);
	}
	const [last] = open.slice(-1);
	if (last !== undefined) return `the end of ${shown(last)} is missing`;
	return roots === 0 ? 'it has no element' : undefined;
}

function lineOf(text: string, at: number): string {
	let line = 1;
	for (let next = text.indexOf('\n'); next >= 0 && next < at; next = text.indexOf('\n', next + 1)) {
		line += 1;
	}
	return ` (line ${line})`;
}

function shown(name: string): string {
	return name.slice(0, SHOWN);
}
