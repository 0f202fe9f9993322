import { pause } from '../../shared/exchange';
import { postTo, type OutgoingAnswer } from '../../shared/outgoingPost';
import type { SimulatedServer } from '../simulatedServer';
import type { SimulatedFileCabinet } from '../world/cabinets';
import type { StoredDocument } from '../world/documents';
import { passphraseOf } from '../worldData';
import { signatureHeader, signatureOf, minified } from './signature';
import { checkTemplate, defaultTemplate, filledTemplate } from './webhookTemplate';

/** What a webhook can tell of (docs/facts/docuware.md 8.3). */
export type WebhookEvent = 'stored' | 'indexChanged';

/** A webhook as an administrator sets it up in the web interface. */
export interface ConfiguredWebhook {
	id: string;
	url: string;
	fileCabinetId: string;
	events: WebhookEvent[];
	/** JSON with `{{FIELD}}` for fields. */
	template: string;
}

/** A webhook that was sent, or is held back. */
export interface WebhookDelivery {
	webhookId: string;
	url: string;
	event: WebhookEvent;
	documentId: number;
	/** Byte for byte. */
	body: string;
	/** Absent below version 7.10. */
	signature?: string;
	/** Status of each try so far; null where no answer came. */
	tries: Array<number | null>;
}

/** What is wrong with a webhook that nobody but the simulator would send. */
export type WebhookFlaw = 'forged' | 'wrongSecret' | 'unsigned' | 'truncated' | 'cut';

/** A webhook that somebody asks for; see `WebhookSender.deliver`. */
export interface AskedWebhook {
	webhookId: string;
	documentId: number;
	/** Sent instead of the filled template. */
	body?: string;
	flaw?: WebhookFlaw;
	/** How often the same bytes are sent, default 1. */
	times?: number;
	/** Milliseconds before the first. */
	delayMs?: number;
}

/** Deliveries that are remembered. */
const kept = 1000;

/** Tells receivers of documents that were stored or whose index data changed (docs/facts/docuware.md 8.3). */
export class WebhookSender {
	private readonly webhooks = new Map<string, ConfiguredWebhook>();
	private sent: WebhookDelivery[] = [];
	private held: WebhookDelivery[] | undefined;
	private waiting: Promise<unknown> = Promise.resolve();
	private open = 0;
	private lastId = 0;

	constructor(private readonly server: SimulatedServer) {
		server.documents.onStored = (document) => this.tell('stored', document);
		server.documents.onIndexChanged = (document) => this.tell('indexChanged', document);
	}

	/** The last deliveries, oldest first; live objects. */
	get deliveries(): readonly WebhookDelivery[] {
		return this.sent;
	}

	/** What is set up. */
	all(): ConfiguredWebhook[] {
		return [...this.webhooks.values()];
	}

	/**
	 * Sets a webhook up.
	 * @throws Error for an unknown cabinet, a tray, or a template that is no JSON
	 */
	add(asked: {
		url: string;
		fileCabinetId: string;
		events?: WebhookEvent[];
		template?: string;
	}): ConfiguredWebhook {
		const cabinet = this.cabinet(asked.fileCabinetId);
		if (cabinet.isBasket) throw new Error('A webhook is for a file cabinet, not for a tray.');
		const { template = defaultTemplate(cabinet), events = ['stored', 'indexChanged'] } = asked;
		checkTemplate(template, cabinet);
		this.lastId += 1;
		const { url, fileCabinetId } = asked;
		const webhook = { id: `webhook${this.lastId}`, url, fileCabinetId, events, template };
		this.webhooks.set(webhook.id, webhook);
		return webhook;
	}

	/** Takes a webhook away, or all of them. */
	remove(id?: string): void {
		if (id === undefined) this.webhooks.clear();
		else this.webhooks.delete(id);
	}

	/** Resolves once everything was sent; what is held back is not waited for. */
	async settled(): Promise<void> {
		while (this.open > 0) await Promise.all([new Promise(setImmediate), this.waiting]);
	}

	/** Keeps webhooks back until `release`. */
	hold(): void {
		this.held ??= [];
	}

	/** Sends what was kept back, in its order or against it. */
	release(order: 'oldestFirst' | 'newestFirst' = 'oldestFirst'): void {
		const held = this.held ?? [];
		this.held = undefined;
		for (const delivery of order === 'oldestFirst' ? held : held.reverse()) this.begin(delivery);
	}

	/** Sends the last ones again, byte for byte, oldest first. */
	async repeat(count = 1): Promise<OutgoingAnswer[]> {
		const answers: OutgoingAnswer[] = [];
		for (const delivery of this.sent.slice(-count)) answers.push(await this.post(delivery));
		return answers;
	}

