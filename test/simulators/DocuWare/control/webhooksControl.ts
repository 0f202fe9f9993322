import type { Router } from '../../shared/router';
import type { AskedWebhook, WebhookEvent } from '../webhooks/webhookSender';
import type { ControlHandler } from './controlInterface';
import { changeThroughDialog, storeThroughDialog } from './dialogControl';

/**
 * What an administrator sets up in the web interface, and what is sent then:
 * - `webhooks`: `GET`, `POST` (`{url, fileCabinetId, events?, template?}`), `DELETE` (`{id?}`);
 *   `GET webhooks/deliveries`, `POST webhooks/settled`, `…/deliver` (see `AskedWebhook`), `…/repeat`
 *   (`{count?}`), `…/hold`, `…/release` (`{order?}`)
 * - `validations`: `POST` (`{fileCabinetId, dialogId, url?, headers?}`), `GET` (what was asked), `POST
 *   validations/test` (`{fileCabinetId, dialogId}`)
 * - `POST dialogs/store` and `dialogs/change`: what a person does in the web client
 */
export function addWebhookRoutes(router: Router<ControlHandler>): Router<ControlHandler> {
	return router
		.on('GET', 'webhooks', ({ server }) => server.webhooks.all())
		.on('POST', 'webhooks', ({ server, body }) => {
			const { url, fileCabinetId, events, template } = body;
			return server.webhooks.add({
				url: String(url),
				fileCabinetId: String(fileCabinetId),
				...(Array.isArray(events) ? { events: events as WebhookEvent[] } : {}),
				...(typeof template === 'string' ? { template } : {}),
			});
		})
		.on('DELETE', 'webhooks', ({ server, body }) => {
			const { id } = body;
			server.webhooks.remove(typeof id === 'string' ? id : undefined);
			return {};
		})
		.on('GET', 'webhooks/deliveries', ({ server }) => server.webhooks.deliveries)
		.on('POST', 'webhooks/settled', async ({ server }) => {
			await server.webhooks.settled();
			return server.webhooks.deliveries;
		})
		.on('POST', 'webhooks/deliver', async ({ server, body }) => ({
			answers: await server.webhooks.deliver(body as unknown as AskedWebhook),
		}))
		.on('POST', 'webhooks/repeat', async ({ server, body }) => ({
			answers: await server.webhooks.repeat(Number(body['count'] ?? 1)),
		}))
		.on('POST', 'webhooks/hold', ({ server }) => {
			server.webhooks.hold();
			return {};
		})
		.on('POST', 'webhooks/release', ({ server, body }) => {
			const isBackwards = body['order'] === 'newestFirst';
			server.webhooks.release(isBackwards ? 'newestFirst' : 'oldestFirst');
			return {};
		})
		.on('POST', 'validations', ({ server, body }) => {
			const { url, headers } = body;
			server.validations.configure({
				fileCabinetId: String(body['fileCabinetId']),
				dialogId: String(body['dialogId']),
				...(typeof url === 'string' ? { url } : {}),
				...(headers === undefined ? {} : { headers: headers as Record<string, string> }),
			});
			return {};
		})
		.on('GET', 'validations', ({ server }) => server.validations.asked)
		.on(
			'POST',
			'validations/test',
			async ({ server, body }) =>
				await server.validations.test({
					fileCabinetId: String(body['fileCabinetId']),
					dialogId: String(body['dialogId']),
				}),
		)
		.on('POST', 'dialogs/store', async ({ server, body }) => await storeThroughDialog(server, body))
		.on(
			'POST',
			'dialogs/change',
			async ({ server, body }) => await changeThroughDialog(server, body),
		);
}
