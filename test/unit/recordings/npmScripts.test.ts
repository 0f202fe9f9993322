import { join } from 'node:path';

import { manifest } from '../../support/recordings/publishedTypes';
import type { AllowedDifference } from '../../support/recordings/recording';
import { expectAsRecorded, readRecording } from '../../support/recordings/recording';

const allowedDifferences: AllowedDifference[] = [];

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
