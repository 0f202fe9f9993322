import { jsonAnswer } from '../../shared/answers';
import type { Answer } from '../../shared/answers';
import type { Fault } from '../../shared/faults';
import type { Hold } from '../../shared/holdPoints';
import { isRecord, parseJsonObject } from '../../shared/requestBody';
import { Router } from '../../shared/router';
import type { SimulatedRequest } from '../http/simulatedRequest';
import { sameText } from '../simulatedServer';
import type { SimulatedServer } from '../simulatedServer';
import type { SwitchChanges } from '../switches';
import type { SimulatedApp } from '../worldData';
import type { WorkflowInstance } from '../world/workflows';
import { addDocuments, changeDocuments, removeDocuments, withoutBytes } from './documentsControl';
import { addWebhookRoutes } from './webhooksControl';

/** Where other processes steer the simulator, on the tenant's origin. Not part of DocuWare. */
export const controlPath = '/__simulator/';

interface ControlCall {
	server: SimulatedServer;
	body: Record<string, unknown>;
	parameters: Record<string, string>;
	closing: AbortSignal;
}

/** Returns what is answered as JSON. */
export type ControlHandler = (call: ControlCall) => unknown;

class ControlError extends Error {}

const router = new Router<ControlHandler>()
	.on('GET', 'info', ({ server }) => ({
		url: server.platformOrigin,
		identityUrl: server.identityUrl,
		version: server.switches.version,
		now: server.now(),
	}))
	.on('GET', 'counters', ({ server }) => server.counters())
	.on('POST', 'counters/reset', ({ server }) => {
		server.resetCounters();
		return server.counters();
	})
	.on('GET', 'switches', ({ server }) => server.switches)
	.on('POST', 'switches', ({ server, body }) => {
		server.configure(body as SwitchChanges);
		return server.switches;
	})
	.on('POST', 'reset', ({ server }) => {
		server.reset();
		return {};
	})
	.on('POST', 'clock/advance', ({ server, body }) => {
		server.clock.advance(Number(body['ms']));
		return { now: server.now() };
	})
	.on('GET', 'sessions', ({ server }) =>
		server.sessions.all().map(({ user, hostId, userAgent, wayIn, createdAt, lastUsedAt, id }) => ({
			userName: user.name,
			hostId,
			userAgent,
			wayIn,
			createdAt,
			lastUsedAt,
			cookie: id,
		})),
	)
	.on('POST', 'sessions/revoke', ({ server, body }) => ({
		revoked: server.revokeSessions(optionalText(body, 'userName')),
	}))
	.on('GET', 'loginTokens', ({ server }) =>
		server.loginTokens.all().map(({ user, ...token }) => ({ ...token, userName: user.name })),
	)
	.on('POST', 'loginTokens/revoke', ({ server }) => ({ revoked: server.loginTokens.clear() }))
	.on('POST', 'refreshTokens/revoke', ({ server, body }) => {
		const userName = optionalText(body, 'userName');
		return { revoked: server.refreshTokens.revoke(userName === undefined ? {} : { userName }) };
	})
	.on('POST', 'users/lock', ({ server, body }) => {
		const user = server.world.users.find((entry) => sameText(entry.name, text(body, 'userName')));
		if (user === undefined) throw new ControlError('There is no such user.');
		user.locked = body['locked'] !== false;
		return { userName: user.name, locked: user.locked };
	})
	.on('POST', 'users/password', ({ server, body }) => {
		const user = server.world.users.find((entry) => sameText(entry.name, text(body, 'userName')));
		if (user === undefined) throw new ControlError('There is no such user.');
		user.password = text(body, 'password');
		return { userName: user.name };
	})
	.on('POST', 'apps', ({ server, body }) => {
		server.registerApp(body as unknown as SimulatedApp);
		return {};
	})
	.on('POST', 'workflows', ({ server, body }) => {
		server.workflows.add(body as unknown as WorkflowInstance);
		return {};
	})
	.on('GET', 'chunkedUploads', ({ server }) => server.chunkedUploads.waiting())
	.on('GET', 'documents', ({ server }) => server.documents.all().map(withoutBytes))
	.on('POST', 'documents', ({ server, body }) => addDocuments(server, body))
	.on('POST', 'documents/change', ({ server, body }) => changeDocuments(server, body))
	.on('DELETE', 'documents', ({ server, body }) => removeDocuments(server, body))
	.on('POST', 'faults', ({ server, body }) => {
		server.faults.push(body as unknown as Fault);
		return { waiting: server.faults.size };
	})
	.on('DELETE', 'faults', ({ server }) => {
		server.faults.clear();
		return {};
	})
	.on('POST', 'holds', ({ server, body }) => {
		const { where, times } = body;
		const hold = server.holds.hold(text(body, 'point'), {
			...(isRecord(where) ? { where } : {}),
			...(typeof times === 'number' ? { times } : {}),
		});
		return { id: hold.id };
	})
	.on('GET', 'holds/:id/waiting', async ({ server, parameters, closing }) => {
		const caught = await orClosed(holdOf(server, parameters).waiting(), closing);
		return { id: caught.id, request: caught.request };
	})
	.on('POST', 'holds/:id/release', ({ server, parameters }) => {
		holdOf(server, parameters).release();
		return {};
	})
	.on('POST', 'holds/:id/drop', ({ server, parameters }) => {
		holdOf(server, parameters).drop();
		return {};
	});
addWebhookRoutes(router);

/**
 * Answers a request below `/__simulator/`; bodies and answers are JSON. 400 with `error` for what
 * cannot be done, 404 for an unknown path.
 */
export async function answerControlRequest(
	server: SimulatedServer,
	request: SimulatedRequest,
	closing: AbortSignal,
): Promise<Answer> {
	const match = router.match(request.method, request.url.pathname.slice(controlPath.length));
	if (match === undefined) return jsonAnswer(404, { error: 'Unknown control path.' });
	const body = request.body.length === 0 ? {} : parseJsonObject(request.body);
	if (body === undefined) return jsonAnswer(400, { error: 'The body is no JSON object.' });
	try {
		const { parameters } = match;
		return jsonAnswer(200, await match.handler({ server, body, parameters, closing }));
	} catch (error) {
		return jsonAnswer(400, { error: error instanceof Error ? error.message : String(error) });
	}
}

function holdOf(server: SimulatedServer, parameters: Record<string, string>): Hold {
	const hold = server.holds.find(parameters['id'] ?? '');
	if (hold === undefined) throw new ControlError('There is no such hold.');
	return hold;
}

function optionalText(body: Record<string, unknown>, name: string): string | undefined {
	const value = body[name];
	return typeof value === 'string' ? value : undefined;
}

function text(body: Record<string, unknown>, name: string): string {
	const value = optionalText(body, name);
	if (value === undefined) throw new ControlError(`"${name}" is missing.`);
	return value;
}

async function orClosed<T>(wait: Promise<T>, closing: AbortSignal): Promise<T> {
	return await new Promise<T>((resolve, reject) => {
		const onClose = (): void => reject(new ControlError('The simulator closes.'));
		closing.addEventListener('abort', onClose, { once: true });
		wait.then(resolve, reject).finally(() => closing.removeEventListener('abort', onClose));
	});
}
