import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Environment variables as `process.env` gives them. */
export type Environment = Record<string, string | undefined>;

/** n8n's user folder: `N8N_USER_FOLDER` or the home folder, with `.n8n` below it. */
export function n8nUserFolder(env: Environment): string {
	return join(env.N8N_USER_FOLDER || homedir(), '.n8n');
}

/** Names another place for the vault: `sqlite:/path/to/file` or `postgres://user:password@host/database`. */
export const VAULT_VARIABLE = 'N8N_EXACTONLINE_DOCUWARE_VAULT';

/** The text of a variable, and whether it came from the variable itself or from its `_FILE` form. */
export interface VariableText {
	text: string;
	/** Name of the variable that was read, for messages. */
	source: string;
}

/** What a reader of variables decides for itself. */
export interface VariableRules {
	/** Makes the error for a file that cannot be read; `variable` is what names the file. */
	unreadable(variable: string, file: string, cause: unknown): Error;
	/** True where an empty text counts as not set, so that the file counts. */
	emptyIsUnset?: boolean;
}

/**
 * One of n8n's variables, or its `_FILE` form, read as n8n reads them: a variable that is set goes
 * before its file; white space, and of a variable one pair of quotes, are dropped.
 *
 * @returns undefined where neither is set
 * @throws what `rules.unreadable` makes
 */
export async function readVariable(
	env: Environment,
	name: string,
	rules: VariableRules,
): Promise<VariableText | undefined> {
	const value = env[name];
	const text = value === undefined ? undefined : withoutQuotes(value);
	if (text || (text === '' && rules.emptyIsUnset !== true)) return { text, source: name };
	const source = `${name}_FILE`;
	const content = await readNamedFile(env[source], source, rules);
	return content === undefined ? undefined : { text: content, source };
}

/**
 * The content of a file that a setting names, without white space around it.
 *
 * @param variable what names the file, for messages
 * @returns undefined where no file is named
 * @throws what `rules.unreadable` makes
 */
export async function readNamedFile(
	file: string | undefined,
	variable: string,
	rules: Pick<VariableRules, 'unreadable'>,
): Promise<string | undefined> {
	if (!file) return undefined;
	try {
		return (await readFile(file, 'utf8')).trim();
	} catch (cause) {
		throw rules.unreadable(variable, file, cause);
	}
}

/** A text without the white space and the one pair of quotes around it, which n8n drops. */
export function withoutQuotes(text: string): string {
	return text.trim().replace(/^(['"])(.*)\1$/s, '$2');
}

/** Whether a variable that switches something on does so. */
export function isSwitchedOn(value: string | undefined): boolean {
	return value !== undefined && /^(1|true|yes|on)$/i.test(value.trim());
}

/** Whether a variable that switches something off does so. */
export function isSwitchedOff(value: string | undefined): boolean {
	return value !== undefined && /^(0|false|no|off)$/i.test(value.trim());
}
