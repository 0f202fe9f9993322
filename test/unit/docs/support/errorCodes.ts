import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, projectRoot } from './projectFiles';

const PREFIXES = '(?:EXACT|DOCUWARE|VAULT|HTTP)';

/** A whole string literal, or the name of a property in a table of codes. */
const CODE = new RegExp(`(['"\`])(${PREFIXES}_[A-Z0-9_]+)\\1|^\\s*(${PREFIXES}_[A-Z0-9_]+):`, 'gm');

/** Names of environment variables that look like codes. */
const NO_CODES = new Set(['HTTP_PROXY']);

/** Every error code in the source, with the files that name it. */
export function codesInSource(): Map<string, string[]> {
	const codes = new Map<string, string[]>();
	const files = ['nodes', 'credentials'].flatMap((folder) => filesBelow(folder, '.ts'));
	for (const file of files) {
		for (const match of readFileSync(join(projectRoot, file), 'utf8').matchAll(CODE)) {
			const code = match[2] ?? match[3] ?? '';
			if (!NO_CODES.has(code)) codes.set(code, [...(codes.get(code) ?? []), file]);
		}
	}
	return codes;
}
