import type { IncomingHttpHeaders } from 'node:http';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { toNodeError } from './nodeErrors';
import { beginNodeRun, type NodeRun } from './nodeRun';
import { triggerItems, type OutputRow } from './operation';
import { sendAnswer, type HookAnswer } from './takenResponse';

/** What a service has sent. */
export interface Delivery {
	method: string;
	/** Names in lower case. */
	headers: IncomingHttpHeaders;
	/** The bytes as they came (unpacked if they were compressed), for a signature over them. */
	body: Buffer;
}

/** How a trigger receives. */
export interface WebhookWork {
	/** Whether the delivery comes from the service; any other is answered 401 and starts nothing. */
	isGenuine(delivery: Delivery): boolean | Promise<boolean>;
	/**
	 * Takes a genuine delivery. An empty list starts nothing.
	 *
	 * @param answer answers the service at once, while the work goes on. Without it n8n answers when
	 *   the work is done, as the node's response mode says.
	 */
	receive(
		delivery: Delivery,
		answer: (answer: HookAnswer) => void,
		run: NodeRun,
	): Promise<OutputRow[]>;
}

/** The answer to a delivery that does not come from the service. It does not say what was wrong. */
export const UNAUTHORIZED: HookAnswer = { status: 401, body: { message: 'Unauthorized' } };

/** The answer to a delivery that could not be taken; the service sends it again. */
export const FAILED: HookAnswer = {
	status: 500,
	body: { message: 'The delivery could not be taken. Send it again later.' },
};

/**
 * Receives one delivery of a service. A delivery that fails is answered 500 and starts nothing; what
 * went wrong stands in n8n's log, without secrets, and never in the answer. (n8n itself would start an
 * execution with the stack in it.)
 */
export async function runWebhook(
	context: IWebhookFunctions,
	work: WebhookWork,
): Promise<IWebhookResponseData> {
	let answered = false;
	const answer = (given: HookAnswer) => {
		if (!answered) sendAnswer(context.getResponseObject(), given);
		answered = true;
	};
	const { finish, ...run } = beginNodeRun(undefined);
	try {
		const delivery = await readDelivery(context);
		if (!(await work.isGenuine(delivery))) {
			answer(UNAUTHORIZED);
			return { noWebhookResponse: true };
		}
		const rows = await work.receive(delivery, answer, run);
		return {
			...(answered ? { noWebhookResponse: true } : {}),
			...(rows.length > 0 ? { workflowData: [triggerItems(rows)] } : {}),
		};
	} catch (error) {
		logFailure(context, error);
		answer(FAILED);
		return { noWebhookResponse: true };
	} finally {
		await finish();
	}
}

/** Says in n8n's log, without secrets, what went wrong with a delivery. */
export function logFailure(context: IWebhookFunctions, error: unknown): void {
	const { message, description } = toNodeError(context.getNode(), error);
	context.logger.error(message, { node: context.getNode().name, description });
}

/** What the service has sent. */
export async function readDelivery(context: IWebhookFunctions): Promise<Delivery> {
	const request = context.getRequestObject();
	// n8n has read the body of most requests already.
	await request.readRawBody();
	const { method = '', headers, rawBody } = request;
	return { method, headers, body: rawBody };
}
