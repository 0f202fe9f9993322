import type { ILoadOptionsFunctions, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';
import { nodeContext } from './nodeContext';
import { readParameter, type NodeSettings } from './nodeSettings';

/** The part of n8n's context for drop-downs that the nodes use. */
export function loadContext(settings: NodeSettings = {}): ILoadOptionsFunctions {
	const base = nodeContext(settings);
	const context: Partial<ILoadOptionsFunctions> = {
		...base,
		getCurrentNodeParameter: ((name: string, options?: { extractValue?: boolean }) =>
			readParameter(base.getNode().parameters, name, options)) as never,
	};
	return context as ILoadOptionsFunctions;
}

/** The part of n8n's context for polls that a trigger uses; `budgetMs` is missing before n8n 2.40. */
export function pollContext(settings: NodeSettings, budgetMs?: number): IPollFunctions {
	const context: Partial<IPollFunctions> = {
		...nodeContext(settings),
		...(budgetMs === undefined ? {} : { getPollBudgetMs: () => budgetMs }),
	};
	return context as IPollFunctions;
}

/** A stand-in for n8n's context of a delivery to a webhook, and what the node did to it. */
export interface DeliveryStandIn {
	context: IWebhookFunctions;
	/** Status and body of every answer that was sent. */
	answers: Array<{ status: number; body?: unknown }>;
	log: unknown[][];
	/** n8n answers by itself: 200 when it has made the execution, 500 when it could not. */
	n8nAnswers(status: number): void;
}

/** A delivery as n8n hands it over: its bytes are there after `readRawBody`. */
export function webhookContext(
	settings: NodeSettings,
	body: Buffer,
	headers: Record<string, string> = {},
): DeliveryStandIn {
	const answers: DeliveryStandIn['answers'] = [];
	const log: unknown[][] = [];
	let status = 0;
	const request = {
		method: 'POST',
		headers,
		rawBody: undefined as Buffer | undefined,
		readRawBody: async () => void (request.rawBody = body),
	};
	const response = {
		status: (given: number) => void (status = given),
		json: (given: unknown) => void answers.push({ status, body: given }),
		end: () => void answers.push({ status }),
	};
	const context: Partial<IWebhookFunctions> = {
		...nodeContext(settings),
		getRequestObject: () => request as never,
		getResponseObject: () => response as never,
		getNodeWebhookUrl: () => settings.webhookUrl ?? 'https://n8n.example/webhook/1/webhook',
		logger: { error: (...texts: unknown[]) => void log.push(texts) } as never,
	};
	const n8nAnswers = (code: number) => {
		response.status(code);
		response.json({ message: 'Workflow was started' });
	};
	return { context: context as IWebhookFunctions, answers, log, n8nAnswers };
}
