import type {
	IHookFunctions,
	ILoadOptionsFunctions,
	INodeExecutionData,
	IPollFunctions,
	INode,
	IWebhookFunctions,
} from 'n8n-workflow';
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
	const base = nodeContext(settings);
	const context: Partial<IPollFunctions> = {
		...base,
		...(settings.activation && { getActivationMode: () => settings.activation ?? 'update' }),
		...(budgetMs === undefined ? {} : { getPollBudgetMs: () => budgetMs }),
		getTimezone: () => settings.timeZone ?? 'UTC',
		getNodeParameter: parameterReader(base) as never,
		logger: loggerTo(settings.log) as never,
		__emit: () => undefined,
	};
	return context as IPollFunctions;
}

/** Keeps what is logged, of either level. */
function loggerTo(log: unknown[][] | undefined) {
	const keep = (...texts: unknown[]) => void log?.push(texts);
	return { warn: keep, error: keep };
}

/** Reads the parameters of a node that has no items. */
function parameterReader(base: { getNode(): INode }) {
	const { parameters } = base.getNode();
	return (name: string, fallback?: unknown, options?: object) => {
		if (parameters[name] !== undefined) return readParameter(parameters, name, options);
		if (fallback === undefined) throw new Error(`Could not get parameter "${name}"`);
		return fallback;
	};
}

/** The part of n8n's context for the life cycle of webhooks that a trigger uses; `mode` is `manual` in a test run. */
export function hookContext(settings: NodeSettings, instanceUrl: string): IHookFunctions {
	const base = nodeContext(settings);
	const context: Partial<IHookFunctions> = {
		...base,
		getActivationMode: () => settings.activation ?? 'activate',
		getInstanceBaseUrl: () => instanceUrl,
		getNodeWebhookUrl: () => settings.webhookUrl,
		getNodeParameter: parameterReader(base) as never,
		logger: loggerTo(settings.log) as never,
	};
	return context as IHookFunctions;
}

/** What n8n does with what a poll returns: it hands it to the context, unless there is nothing. */
export function takeAsN8n(
	context: IPollFunctions,
	outputs: INodeExecutionData[][] | null,
): INodeExecutionData[][] {
	if (outputs !== null) context.__emit(outputs);
	return outputs ?? [];
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
	const base = nodeContext(settings);
	const context: Partial<IWebhookFunctions> = {
		...base,
		getNodeParameter: parameterReader(base) as never,
		getRequestObject: () => request as never,
		getResponseObject: () => response as never,
		getNodeWebhookUrl: () => settings.webhookUrl ?? 'https://n8n.example/webhook/1/webhook',
		logger: loggerTo(log) as never,
	};
	const n8nAnswers = (code: number) => {
		response.status(code);
		response.json({ message: 'Workflow was started' });
	};
	return { context: context as IWebhookFunctions, answers, log, n8nAnswers };
}
