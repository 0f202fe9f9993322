import type { Browser, Locator, Page } from 'playwright-core';
import {
	chainOf,
	importWorkflow,
	manualTrigger,
	type CredentialReference,
	type N8nClient,
	type OwnerAccount,
	type WorkflowNode,
} from '../../support/n8n';

export type Theme = 'light' | 'dark';

/** A node without a name of its own. */
export interface TestedNode {
	type: string;
	parameters?: Record<string, unknown>;
	credentials?: Record<string, CredentialReference>;
	webhookId?: string;
}

/** Name of the node whose panel `openNode` shows. */
const UNDER_TEST = 'Under Test';

/** How long the editor may take to show something, in ms; it is loaded from nothing on a busy machine. */
const LIMIT_MS = 60_000;

const byTestId = (id: string) => `[data-test-id="${id}"]`;

/** What stands in a list in place of its entries, where they cannot be loaded. */
const LIST_ERROR = byTestId('rlc-error-container');

/** The options of the drop-down that is open. */
const OPTIONS = '.el-select-dropdown__item:visible, [role="option"]:visible';

/** A person at n8n's editor, logged in. Create it with `Editor.open`. */
export class Editor {
	private opened = 0;

	private constructor(
		readonly page: Page,
		private readonly client: N8nClient,
	) {}

	/** A browser window of its own, in which the owner logs in. */
	static async open(
		browser: Browser,
		client: N8nClient,
		owner: OwnerAccount,
		look: { scale?: number } = {},
	): Promise<Editor> {
		const context = await browser.newContext({
			baseURL: client.baseUrl,
			colorScheme: 'light',
			deviceScaleFactor: look.scale ?? 1,
			locale: 'en-GB',
			reducedMotion: 'reduce',
			viewport: { width: 1400, height: 1400 },
		});
		context.setDefaultTimeout(LIMIT_MS);
		const page = await context.newPage();
		// A form that is left with changes asks whether to stay.
		page.on('dialog', (dialog) => void dialog.accept());
		await page.goto('/signin');
		await page.locator('input[autocomplete="email"]').fill(owner.email);
		await page.locator('input[type="password"]').fill(owner.password);
		await page.keyboard.press('Enter');
		await page.waitForURL(/\/(?:home|workflow|projects)/);
		return new Editor(page, client);
	}

	/** Changes the look, where n8n takes it from the system, as a new user's does. */
	async look(theme: Theme): Promise<void> {
		await this.page.emulateMedia({ colorScheme: theme });
	}

	async close(): Promise<void> {
		await this.page.context().close();
	}

	/**
	 * Opens the panel of a node in a workflow of its own, behind *Manual Trigger* unless it is a trigger itself.
	 * @param before nodes between the two
	 */
	async openNode(node: TestedNode, before: WorkflowNode[] = [manualTrigger()]): Promise<Locator> {
		const file = chainOf(`Editor ${++this.opened}`, [...before, { ...node, name: UNDER_TEST }]);
		const { id } = await importWorkflow(this.client, file);
		await this.page.goto(`/workflow/${id}/${before.length}`);
		await this.panel.waitFor();
		return this.panel;
	}

	/** The tabs above the form of a node. */
	get tabs(): Locator {
		return this.page.locator(byTestId('tab-params')).first();
	}

	/** The form of the node that is open. */
	get panel(): Locator {
		return this.page.locator(byTestId('node-parameters')).first();
	}

	/** The fields that the node itself tells, in its form. */
	get mapper(): Locator {
		return this.page.locator(byTestId('resource-mapper-container')).first();
	}

	/** What the node that is open has put out, or its error. */
	get output(): Locator {
		return this.page.locator(byTestId('output-panel')).first();
	}

	/** The error that the node's run has ended with. */
	async error(): Promise<Locator> {
		const shown = this.output.locator('.node-error-view__header').first();
		await shown.waitFor();
		return shown;
	}

	/** Opens the form of a credential. */
	async openCredential(id: string): Promise<Locator> {
		await this.page.goto(`/home/credentials/${id}`);
		await this.page.locator(byTestId('node-credentials-config-container')).first().waitFor();
		return this.credentialForm;
	}

