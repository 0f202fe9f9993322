import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import {
	chainOf,
	connectOAuth2,
	createCredential,
	importWorkflow,
	manualTrigger,
	projectRoot,
	runWorkflow,
	updateCredential,
	type CredentialReference,
	type N8nClient,
} from '../../test/support/n8n';
import type { Editor, Theme } from '../../test/editor/support/editor';
import type { EditorWorld } from '../../test/editor/support/editorWorld';
import { clipOf, type Bounds } from './clip';
import { SCENES } from './scenes';
import { PACKAGE, type Cut, type Stage } from './stage';
import { smallPng } from './smallPng';

/** Where the pictures are. */
export const PICTURES = join(projectRoot, 'docs', 'pictures');

/** Left around what is shown, in CSS pixels. */
const MARGIN = 12;

/** High enough that no form has to be scrolled. */
const VIEWPORT = { width: 1400, height: 1700 };

/** Dots per CSS pixel. */
const SCALE = 1.5;

/** Between two looks of which the second one has to show the same, in ms. */
const STILL_MS = 700;
const MOST_LOOKS = 40;

/** Each scene is played once, in the first one. */
const THEMES: readonly Theme[] = ['light', 'dark'];

const EXACT = 'exactOnlineOAuth2Api';
const DOCUWARE = 'docuWareApi';

const FORM = '[data-test-id="node-parameters"]';

/**
 * Plays the scenes and writes their pictures.
 * @param names of scenes; all where there are none
 */
export async function takePictures(
	world: EditorWorld,
	names: readonly string[],
	report: (line: string) => void,
): Promise<void> {
	const scenes = SCENES.filter(({ name }) => names.length === 0 || names.includes(name));
	if (scenes.length === 0) throw new Error(`There is no picture ${names.join(', ')}.`);
	await mkdir(PICTURES, { recursive: true });
	const credentials = await credentialsOfScenes(world);
	const editor = await world.open({ scale: SCALE });
	await editor.page.setViewportSize(VIEWPORT);
	for (const scene of scenes) {
		await editor.look('light');
		const shown = await scene.play({ editor, client: world.demo.host.client, credentials });
		for (const theme of THEMES) {
			await editor.look(theme);
			const file = `${scene.name}.${theme}.png`;
			const picture = smallPng(await cutOut(editor, shown));
			await writeFile(join(PICTURES, file), picture);
			report(`${file}: ${Math.ceil(picture.length / 1024)} kB`);
		}
	}
	await editor.close();
}

/** The credentials of the demo under plain names, and some that are not connected, or wrong on purpose. */
async function credentialsOfScenes(world: EditorWorld): Promise<Stage['credentials']> {
	const { demo } = world;
	const { client } = demo.host;
	const exactOnline = await renamed(client, world.credentials[EXACT], 'Exact Online');
	const docuWare = await renamed(client, world.credentials[DOCUWARE], 'DocuWare');
	await useOnce(client, exactOnline);
	const secondExactOnline = await createCredential(
		...([client, EXACT, 'Exact Online 2'] as const),
		demo.enteredExactOnline,
	);
	await connectOAuth2(client, secondExactOnline.id);
	return {
		...{ exactOnline, docuWare, secondExactOnline, wrongDocuWare: await wrongDocuWare(world) },
		newExactOnline: await createCredential(client, EXACT, 'Exact Online', {
			...{ clientId: '3f6c1d7a-5b20-4e8f-9a41-0c7d2e9b6f13', clientSecret: 'any' },
		}),
	};
}

/** A wrong password, of the first user: what was refused once is not asked again, and says so. */
async function wrongDocuWare({ demo }: EditorWorld): Promise<CredentialReference> {
	const [user] = demo.docuWare.world.users;
	if (user === undefined) throw new Error('The simulator has no user.');
	return await createCredential(demo.host.client, DOCUWARE, 'DocuWare', {
		...{ platformUrl: demo.docuWare.url, userName: user.name, password: 'wrong' },
	});
}

async function renamed(
	client: N8nClient,
	credential: CredentialReference | undefined,
	name: string,
): Promise<CredentialReference> {
	if (credential === undefined) throw new Error(`The demo has no credential for ${name}.`);
	await updateCredential(client, credential.id, { name });
	return { ...credential, name };
}

/** The credential that is used first is the registered one. */
async function useOnce(client: N8nClient, credential: CredentialReference): Promise<void> {
	const node = {
		...{ name: 'Me', type: `${PACKAGE}.exactOnline` },
		parameters: { resource: 'me', operation: 'get' },
		credentials: { [EXACT]: credential },
	};
	const workflow = await importWorkflow(client, chainOf('Use once', [manualTrigger(), node]));
	const { status } = await runWorkflow(client, workflow.id);
	if (status !== 'success') throw new Error(`The first use of ${credential.name}: ${status}.`);
}

/** A form as wide as its panel and no wider, a dialog without what lies behind it; once nothing changes any more. */
async function cutOut(editor: Editor, shown: Locator[] | Cut): Promise<Buffer> {
	const { page } = editor;
	let earlier: Buffer = Buffer.alloc(0);
	for (let look = 0; look < MOST_LOOKS; look++) {
		await editor.settle();
		const clip = await boundsOf(page, shown);
		const picture = await page.screenshot({ animations: 'disabled', caret: 'hide', clip });
		if (picture.equals(earlier)) return picture;
		earlier = picture;
		await page.waitForTimeout(STILL_MS);
	}
	throw new Error(`${page.url()} does not stand still.`);
}

async function boundsOf(page: Page, cut: Locator[] | Cut): Promise<Bounds> {
	const shown = Array.isArray(cut) ? cut : cut.shown;
	const boxes = await Promise.all(shown.map(boxOf));
	const margin = shown.length === 1 ? 0 : MARGIN;
	const dialog = page.locator('[data-test-id="ndv"], [data-test-id="editCredential-modal"]').last();
	const limits = await dialog.boundingBox();
	const panel = shown.length === 1 ? limits : await page.locator(FORM).first().boundingBox();
	if (limits === null || panel === null) throw new Error('There is no form.');
	return clipOf({
		...{ boxes, margin, panel, limits },
		...(Array.isArray(cut) ? {} : { end: { box: await boxOf(cut.end), below: cut.below } }),
	});
}

async function boxOf(shown: Locator): Promise<Bounds> {
	const box = await shown.boundingBox();
	if (box === null) throw new Error(`Something of the picture is not shown: ${shown.toString()}`);
	return box;
}
