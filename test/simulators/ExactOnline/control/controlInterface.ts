import type { ServerResponse } from 'node:http';

import { emptyAnswer, jsonAnswer, type Answer } from '../../shared/answers';
import type { Fault } from '../../shared/faults';
import type { HoldVerdict } from '../../shared/holdPoints';
import { isRecord, parseJsonObject } from '../../shared/requestBody';
import { Router } from '../../shared/router';
import type { ExactOnlineSimulator, HoldPoint } from '../exactOnlineSimulator';
import { tokenFields } from '../oauth/tokenEndpoint';
import type { ExactOnlineSwitches } from '../switches';
import { connectThroughBrowser, type BrowserConnection } from './connect';
import { addRows, changeRows, deleteRows } from './rowsControl';
import { waitForHeld } from './holdControl';
import { answerWebhooksControl } from './webhooksControl';

/** All control addresses stand below this; they take and give JSON and are counted nowhere. */
export const CONTROL_PREFIX = '/__simulator/';

export interface ControlRequest {
	method: string;
	url: URL;
	body: Buffer;
	response: ServerResponse;
}

interface ControlCall {
	simulator: ExactOnlineSimulator;
	/** JSON object of the body, `{}` if there is none. */
	input: Record<string, unknown>;
	parameters: Record<string, string>;
	url: URL;
	response: ServerResponse;
}

/** A control request that cannot be carried out; its text goes to the caller with status 400. */
class ControlError extends Error {}

/**
 * The control interface, for tests in other processes and for a running demo:
 * - `GET ` info, `counters`, `switches`, `chains`, `log`
 * - `POST switches` (some switches), `reset` (`{ chains? }`), `connect` (see `connect.ts`),
 *   `revoke` (`{ clientId, userId }`), `age` (`{ clientId, userId, seconds }`)
 * - `POST rows` (see `addRows`), `GET rows?division=&endpoint=`, `POST rows/change` (see `changeRows`), `DELETE rows`
 *   (see `deleteRows`), `POST moveDivision` (`{ division }`)
 * - `POST faults/token`, `faults/api` (one fault or `{ faults: […] }`); `DELETE` clears
 * - `POST holds` (`{ point, where?, times? }`) gives `{ id }`; `GET holds/:id/waiting?timeoutMs=`
 *   answers with the oldest request held there as soon as there is one, or 204; `POST
 *   holds/:id/release` and `…/drop` settle one (`{ heldId }`), or end the trap and all it holds
 * - `webhooks/…` (see `webhooksControl.ts`)
 */
export async function answerControlRequest(
	simulator: ExactOnlineSimulator,
	request: ControlRequest,
): Promise<Answer> {
	const path = request.url.pathname.slice(CONTROL_PREFIX.length);
	const { method, url, response } = request;
	const input = request.body.length === 0 ? {} : parseJsonObject(request.body);
	if (!input) return jsonAnswer(400, { message: 'The body must be a JSON object.' });
	const route = ROUTES.match(method, path);
	try {
		const answer = route
			? await route.handler({ simulator, input, parameters: route.parameters, url, response })
			: await answerWebhooksControl(path, method, { simulator, input, url });
		return answer ?? jsonAnswer(404, { message: `No control address ${method} ${path}.` });
	} catch (error) {
		if (!(error instanceof Error)) throw error;
		return jsonAnswer(400, { message: error.message });
	}
}

const HOLD_POINTS: readonly string[] = [
	'tokenReceived',
	'tokenProcessed',
	'apiReceived',
	'apiProcessed',
] satisfies HoldPoint[];