	get credentialForm(): Locator {
		return this.page.locator(byTestId('editCredential-modal')).first();
	}

	/** A field of a node with its name above it. */
	item(name: string): Locator {
		const inside = [`${name}-parameter-input-options-container`, `fixed-collection-${name}`];
		return this.page
			.locator(byTestId('parameter-item'))
			.filter({ has: this.page.locator(inside.map(byTestId).join(', ')) })
			.last();
	}

	/** The drop-down that is open. */
	get dropDown(): Locator {
		return this.page.locator('.el-select__popper:visible, .el-popper:visible').first();
	}

	/** The input of a field, by its name in the node or credential type. */
	field(name: string): Locator {
		return this.page.locator(byTestId(`parameter-input-${name}`)).first();
	}

	/** Opens a drop-down and gives the names that it offers, once they are there. */
	async choicesOf(name: string): Promise<string[]> {
		const field = this.field(name);
		await field.scrollIntoViewIfNeeded();
		await field.locator('input, .el-select').first().click();
		const options = this.page.locator(OPTIONS);
		await options.first().waitFor();
		const texts = await options.allInnerTexts();
		return texts.map((text) => text.split('\n', 1)[0]?.trim() ?? '');
	}

	/** Chooses an entry of a drop-down. */
	async choose(name: string, choice: string): Promise<void> {
		const index = (await this.choicesOf(name)).indexOf(choice);
		if (index < 0) throw new Error(`${name} does not offer ${choice}.`);
		await this.page.locator(OPTIONS).nth(index).click();
	}

	/** Opens the list of a resource locator that cannot be loaded; gives what stands in place of its entries. */
	async listError(name: string): Promise<Locator> {
		const locator = this.page.locator(byTestId(`resource-locator-${name}`)).first();
		await locator.scrollIntoViewIfNeeded();
		await locator.locator(byTestId('rlc-input')).first().click();
		const error = this.page.locator(LIST_ERROR).first();
		await error.waitFor();
		return error;
	}

	/**
	 * How much of the error of a list is scrolled away in its box, in pixels; `innerText` has that too.
	 * @throws where there is no box
	 */
	async hiddenListError(): Promise<number> {
		const hidden: unknown = await this.page.evaluate(
			`[...document.querySelectorAll('${LIST_ERROR} *')]
				.filter((one) => ['auto', 'scroll'].includes(getComputedStyle(one).overflowY))
				.map((one) => one.scrollHeight - one.clientHeight)`,
		);
		if (!Array.isArray(hidden) || hidden.length === 0) throw new Error('There is no box.');
		return Math.max(...hidden.map(Number));
	}

	/** Presses *Save* in the form of a credential. */
	async saveCredential(): Promise<void> {
		const saved = this.page.waitForResponse(
			(response) =>
				response.request().method() === 'PATCH' && response.url().includes('/credentials/'),
		);
		await this.page.locator(byTestId('credential-save-button')).click();
		await saved;
	}

	/**
	 * Presses *Connect* in the form of a credential and waits until n8n says that the account is connected.
	 * @param consent what the person does in the window of the service
	 */
	async connect(consent: (page: Page) => Promise<void>): Promise<void> {
		const opened = this.page.waitForEvent('popup');
		await this.credentialForm
			.getByRole('button', { name: /^Connect/ })
			.first()
			.click();
		const popup = await opened;
		await consent(popup);
		await this.credentialForm.getByText('Account connected').first().waitFor();
	}

	/** Waits until nothing is loaded any more, and takes messages and the pointer away. */
	async settle(): Promise<void> {
		await this.page.waitForLoadState('networkidle');
		await this.page.waitForFunction(
			`!document.body.innerText.includes('Loading options') && ![...document.querySelectorAll('input')].some((one) => [one.placeholder, one.value].some((text) => text.startsWith('Loading')))`,
		);
		for (const close of await this.page.locator('.el-notification__closeBtn').all()) {
			await close.click({ force: true });
		}
		await this.page.mouse.move(0, 0);
	}

	/** Presses *Execute step*. */
	async execute(): Promise<void> {
		await this.page.locator(byTestId('node-execute-button')).first().click();
	}
}
