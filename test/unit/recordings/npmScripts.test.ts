import { join } from 'node:path';

import { manifest } from '../../support/recordings/publishedTypes';
import type { AllowedDifference } from '../../support/recordings/recording';
import { expectAsRecorded, readRecording } from '../../support/recordings/recording';

const testKind =
	'scripts/testKind.js runs jest on the kind it is given, so that one file can be named too';

function removed(path: string, reason: string): AllowedDifference {
	return { path, change: 'removed', issue: 7, reason };
}

const allowedDifferences: AllowedDifference[] = [
	removed('lint > prettier', 'format:check, which lint runs, checks the format'),
	removed('lint > --check', 'format:check, which lint runs, checks the format'),
	removed('typecheck > tsconfig.json', 'tsconfig.test.json takes in the same files'),
	...['unit', 'integration', 'chaos', 'e2e'].map((kind) =>
		removed(`test:${kind} > jest`, testKind),
	),
	...['chaos', 'e2e'].map((kind) => removed(`test:${kind} > --runInBand`, testKind)),
];

const file = join(__dirname, 'npmScripts.json');

/**
 * What a script runs, in the words that tell it from another one. The recording was picked by hand
 * from the command: how it is put together may change, what it runs may not.
 */
function wordsIn(command: string, recorded: readonly string[]): string[] {
	return recorded.filter((word) => command.includes(word));
}

it('has every npm script, each with the same meaning', () => {
	const recorded = readRecording<Record<string, string[]>>(file);
	const present = Object.fromEntries(
		Object.entries(manifest.scripts).map(([name, command]) => [
			name,
			wordsIn(command, recorded[name] ?? []),
		]),
	);
	expectAsRecorded(file, present, { allowedDifferences, mayGrow: ['*'] });
});