	/**
	 * Sends a webhook about a document, true or flawed, and gives the answers to it.
	 * @throws Error for an unknown webhook or document
	 */
	async deliver(asked: AskedWebhook): Promise<OutgoingAnswer[]> {
		const { flaw, times = 1, delayMs = 0 } = asked;
		const webhook = this.webhooks.get(asked.webhookId);
		if (webhook === undefined) throw new Error(`There is no webhook '${asked.webhookId}'.`);
		const cabinet = this.cabinet(webhook.fileCabinetId);
		const document = this.server.documents.find(cabinet.id, asked.documentId);
		const body = asked.body ?? (document && this.bodyFor(webhook, document, cabinet)) ?? undefined;
		if (body === undefined) throw new Error(`There is no document ${asked.documentId}.`);
		const { documentId } = asked;
		const delivery = flawed(this.signed({ webhook, event: 'stored', documentId, body }), flaw, () =>
			this.signature(webhook, body, '?'),
		);
		const answers: OutgoingAnswer[] = [];
		await pause(delayMs, this.server.closing.signal);
		for (let count = 0; count < times; count += 1) {
			answers.push(await this.post(delivery, flaw === 'cut'));
		}
		return answers;
	}

	/** Nothing is set up any more. */
	clear(): void {
		this.webhooks.clear();
		this.sent = [];
		this.held = undefined;
	}

	private tell(event: WebhookEvent, document: StoredDocument): void {
		for (const webhook of this.webhooks.values()) {
			if (webhook.fileCabinetId !== document.fileCabinetId) continue;
			if (!webhook.events.includes(event)) continue;
			this.open += 1;
			// The files of a new document are put in right after it.
			setImmediate(() => {
				const body = this.bodyFor(webhook, document, this.cabinet(webhook.fileCabinetId));
				this.begin(this.signed({ webhook, event, documentId: document.id, body }));
				this.open -= 1;
			});
		}
	}

	private bodyFor(
		{ template }: ConfiguredWebhook,
		document: StoredDocument,
		cabinet: SimulatedFileCabinet,
	): string {
		const body = filledTemplate(template, document, cabinet);
		return this.server.switches.webhookBody === 'minified' ? minified(body) : body;
	}

	private signed(told: {
		webhook: ConfiguredWebhook;
		event: WebhookEvent;
		documentId: number;
		body: string;
	}): WebhookDelivery {
		const { webhook, event, documentId, body } = told;
		const signature = this.signature(webhook, body);
		return {
			webhookId: webhook.id,
			url: webhook.url,
			event,
			documentId,
			body,
			...(signature === undefined ? {} : { signature }),
			tries: [],
		};
	}

	private signature(
		{ fileCabinetId }: ConfiguredWebhook,
		body: string,
		other = '',
	): string | undefined {
		if (!this.server.abilities.signs) return undefined;
		return signatureOf(body, passphraseOf(this.server.world, this.cabinet(fileCabinetId)) + other);
	}

	private begin(delivery: WebhookDelivery): void {
		if (this.held) {
			this.held.push(delivery);
			return;
		}
		this.sent.push(delivery);
		if (this.sent.length > kept) this.sent.shift();
		this.open += 1;
		this.waiting = this.waiting.then(async () => {
			const { webhookTries } = this.server.switches;
			for (let count = 0; count < webhookTries; count += 1) {
				const { status } = await this.post(delivery);
				delivery.tries.push(status ?? null);
				if (status !== undefined && status >= 200 && status < 300) break;
			}
			this.open -= 1;
		});
	}

	private async post(
		{ url, body, signature }: WebhookDelivery,
		isCut = false,
	): Promise<OutgoingAnswer> {
		return await postTo({
			url,
			body,
			headers: {
				'content-type': 'application/json; charset=utf-8',
				...(signature === undefined ? {} : { [signatureHeader]: signature }),
			},
			...(isCut ? { cutAfter: Math.floor(body.length / 2) } : {}),
			timeoutMs: this.server.scaledMs(this.server.switches.receiverTimeoutSeconds),
			signal: this.server.closing.signal,
		});
	}

	private cabinet(id: string): SimulatedFileCabinet {
		return this.server.cabinet(id);
	}
}

function flawed(
	delivery: WebhookDelivery,
	flaw: WebhookFlaw | undefined,
	wrongSignature: () => string | undefined,
): WebhookDelivery {
	const { signature, ...unsigned } = delivery;
	const { body } = delivery;
	switch (flaw) {
		case 'unsigned':
			return unsigned;
		case 'wrongSecret': {
			const wrong = wrongSignature();
			return wrong === undefined ? unsigned : { ...unsigned, signature: wrong };
		}
		case 'forged':
			return { ...delivery, body: body.replace(/\}\s*$/, ',"FORGED":true}') };
		case 'truncated':
			return { ...delivery, body: body.slice(0, Math.floor(body.length / 2)) };
		default:
			return delivery;
	}
}
