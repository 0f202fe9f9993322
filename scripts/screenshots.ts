import { startEditorWorld } from '../test/editor/support/editorWorld';
import { chromiumPath } from '../test/editor/support/chromium';
import { isFree } from '../test/support/n8n/freePort';
import { takePictures } from './screenshots/takePictures';

/** Those of `npm start`, so that addresses in the pictures are the same each time. */
const PORTS = { port: 5678, exactOnlinePort: 4010, docuWarePort: 4020 };

/**
 * `npm run screenshots`: writes the pictures of the guides into docs/pictures, in n8n's light and in its dark look, from a
 * real n8n with both simulators. Arguments are names of single pictures. Needs Chromium (`CHROMIUM_PATH`, or on the PATH).
 */
async function main(names: string[]): Promise<void> {
	const executablePath = chromiumPath();
	if (executablePath === undefined) {
		throw new Error('There is no Chromium. Install it, or name a browser in CHROMIUM_PATH.');
	}
	for (const port of Object.values(PORTS)) {
		if (!(await isFree(port))) {
			throw new Error(`Port ${port} is taken. Pictures show addresses: end what listens there.`);
		}
	}
	const report = (line: string) => console.log(line);
	const world = await startEditorWorld({ executablePath, ports: PORTS, report });
	try {
		await takePictures(world, names, report);
	} finally {
		await world.stop();
	}
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exit(1);
});
