import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { picturePorts } from '../../scripts/screenshots/ports';
import { SCENES } from '../../scripts/screenshots/scenes';
import { takePictures } from '../../scripts/screenshots/takePictures';
import { timeTaken } from '../../scripts/screenshots/timeTaken';
import { FIRST_CLASS } from '../../nodes/ExactOnline/catalogue/firstClass';
import { createCredential, packageName, projectRoot, readCredential } from '../support/n8n';
import { notRun } from '../support/notRun';
import { chromiumPath } from './support/chromium';
import type { Editor } from './support/editor';
import { startEditorWorld, type EditorWorld } from './support/editorWorld';

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const ICONS = join(projectRoot, 'icons');
const EXACT = 'exactOnlineOAuth2Api';
const DOCUWARE = 'docuWareApi';

/** `npm run test:editor -- --pictures`: the pictures of the guides are taken in the same n8n. */
const wantsPictures = process.env.EDITOR_PICTURES === '1';

/** Longer than all pictures take, on a busy machine too. */
const PICTURES_LIMIT_MS = 10 * 60_000;

const report = (line: string) => process.stdout.write(`${line}\n`);

const executablePath = chromiumPath();
const whereChromiumIs =
	executablePath === undefined
		? notRun(describe.skip, {
				why: 'there is no Chromium; install it, or name one in CHROMIUM_PATH',
				program: 'chromium',
			})
		: describe;

