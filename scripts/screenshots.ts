import { startEditorWorld } from '../test/editor/support/editorWorld';
import { chromiumPath } from '../test/editor/support/chromium';
import { picturePorts } from './screenshots/ports';
import { takePictures } from './screenshots/takePictures';
import { timeTaken } from './screenshots/timeTaken';

/**
 * `npm run screenshots`: writes the pictures of the guides into docs/pictures, in n8n's light and in its dark look, from a
 * real n8n with both simulators. Arguments are names of single pictures. `npm run test:editor -- --pictures` takes all of
 * them in the n8n of the editor's tests. Needs Chromium (`CHROMIUM_PATH`, or on the PATH).
 */
async function main(names: string[]): Promise<void> {
	const executablePath = chromiumPath();
	if (executablePath === undefined) {
		throw new Error('There is no Chromium. Install it, or name a browser in CHROMIUM_PATH.');
	}
	const report = (line: string) => console.log(line);
	const begun = performance.now();
	const world = await startEditorWorld({ executablePath, ports: await picturePorts(), report });
	try {
		await takePictures(world, names, report);
	} finally {
		await world.stop();
	}
	report(timeTaken('Pictures', begun));
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exit(1);
});
