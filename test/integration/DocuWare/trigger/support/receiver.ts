import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject, INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';
import { DocuWareWebhookTrigger } from '../../../../../nodes/DocuWare/DocuWareWebhookTrigger.node';
import { forgetToldProblems } from '../../../../support/forgetToldProblems';
import { nodeContext, type NodeSettings } from '../../../../support/n8nContext';
import { readParameter } from '../../../../support/n8nContext/nodeSettings';

/** What n8n answers when the workflow has ended, by the items it began with. */
type Workflow = (
	items: INodeExecutionData[],
	/** For an answer of its own, later. */
	answer: Response,
) => { status: number; body: unknown } | undefined;

type Response = ReturnType<IWebhookFunctions['getResponseObject']>;

/** *DocuWare Webhook Trigger* behind a socket, as n8n has it there. */
export interface TriggerReceiver {
	/** Address without the part of a secret. */
	url: string;
	/** Items of every execution that was started. */
	executions: IDataObject[][];
	/** The same, as soon as there are so many. */
	started(count: number): Promise<IDataObject[][]>;
	log: string[];
	close(): Promise<void>;
}

/**
 * Serves the node as n8n 2.40 does: reads the body, asks the node, makes the execution, and answers by the response
 * that the node was given (docs/facts/n8n.md, "Answers of webhooks"). The last part of the address is the secret.
 *
 * @param workflow undefined for one that never ends; without it n8n answers when the execution was made
 */
export async function startReceiver(
	settings: NodeSettings,
	workflow?: Workflow,
): Promise<TriggerReceiver> {
	forgetToldProblems();
	const trigger = new DocuWareWebhookTrigger();
	const executions: IDataObject[][] = [];
	const log: string[] = [];
	const starts = new EventEmitter();
	const node = { mode: 'webhook', description: trigger.description, ...settings };

	async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const body = await bytesOf(request);
		// n8n refuses what ends too early before the node is asked.
		if (body === undefined) return;
		const context = contextOf(node, request, asExpress(response), body, log);
		const { workflowData, noWebhookResponse } = await trigger.webhook.call(context);
		const answer = context.getResponseObject();
		const [items] = workflowData ?? [];
		if (items !== undefined) {
			executions.push(items.map(({ json }) => json));
			starts.emit('start');
			const ended = workflow?.(items, answer);
			if (ended !== undefined) answer.status(ended.status).json(ended.body);
			else if (workflow === undefined) answer.status(200).json({ message: 'Workflow was started' });
		} else if (noWebhookResponse !== true) {
			answer.status(200).json({ message: 'Webhook call received' });
		}
	}

	const server = createServer((request, response) => void handle(request, response));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`,
		executions,
		started: async (count) => {
			while (executions.length < count) await once(starts, 'start');
			return executions;
		},
		log,
		close: async () => await closed(server),
	};
}

/** @returns undefined where the connection broke */
async function bytesOf(request: IncomingMessage): Promise<Buffer | undefined> {
	const chunks: Buffer[] = [];
	try {
		for await (const chunk of request) chunks.push(chunk as Buffer);
	} catch {
		return undefined;
	}
	return Buffer.concat(chunks);
}

function contextOf(
	settings: NodeSettings,
	request: IncomingMessage,
	response: ServerResponse,
	rawBody: Buffer,
	log: string[],
): IWebhookFunctions {
	const base = nodeContext(settings);
	const { parameters } = base.getNode();
	const secret = (request.url ?? '').split('/')[2];
	const told = (...texts: unknown[]) => void log.push(JSON.stringify(texts));
	const context: Partial<IWebhookFunctions> = {
		...base,
		getNodeParameter: ((name: string, fallback?: unknown) =>
			parameters[name] === undefined ? fallback : readParameter(parameters, name)) as never,
		getParamsData: () => ({ secret }),
		getRequestObject: () => Object.assign(request, bodyOf(request, rawBody)) as never,
		getResponseObject: () => response as never,
		getNodeWebhookUrl: () => 'http://127.0.0.1:9/webhook',
		logger: { warn: told, error: told } as never,
	};
	return context as IWebhookFunctions;
}

/** n8n takes a form apart itself, after which the bytes cannot be read any more. */
function bodyOf({ headers }: IncomingMessage, rawBody: Buffer) {
	const isForm = headers['content-type']?.startsWith('multipart/form-data') === true;
	return isForm
		? { readRawBody: async () => await Promise.reject(new Error('stream is not readable')) }
		: { rawBody, readRawBody: async () => await Promise.resolve() };
}

/** What n8n's web server adds to a response, as far as it is used here. */
function asExpress(response: ServerResponse): ServerResponse {
	const added = {
		status(code: number) {
			response.statusCode = code;
			return response;
		},
		json(this: ServerResponse, body: unknown) {
			this.setHeader('Content-Type', 'application/json; charset=utf-8');
			return this.end(JSON.stringify(body));
		},
	};
	return Object.assign(response, added);
}

async function closed(server: Server): Promise<void> {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
}
