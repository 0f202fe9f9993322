import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Names under which systems install Chromium, or a browser that is one. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Where an app of macOS keeps its program. */
const APPS = [
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Path of the system's Chromium, or what `CHROMIUM_PATH` names; undefined where there is none. */
export function chromiumPath(): string | undefined {
	const named = process.env.CHROMIUM_PATH;
	if (named !== undefined && named !== '') return named;
	const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
	const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
	return [...candidates, ...APPS].find((path) => existsSync(path));
}
