import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

import type { Change, Difference, Json } from './differences';
import { asJson, differencesBetween, namesPath } from './differences';

/**
 * A difference from a recording that was decided on. It has to occur: one that does not any more is
 * taken out of the list again.
 */
export interface AllowedDifference {
	/** Which places; see `namesPath`. */
	path: string;
	change: Change;
	/** What stands there now, so that nothing else may; absent: anything. */
	is?: Json;
	/** Number of the issue that decided it. */
	issue: number;
	/** Why nobody's connection or workflow ends by it. */
	reason: string;
}

/** What may differ from a recording. */
export interface RecordingRules {
	/** Changes that an issue has decided on. */
	allowedDifferences?: readonly AllowedDifference[];
	/** Places in which something may be added without being named, for instance a new operation. */
	mayGrow?: readonly string[];
}

/**
 * Names the recording that is printed, without `.json`. Nothing is ever written by itself: a
 * recording is what an earlier version did, and a person decides that another one is to be kept.
 */
export const PRINT_VARIABLE = 'PRINT_RECORDING';

/**
 * Compares a value with the recording in a file, which must be there.
 * With `PRINT_RECORDING=<name>` the value is printed to the standard output too, as the file would
 * hold it (`test/unit/recordings/README.md` has the command).
 * @param file path of the recording, a JSON file
 */
export function expectAsRecorded(
	file: string,
	present: unknown,
	{ allowedDifferences = [], mayGrow = [] }: RecordingRules = {},
): void {
	const is = asJson(present);
	printIfAsked(file, is);
	const found = differencesBetween(readRecording(file), is).filter(
		({ change, path }) => !(change === 'added' && mayGrow.some((one) => namesPath(one, path))),
	);
	expect({
		notAllowed: found.filter((one) => !allowedDifferences.some((rule) => allows(rule, one))),
		allowedButGone: allowedDifferences.filter((rule) => !found.some((one) => allows(rule, one))),
	}).toEqual({ notAllowed: [], allowedButGone: [] });
}

/** The content of a recording. @throws Error where the file is missing */
export function readRecording<T = Json>(file: string): T {
	if (!existsSync(file)) throw new Error(`The recording ${file} is missing.`);
	return JSON.parse(readFileSync(file, 'utf8')) as T;
}

/** Prints a value as the recording in that file would hold it, if `PRINT_RECORDING` names it. */
export function printIfAsked(file: string, value: Json): void {
	if (process.env[PRINT_VARIABLE] !== basename(file, '.json')) return;
	process.stdout.write(`${JSON.stringify(value, null, '\t')}\n`);
}

function allows(rule: AllowedDifference, found: Difference): boolean {
	return (
		rule.change === found.change &&
		namesPath(rule.path, found.path) &&
		(rule.is === undefined || differencesBetween(rule.is, found.is ?? null).length === 0)
	);
}
