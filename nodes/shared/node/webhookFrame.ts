import type { IncomingHttpHeaders } from 'node:http';
import type { IWebhookFunctions } from 'n8n-workflow';
import type { HookAnswer } from './takenResponse';

/** What a service has sent. */
export interface Delivery {
	method: string;
	/** Names in lower case. */
	headers: IncomingHttpHeaders;
	/** The bytes as they came (unpacked if they were compressed), for a signature over them. */
	body: Buffer;
}

/** The answer to a delivery that does not come from the service. It does not say what was wrong. */
export const UNAUTHORIZED: HookAnswer = { status: 401, body: { message: 'Unauthorized' } };

/** The answer to a delivery that could not be taken; the service sends it again. */
export const FAILED: HookAnswer = {
	status: 500,
	body: { message: 'The delivery could not be taken. Send it again later.' },
};

/** What a request says before its body is read. */
export function readHead(context: IWebhookFunctions): Omit<Delivery, 'body'> {
	const { method = '', headers } = context.getRequestObject();
	return { method, headers };
}

/**
 * What the service has sent.
 * @returns undefined where its bytes are not there: n8n takes forms apart itself, which no service sends
 */
export async function readDelivery(context: IWebhookFunctions): Promise<Delivery | undefined> {
	const request = context.getRequestObject();
	// n8n has read the body of most requests already.
	if (!Buffer.isBuffer(request.rawBody)) await request.readRawBody().catch(() => undefined);
	const body: unknown = request.rawBody;
	return Buffer.isBuffer(body) ? { ...readHead(context), body } : undefined;
}
