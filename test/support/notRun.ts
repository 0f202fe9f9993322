import { appendFileSync } from 'node:fs';

/** Names the file to which tests that are not run are added, a line each; `npm test` prints them at its end. */
const FILE = process.env.NOT_RUN_FILE;

/**
 * In place of `it` or `describe` where the machine does not have what the tests need: skips them and says so.
 *
 * @param skip `it.skip` or `describe.skip`
 * @param why what is missing, and how to run them
 */
export function notRun<Skip extends (name: string, ...rest: never[]) => void>(
	skip: Skip,
	why: string,
): Skip {
	return ((name: string, ...rest: never[]) => {
		const text = `NOT RUN: ${name}: ${why}.\n`;
		process.stdout.write(text);
		if (FILE !== undefined) appendFileSync(FILE, text);
		skip(name, ...rest);
	}) as Skip;
}
