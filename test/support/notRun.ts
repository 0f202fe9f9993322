import { appendFileSync } from 'node:fs';

/** Names the file to which tests that are not run are added, a line of JSON each; `npm test` tells of them at its end. */
const FILE = process.env.NOT_RUN_FILE;

/** What the machine lacks. */
export interface Lack {
	/** What is missing, and how to run the tests. */
	why: string;
	/** Where it is a program: Debian's package, which `.ci/run` installs; not to have it where it can be is a failure there. */
	program?: string;
	/** Where it is an environment variable that keeps them from running: its name. */
	setting?: string;
}

/**
 * In place of `it` or `describe` where the machine does not have what the tests need: skips them and says so.
 *
 * @param skip `it.skip` or `describe.skip`
 */
export function notRun<Skip extends (name: string, ...rest: never[]) => void>(
	skip: Skip,
	lack: Lack,
): Skip {
	return ((name: string, ...rest: never[]) => {
		process.stdout.write(`NOT RUN: ${name}: ${lack.why}.\n`);
		const reason = { file: expect.getState().testPath, name, ...lack };
		if (FILE !== undefined) appendFileSync(FILE, `${JSON.stringify(reason)}\n`);
		skip(name, ...rest);
	}) as Skip;
}
