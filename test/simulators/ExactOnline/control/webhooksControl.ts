import { emptyAnswer, jsonAnswer, type Answer } from '../../shared/answers';
import { Router } from '../../shared/router';
import type { ExactOnlineSimulator } from '../exactOnlineSimulator';
import type { AskedDelivery } from '../webhooks/webhooks';

interface WebhooksCall {
	simulator: ExactOnlineSimulator;
	input: Record<string, unknown>;
	url: URL;
}

/**
 * Steers webhooks, below `webhooks/`:
 * - `GET subscriptions?division=` (of all apps), `DELETE` the same takes them away
 * - `GET deliveries` (the last 1,000), `POST settled` waits until each had its first try
 * - `POST deliver` (`{ division, topic, action?, key?, url?, clientId?, form?, flaw?, times?, delayMs? }`),
 *   `POST repeat` (`{ count? }`): the answers of the callback
 * - `POST hold`, `POST release` (`{ order?: 'oldestFirst' | 'newestFirst' }`)
 */
export async function answerWebhooksControl(
	path: string,
	method: string,
	call: WebhooksCall,
): Promise<Answer | undefined> {
	return await ROUTES.match(method, path)?.handler(call);
}

function divisionOf({ url }: WebhooksCall): number {
	return Number(url.searchParams.get('division'));
}

const ROUTES = new Router<(call: WebhooksCall) => Answer | Promise<Answer>>()
	.on('GET', 'webhooks/subscriptions', (call) =>
		jsonAnswer(200, { subscriptions: call.simulator.webhooks.subscriptions(divisionOf(call)) }),
	)
	.on('DELETE', 'webhooks/subscriptions', (call) => {
		call.simulator.webhooks.removeSubscriptions(divisionOf(call));
		return emptyAnswer(204);
	})
	.on('GET', 'webhooks/deliveries', ({ simulator }) =>
		jsonAnswer(200, { deliveries: simulator.webhooks.deliveries }),
	)
	.on('POST', 'webhooks/settled', async ({ simulator }) => {
		await simulator.webhooks.settled();
		return jsonAnswer(200, { deliveries: simulator.webhooks.deliveries });
	})
	.on('POST', 'webhooks/deliver', async ({ simulator, input }) => {
		if (typeof input['division'] !== 'number' || typeof input['topic'] !== 'string') {
			throw new Error("'division' must be a number and 'topic' a text.");
		}
		const asked = input as unknown as AskedDelivery;
		return jsonAnswer(200, { answers: await simulator.webhooks.deliver(asked) });
	})
	.on('POST', 'webhooks/repeat', async ({ simulator, input }) =>
		jsonAnswer(200, { answers: await simulator.webhooks.repeat(Number(input['count'] ?? 1)) }),
	)
	.on('POST', 'webhooks/hold', ({ simulator }) => {
		simulator.webhooks.hold();
		return emptyAnswer(204);
	})
	.on('POST', 'webhooks/release', ({ simulator, input }) => {
		const isBackwards = input['order'] === 'newestFirst';
		simulator.webhooks.release(isBackwards ? 'newestFirst' : 'oldestFirst');
		return emptyAnswer(204);
	});
