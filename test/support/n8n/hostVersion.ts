import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostFolder } from './paths';

/** From here on n8n notes when the token of a log-in ends (docs/facts/n8n.md "Versions"). */
const FIRST_WITH_NOTE = [2, 36] as const;

const { dependencies } = JSON.parse(readFileSync(join(hostFolder, 'package.json'), 'utf8')) as {
	dependencies: { n8n: string };
};

/** Version of the n8n under test. */
export const hostVersion = dependencies.n8n;

/**
 * Whether n8n notes when the token of a log-in ends. Of an older one nobody knows that the token of a log-in that has not
 * been used yet has ended, until the service refuses it: one call answered 401, and then the refresh.
 */
export const notesTokenEnd = isFrom(FIRST_WITH_NOTE);

/**
 * Whether parameters of a trigger that is called can read the call (`$json`), and JSON with a byte order mark is read.
 * n8n 2.20 does neither, 2.40 both; from when on was not read.
 */
export const readsCalls = notesTokenEnd;

function isFrom([firstMajor, firstMinor]: readonly [number, number]): boolean {
	const [major = 0, minor = 0] = hostVersion.split('.').map(Number);
	return major > firstMajor || (major === firstMajor && minor >= firstMinor);
}
