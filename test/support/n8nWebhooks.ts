import type { ServerResponse } from 'node:http';
import type { IDataObject, INodeType } from 'n8n-workflow';
import { readBody } from '../simulators/shared/requestBody';
import { startHttpServer, type RunningHttpServer } from '../simulators/shared/httpServer';
import { hookContext, webhookContext, type NodeSettings } from './n8nContext';

/** An execution that n8n has made. */
export interface MadeExecution {
	workflow: string;
	isTest: boolean;
	items: IDataObject[];
}

/** A workflow of one node that receives. */
export interface ReceivingWorkflow {
	id: string;
	/** Id of its webhook; a copy of a workflow may have that of the first one. */
	webhookId?: string;
	settings: NodeSettings;
}

/**
 * The part of n8n by which a node receives, over real sockets and in n8n's order: it knows the address, asks the
 * node whether it is subscribed, has it subscribe, runs it for each delivery, makes the execution, and only then answers
 * what the node has not answered.
 */
export class N8nWebhooks {
	readonly executions: MadeExecution[] = [];
	/** What the nodes have logged. */
	readonly log: unknown[][] = [];
	/** Whether n8n can make executions; if not it answers 500. */
	makesExecutions = true;
	/** Requests to addresses that n8n does not know. */
	unknownRequests = 0;
	/** Status that a proxy in front of n8n answers instead of it. */
	proxyStatus: number | undefined;
	/** What `WEBHOOK_URL` and `N8N_EDITOR_BASE_URL` say, without a slash at the end. */
	publicUrls: { webhook?: string; editor?: string } = {};

	private readonly routes = new Map<string, ReceivingWorkflow>();

	private server: RunningHttpServer | undefined;

	private constructor(private readonly type: INodeType) {}

	static async start(type: INodeType): Promise<N8nWebhooks> {
		const n8n = new N8nWebhooks(type);
		n8n.server = await startHttpServer({
			handler: async (request, response) => {
				const body = await readBody(request).catch(() => undefined);
				if (body === undefined) return;
				await n8n.deliver(request.url ?? '', body, request.headers as never, response);
			},
		});
		return n8n;
	}

	get url(): string {
		if (this.server === undefined) throw new Error('n8n is not running.');
		return this.server.url;
	}

	async close(): Promise<void> {
		await this.server?.close();
	}

	/** Where deliveries to a workflow go. */
	addressOf(workflow: ReceivingWorkflow, isTest = false): string {
		return `${this.publicUrls.webhook ?? this.url}${pathOf(workflow, isTest)}`;
	}

	/** Whether n8n knows the address now. */
	listens(workflow: ReceivingWorkflow, isTest = false): boolean {
		return this.routes.has(pathOf(workflow, isTest));
	}

	/** Publishes, as n8n does it: the address is there first. @returns whether the node had to subscribe */
	async publish(workflow: ReceivingWorkflow, activation: 'activate' | 'init' = 'activate') {
		this.routes.set(pathOf(workflow, false), workflow);
		try {
			const context = this.hookOf(workflow, false, { mode: 'trigger', activation });
			if (await this.methods.checkExists.call(context)) return false;
			await this.methods.create.call(context);
			return true;
		} catch (error) {
			this.routes.delete(pathOf(workflow, false));
			throw error;
		}
	}

	async unpublish(workflow: ReceivingWorkflow): Promise<void> {
		this.routes.delete(pathOf(workflow, false));
		const more = { mode: 'internal', activation: 'update' } as const;
		await this.methods.delete.call(this.hookOf(workflow, false, more));
	}

	/** Listens for a test run; its first execution ends it. */
	async test(workflow: ReceivingWorkflow): Promise<void> {
		const path = pathOf(workflow, true);
		this.routes.set(path, workflow);
		try {
			const context = this.hookOf(workflow, true, { mode: 'manual', activation: 'manual' });
			if (await this.methods.checkExists.call(context)) return;
			await this.methods.create.call(context);
		} catch (error) {
			await this.endTest(workflow).catch(() => undefined);
			throw error;
		}
	}

	/** Stops listening. */
	async endTest(workflow: ReceivingWorkflow): Promise<void> {
		const more = { mode: 'internal', activation: 'update' } as const;
		await this.methods.delete.call(this.hookOf(workflow, true, more));
		this.routes.delete(pathOf(workflow, true));
	}

	private get methods() {
		const methods = this.type.webhookMethods?.default;
		if (methods === undefined) throw new Error('The node has no life cycle.');
		return methods;
	}

	private hookOf(workflow: ReceivingWorkflow, isTest: boolean, more: Partial<NodeSettings>) {
		const { editor, webhook } = this.publicUrls;
		const settings = { ...this.settingsOf(workflow, isTest), ...more };
		return hookContext(settings, editor ?? webhook ?? this.url);
	}

	private settingsOf(workflow: ReceivingWorkflow, isTest: boolean): NodeSettings {
		const webhookUrl = this.addressOf(workflow, isTest);
		const { description } = this.type;
		const { id: workflowId, settings } = workflow;
		const webhookId = webhookIdOf(workflow);
		return { description, log: this.log, workflowId, webhookId, webhookUrl, ...settings };
	}

	private async deliver(
		path: string,
		body: Buffer,
		headers: Record<string, string>,
		response: ServerResponse,
	): Promise<void> {
		const workflow = this.routes.get(path);
		if (workflow === undefined || this.proxyStatus !== undefined) {
			if (workflow === undefined) this.unknownRequests += 1;
			response.writeHead(this.proxyStatus ?? 404).end();
			return;
		}
		const isTest = path.startsWith('/webhook-test/');
		const express = asExpress(response);
		const settings = this.settingsOf(workflow, isTest);
		const standIn = webhookContext(
			{ ...settings, mode: isTest ? 'manual' : 'webhook' },
			body,
			headers,
		);
		const context = { ...standIn.context, getResponseObject: () => express as never };
		const result = await this.type.webhook!.call(context);
		this.log.push(...standIn.log);
		const items = result.workflowData?.flat().map(({ json }) => json);
		if (items !== undefined && this.makesExecutions) {
			this.executions.push({ workflow: workflow.id, isTest, items });
		}
		if (result.noWebhookResponse !== true) {
			express.status(items !== undefined && !this.makesExecutions ? 500 : 200);
			express.json({ message: 'Workflow was started' });
		}
		if (isTest && items !== undefined) await this.endTest(workflow);
	}
}

function pathOf(workflow: ReceivingWorkflow, isTest: boolean): string {
	return `/${isTest ? 'webhook-test' : 'webhook'}/${webhookIdOf(workflow)}/webhook`;
}

function webhookIdOf({ id, webhookId = `hook-${id}` }: ReceivingWorkflow): string {
	return webhookId;
}

/** What n8n's web server adds to a response, as far as it is used. */
function asExpress(response: ServerResponse) {
	return Object.assign(response, {
		status(code: number) {
			response.statusCode = code;
			return response;
		},
		json(this: ServerResponse, body: unknown) {
			this.setHeader('Content-Type', 'application/json; charset=utf-8');
			return this.end(JSON.stringify(body));
		},
	});
}