const ROUTES = new Router<(call: ControlCall) => Answer | Promise<Answer>>()
	.on('GET', '', ({ simulator }) => jsonAnswer(200, describe(simulator)))
	.on('GET', 'counters', ({ simulator }) => jsonAnswer(200, simulator.counters))
	.on('GET', 'switches', ({ simulator }) => jsonAnswer(200, simulator.switches))
	.on('GET', 'chains', ({ simulator }) => jsonAnswer(200, simulator.chains()))
	.on('GET', 'log', ({ simulator }) => jsonAnswer(200, simulator.log.entries))
	.on('POST', 'switches', ({ simulator, input }) => {
		simulator.configure(input as Partial<ExactOnlineSwitches>);
		return jsonAnswer(200, simulator.switches);
	})
	.on('POST', 'reset', ({ simulator, input }) => {
		simulator.reset({ chains: input['chains'] === true });
		return emptyAnswer(204);
	})
	.on('POST', 'connect', ({ simulator, input }) => connect(simulator, input))
	.on('POST', 'revoke', ({ simulator, input }) => {
		simulator.revoke(text(input, 'clientId'), text(input, 'userId'));
		return emptyAnswer(204);
	})
	.on('POST', 'age', ({ simulator, input }) => {
		const { seconds } = input;
		if (typeof seconds !== 'number') throw new ControlError("'seconds' must be a number.");
		simulator.ageChain(text(input, 'clientId'), text(input, 'userId'), seconds);
		return emptyAnswer(204);
	})
	.on('POST', 'faults/:queue', ({ simulator, input, parameters }) => {
		const queue = faultQueue(simulator, parameters);
		const faults = Array.isArray(input['faults']) ? input['faults'] : [input];
		queue.push(...faults.map(readFault));
		return jsonAnswer(200, { waiting: queue.size });
	})
	.on('DELETE', 'faults/:queue', ({ simulator, parameters }) => {
		faultQueue(simulator, parameters).clear();
		return emptyAnswer(204);
	})
	.on('POST', 'rows', ({ simulator, input }) =>
		jsonAnswer(200, { rows: addRows(simulator, input) }),
	)
	.on('GET', 'rows', ({ simulator, url }) => {
		const { searchParams: query } = url;
		const rows = simulator.rows(Number(query.get('division')), query.get('endpoint') ?? '');
		return jsonAnswer(200, { rows });
	})
	.on('POST', 'rows/change', ({ simulator, input }) =>
		jsonAnswer(200, changeRows(simulator, input)),
	)
	.on('DELETE', 'rows', ({ simulator, input }) => jsonAnswer(200, deleteRows(simulator, input)))
	.on('POST', 'moveDivision', ({ simulator, input }) => {
		simulator.moveDivision(Number(input['division']));
		return emptyAnswer(204);
	})
	.on('POST', 'holds', ({ simulator, input }) => {
		const { point, where, times } = input;
		if (typeof point !== 'string' || !HOLD_POINTS.includes(point)) {
			throw new ControlError(`'point' must be one of ${HOLD_POINTS.join(', ')}.`);
		}
		const hold = simulator.hold(point as HoldPoint, {
			...(isRecord(where) ? { where } : {}),
			...(typeof times === 'number' ? { times } : {}),
		});
		return jsonAnswer(200, { id: hold.id });
	})
	.on('GET', 'holds/:id/waiting', async (call) => {
		const timeoutMs = Number(call.url.searchParams.get('timeoutMs') ?? 30_000);
		const held = await waitForHeld(findHold(call), timeoutMs, call.response);
		return held ? jsonAnswer(200, { id: held.id, request: held.request }) : emptyAnswer(204);
	})
	.on('POST', 'holds/:id/release', (call) => settleHold(call, 'release'))
	.on('POST', 'holds/:id/drop', (call) => settleHold(call, 'drop'));

function describe(simulator: ExactOnlineSimulator): unknown {
	const { apps, users, divisions } = simulator.world;
	return {
		url: simulator.url,
		authUrl: simulator.authUrl,
		tokenUrl: simulator.tokenUrl,
		apps,
		users,
		divisions,
	};
}

function connect(simulator: ExactOnlineSimulator, input: Record<string, unknown>): Answer {
	if (input['authUrl'] !== undefined) {
		const connection: BrowserConnection = {
			authUrl: text(input, 'authUrl'),
			userId: text(input, 'userId'),
		};
		return jsonAnswer(200, { location: connectThroughBrowser(simulator, connection) });
	}
	const tokens = simulator.issueTokens(text(input, 'clientId'), text(input, 'userId'));
	return jsonAnswer(200, tokenFields(tokens));
}

function faultQueue(
	simulator: ExactOnlineSimulator,
	parameters: Record<string, string>,
): ExactOnlineSimulator['faults']['token'] {
	const { queue } = parameters;
	if (queue === 'token' || queue === 'api') return simulator.faults[queue];
	throw new ControlError("Faults are queued for 'token' or 'api'.");
}

const FAULT_KINDS: readonly string[] = [
	'delay',
	'reset',
	'lostAnswer',
	'hang',
	'truncatedBody',
	'status',
	'emptyBody',
	'plainText',
	'html',
	'apigeeFault',
	'redirect',
	'answer',
] satisfies Array<Fault['kind']>;

function readFault(input: unknown): Fault {
	if (!isRecord(input) || !FAULT_KINDS.includes(String(input['kind']))) {
		throw new ControlError(`A fault's 'kind' must be one of ${FAULT_KINDS.join(', ')}.`);
	}
	return input as unknown as Fault;
}

function findHold({ simulator, parameters }: ControlCall): ReturnType<typeof simulator.hold> {
	const hold = simulator.holds.find(parameters['id'] ?? '');
	if (!hold) throw new ControlError(`No hold with id ${parameters['id']}.`);
	return hold;
}

/** Gives the verdict to one held request (`heldId`), or ends the trap and all that it holds. */
function settleHold(call: ControlCall, verdict: HoldVerdict): Answer {
	const hold = findHold(call);
	const { heldId } = call.input;
	if (heldId === undefined) {
		hold[verdict]();
		return emptyAnswer(204);
	}
	const held = hold.held.find(({ id }) => id === heldId);
	if (!held) throw new ControlError(`Nothing with id ${String(heldId)} is held here.`);
	held[verdict]();
	return emptyAnswer(204);
}

function text(input: Record<string, unknown>, name: string): string {
	const value = input[name];
	if (typeof value !== 'string') throw new ControlError(`'${name}' must be a text.`);
	return value;
}