whereChromiumIs("n8n's editor", () => {
	let world: EditorWorld;
	let editor: Editor;

	const begun = performance.now();

	beforeAll(async () => {
		world = await startEditorWorld({
			executablePath: executablePath ?? '',
			...(wantsPictures && { ports: await picturePorts() }),
		});
		editor = await world.open();
	});

	afterAll(async () => {
		await world?.stop();
		report(timeTaken(wantsPictures ? "Editor's tests and pictures" : "Editor's tests", begun));
	});

	// Before the tests, which leave credentials and settings of the services behind.
	if (wantsPictures) {
		it(
			'takes the pictures of the guides',
			async () => {
				const taken: string[] = [];
				await takePictures(world, [], (line) => taken.push(line));
				report(taken.join('\n'));
				expect(taken).toHaveLength(2 * SCENES.length);
			},
			PICTURES_LIMIT_MS,
		);
	}

	const exactOnline = (parameters: object) => ({
		type: `${packageName}.exactOnline`,
		parameters: { ...parameters },
		credentials: { [EXACT]: credential(EXACT) },
	});

	const docuWare = (parameters: object, used = credential(DOCUWARE)) => ({
		type: `${packageName}.docuWare`,
		parameters: { resource: 'document', ...parameters },
		credentials: { [DOCUWARE]: used },
	});

	function credential(type: string) {
		const found = world.credentials[type];
		if (found === undefined) throw new Error(`The demo has no credential ${type}.`);
		return found;
	}

	it.each(readdirSync(ICONS))("%s fills its view box, as n8n's own icons do", async (icon) => {
		const page = await editor.page.context().newPage();
		await page.setContent(readFileSync(join(ICONS, icon), 'utf8'));
		const filled: unknown = await page.evaluate(`(() => {
			const svg = document.querySelector('svg');
			const { x, y, width, height } = svg.getBBox();
			const view = svg.viewBox.baseVal;
			const isInside = x >= view.x && y >= view.y && x + width <= view.x + view.width && y + height <= view.y + view.height;
			return isInside && Math.max(width / view.width, height / view.height);
		})()`);
		await page.close();
		expect(filled).toBeGreaterThan(0.95);
	});

	it('offers the resources of the Exact Online node, and the fields of an operation', async () => {
		await editor.openNode(exactOnline({ resource: 'account', operation: 'create' }));
		await editor.page.locator('[data-test-id="parameter-input-ChamberOfCommerce"]').waitFor();
		const form = await editor.mapper.innerText();
		for (const field of ['Name', 'Code', 'Email', 'VAT Number']) expect(form).toContain(field);
		const names = await editor.choicesOf('resource');
		expect(names).toEqual(expect.arrayContaining(FIRST_CLASS.map(({ name }) => name)));
		expect(names.at(-1)).toBe('Custom API Call');
	});

	it('offers the index fields of a file cabinet by their types', async () => {
		const fileCabinetId = { __rl: true, mode: 'id', value: INVOICES };
		await editor.openNode(docuWare({ operation: 'upload', fileCabinetId }));
		const date = editor.field('INVOICEDATE').locator('.el-date-editor');
		await date.first().waitFor();
		const form = await editor.mapper.innerText();
		for (const field of ['Company (COMPANY)', 'Amount (AMOUNT)']) expect(form).toContain(field);
	});

	it('says in a list that cannot be loaded what to do', async () => {
		const { docuWare: simulator, host } = world.demo;
		// The pictures show what is said of the first one, and what was refused once is not asked again.
		const user = simulator.world.users.at(-1);
		const wrong = await createCredential(host.client, DOCUWARE, 'Wrong password', {
			...{ platformUrl: simulator.url, userName: user?.name, password: 'wrong' },
		});
		await editor.openNode(docuWare({ operation: 'search' }, wrong));
		const text = await (await editor.listError('fileCabinetId')).innerText();
		expect(text).toContain('DocuWare refused user name and password');
		expect(text).toContain('Open the credential and correct user name and password');
		expect(text).toContain('[DOCUWARE_WRONG_PASSWORD]');
		expect(await editor.hiddenListError()).toBe(0);
	});

	it('shows an error of a run by its headline, with what to do below it', async () => {
		const condition = [
			{ field: 'AMOUNT', operator: 'is', value: { __rl: true, mode: 'text', value: 'much' } },
		];
		const fileCabinetId = { __rl: true, mode: 'id', value: INVOICES };
		await editor.openNode(
			docuWare({ operation: 'search', fileCabinetId, conditions: { condition } }),
		);
		await editor.execute();
		const text = await (await editor.error()).innerText();
		expect(text).toMatch(
			/^Condition 1, AMOUNT: "much" is not a number\. \[DOCUWARE_INVALID_VALUE\]/,
		);
		expect(text).toContain('Enter a number such as 1234.56.');
	});

	it('shows the template of a webhook, to be copied and not to be changed', async () => {
		const type = `${packageName}.docuWareWebhookTrigger`;
		await editor.openNode({ type, webhookId: 'template' }, []);
		const template = editor.field('bodyTemplate').locator('.cm-content');
		await template.waitFor();
		expect(await template.innerText()).toContain('"DWDOCID": "INSERT HERE: DWDOCID"');
		await template.click();
		await editor.page.keyboard.type('changed');
		expect(await template.innerText()).not.toContain('changed');
	});

	it('shows and hides advanced fields of a credential, whose values stay', async () => {
		const { docuWare: simulator, host } = world.demo;
		const { client } = host;
		// n8n tests a credential that is opened.
		const { id } = await createCredential(client, DOCUWARE, 'Advanced', {
			...{ platformUrl: simulator.url, userName: 'n8n', password: 'any', licenceWaitSeconds: 45 },
		});
		await editor.openCredential(id);
		expect(await editor.field('licenceWaitSeconds').locator('input').inputValue()).toBe('45');
		expect(await editor.field('ignoreSslIssues').count()).toBe(0);
		await editor.choose('advancedFields', 'All');
		await editor.field('ignoreSslIssues').waitFor();
		await editor.choose('advancedFields', 'Only Those That Are Set');
		await editor.field('ignoreSslIssues').waitFor({ state: 'detached' });
		expect(await editor.field('licenceWaitSeconds').locator('input').inputValue()).toBe('45');
		await editor.saveCredential();
		expect((await readCredential(client, id)).data).toMatchObject({ licenceWaitSeconds: 45 });
	});

	it('says at the region of a credential what a second log-in means, and changes it', async () => {
		const { client } = world.demo.host;
		const app = { clientId: 'client', clientSecret: 'secret' };
		const { id } = await createCredential(client, EXACT, 'Region', app);
		await editor.openCredential(id);
		const hint = editor.credentialForm.getByText('n8n says "Account connected" also where').first();
		await hint.waitFor();
		const [above, below] = [await hint.boundingBox(), await editor.field('clientId').boundingBox()];
		expect(above && below && above.y < below.y).toBe(true);
		await editor.choose('accessTokenUrl', 'Belgium');
		expect(await editor.field('baseUrl').count()).toBe(0);
		await editor.saveCredential();
		const { data } = await readCredential(client, id);
		expect(data.accessTokenUrl).toBe('https://start.exactonline.be/api/oauth2/token');
		await editor.choose('accessTokenUrl', 'Other Base URL');
		await editor.field('baseUrl').waitFor();
	});

	it('connects Exact Online in the browser', async () => {
		const { demo } = world;
		const [, app] = demo.exactOnline.world.apps;
		demo.exactOnline.configure({ autoConsent: false });
		const { id } = await createCredential(demo.host.client, EXACT, 'Connected in the browser', {
			...demo.enteredExactOnline,
			...{ clientId: app?.clientId, clientSecret: app?.clientSecret },
		});
		await editor.openCredential(id);
		await editor.connect(async (page) => await page.getByRole('button', { name: 'Allow' }).click());
		await editor.openNode({
			...exactOnline({ resource: 'me', operation: 'get' }),
			credentials: { [EXACT]: { id, name: 'Connected in the browser' } },
		});
		await editor.execute();
		await editor.output.getByText('@example.com').first().waitFor();
	});

	it('connects DocuWare in the browser', async () => {
		const { docuWare: simulator, host } = world.demo;
		simulator.configure({ version: '7.12' });
		const [user] = simulator.world.users;
		const app = { clientId: '3f0e6c58-94d1-4e0c-8f60-6f1b6d2a7ef9', clientSecret: 'app-secret' };
		simulator.registerApp({
			...{ name: 'n8n', clientId: app.clientId, clientSecrets: [app.clientSecret], type: 'web' },
			...{ redirectUris: [`${host.url}/rest/oauth2-credential/callback`], refreshTokens: true },
		});
		const type = 'docuWareOAuth2Api';
		const connected = await createCredential(host.client, type, 'DocuWare in the browser', {
			...{ platformUrl: simulator.url, identityServiceUrl: simulator.identityUrl, ...app },
		});
		await editor.openCredential(connected.id);
		await editor.connect(async (page) => {
			await page.locator('input[name="username"]').fill(user?.name ?? '');
			await page.locator('input[name="password"]').fill(user?.password ?? '');
			await page.getByRole('button', { name: 'Allow' }).click();
		});
		await editor.openNode({
			type: `${packageName}.docuWare`,
			parameters: { authentication: 'oAuth2', resource: 'fileCabinet', operation: 'getAll' },
			credentials: { [type]: connected },
		});
		await editor.execute();
		await editor.output.getByText('Invoices').first().waitFor();
	});
});
