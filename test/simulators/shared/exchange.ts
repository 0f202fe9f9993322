import type { ServerResponse } from 'node:http';

import { sendAnswer, sendContent, type Answer } from './answers';
import { momentOf, type Fault, type FaultMoment, type FaultQueue } from './faults';
import type { HoldPoints } from './holdPoints';
import type { ObservedRequest } from './observedRequest';

export interface ExchangeOptions {
	response: ServerResponse;
	request: ObservedRequest;
	faults: FaultQueue;
	holds: HoldPoints;
	/** Names of the hold points "received, not processed" and "processed, not answered". */
	points: { received: string; processed: string };
	/** Does the service's work. Runs to its end even if the client has gone meanwhile. */
	process: () => Answer | Promise<Answer>;
	/** Fixed delay in ms before the work. */
	delayMs?: number;
	/** Ends every waiting when the simulator closes. */
	closing: AbortSignal;
	/** The fault that was taken for this request before its body; else one is taken now. */
	fault?: Fault | undefined;
	/** Called when the work is done, with the service's own answer. */
	onProcessed?: (answer: Answer) => void;
}

/** What went out: the answer sent, or undefined if the connection was cut or the client had gone. */
export type ExchangeOutcome = { sent: Answer | undefined; processed: boolean };

/**
 * Takes one request whose body has been read through fault, hold point, work, hold point, fault to
 * its answer. As a real server would, it does the work even when the client has died meanwhile.
 */
export async function runExchange(options: ExchangeOptions): Promise<ExchangeOutcome> {
	const { faults, holds, points, request, response } = options;
	const fault = 'fault' in options ? options.fault : faults.take(request);

	if ((await holds.pass(points.received, request)) === 'drop') {
		response.destroy();
		return { sent: undefined, processed: false };
	}
	await pause(options.delayMs ?? 0, options.closing);
	const early = await strike(fault, 'beforeProcessing', undefined, options);
	if (early) return { sent: early.sent, processed: false };

	const answer = await options.process();
	options.onProcessed?.(answer);

	if ((await holds.pass(points.processed, request)) === 'drop') {
		response.destroy();
		return { sent: undefined, processed: true };
	}
	const late = await strike(fault, 'afterProcessing', answer, options);
	if (late) return { sent: late.sent, processed: true };
	return { sent: (await sendAnswer(response, answer)) ? answer : undefined, processed: true };
}

/** Carries a fault out if this is its moment; undefined if the exchange goes on as normal. */
async function strike(
	fault: Fault | undefined,
	moment: FaultMoment,
	answer: Answer | undefined,
	options: ExchangeOptions,
): Promise<{ sent: Answer | undefined } | undefined> {
	if (!fault || momentOf(fault) !== moment) return undefined;
	const { response, faults } = options;
	await pause(fault.delayMs ?? 0, options.closing);
	switch (fault.kind) {
		case 'delay':
		case 'cutUpload':
			return undefined;
		case 'reset':
			response.socket?.resetAndDestroy();
			response.destroy();
			return { sent: undefined };
		case 'lostAnswer':
			response.destroy();
			return { sent: undefined };
		case 'hang':
			await closed(response);
			return { sent: undefined };
		case 'truncatedBody':
			await sendHalf(response, answer ?? { status: 200, headers: {}, body: '{"truncated":true}' });
			return { sent: undefined };
		default: {
			const instead = faults.answerOf(fault);
			if (!instead) throw new Error(`The fault '${fault.kind}' has no answer.`);
			return { sent: (await sendAnswer(response, instead)) ? instead : undefined };
		}
	}
}

/** Waits `ms` milliseconds, at most until the simulator closes. */
export function pause(ms: number, closing: AbortSignal): Promise<void> {
	if (ms <= 0 || closing.aborted) return Promise.resolve();
	return new Promise((resolve) => {
		const end = (): void => {
			clearTimeout(timer);
			closing.removeEventListener('abort', end);
			resolve();
		};
		const timer = setTimeout(end, ms);
		closing.addEventListener('abort', end);
	});
}

function closed(response: ServerResponse): Promise<void> {
	if (response.destroyed) return Promise.resolve();
	return new Promise((resolve) => response.once('close', () => resolve()));
}

/** Announces the whole length, sends half of the body, and cuts the connection. */
async function sendHalf(response: ServerResponse, answer: Answer): Promise<void> {
	if (response.destroyed) return;
	if (answer.content !== undefined) {
		await sendContent(response, answer, answer.content, 0.5);
		return;
	}
	const body = Buffer.isBuffer(answer.body) ? answer.body : Buffer.from(answer.body, 'utf8');
	response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
	await new Promise<void>((resolve) => {
		response.once('close', () => resolve());
		response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
	});
}
