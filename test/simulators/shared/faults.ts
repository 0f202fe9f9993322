import type { OutgoingHttpHeaders } from 'node:http';

import {
	emptyAnswer,
	htmlAnswer,
	jsonAnswer,
	redirectAnswer,
	textAnswer,
	type Answer,
} from './answers';
import { meets, type ObservedRequest, type RequestCondition } from './observedRequest';

/** Whether the simulated service has done its work when the fault strikes. */
export type FaultMoment = 'beforeProcessing' | 'afterProcessing';

interface FaultBase {
	/** Which requests it strikes; default every one. */
	where?: RequestCondition;
	/** Default: `afterProcessing` for `lostAnswer` and `truncatedBody`, else `beforeProcessing`. */
	when?: FaultMoment;
	/** How many matching requests it strikes, default 1; `Infinity` until cleared. */
	times?: number;
	/** How many matching requests pass unharmed first, default 0. */
	skip?: number;
	/** Waiting time in ms at `when`, before the effect. */
	delayMs?: number;
}

/**
 * One scripted failure:
 * - `delay`: waits `delayMs`, then goes on as normal
 * - `reset`: TCP reset, no byte answered
 * - `lostAnswer`: connection closed without a byte, after the service has done its work
 * - `hang`: no answer, the connection stays open until the client leaves or the simulator closes
 * - `cutUpload`: TCP reset while the body comes in, after `afterBytes` of it (default half of what is
 *   announced); only where a simulator reads bodies piece by piece
 * - `truncatedBody`: full headers, half of the body, connection cut
 * - `status`, `emptyBody`, `plainText`, `html`, `apigeeFault`, `redirect`: that answer instead
 * - `answer`: an answer of the simulated service's own catalogue, by name
 */
export type Fault = FaultBase &
	(
		| { kind: 'delay'; delayMs: number }
		| { kind: 'reset' | 'lostAnswer' | 'hang' | 'truncatedBody' }
		| { kind: 'cutUpload'; afterBytes?: number }
		| { kind: 'status'; status: number; headers?: OutgoingHttpHeaders; body?: string }
		| { kind: 'emptyBody'; status?: number }
		| { kind: 'plainText'; status?: number; text?: string }
		| { kind: 'html'; status?: number; html?: string }
		| { kind: 'apigeeFault'; status?: number }
		| { kind: 'redirect'; location: string; status?: number }
		| { kind: 'answer'; name: string }
	);

export type FaultKind = Fault['kind'];

/** The moment at which a fault strikes. */
export function momentOf(fault: Fault): FaultMoment {
	if (fault.kind === 'lostAnswer') return 'afterProcessing';
	if (fault.when) return fault.when;
	return fault.kind === 'truncatedBody' ? 'afterProcessing' : 'beforeProcessing';
}

/** Faults that wait for a request to strike, first in, first out. */
export class FaultQueue {
	private entries: Array<{ fault: Fault; left: number; skip: number }> = [];

	/** @param catalogue answers that `{ kind: 'answer', name }` may name */
	constructor(private readonly catalogue: Readonly<Record<string, () => Answer>> = {}) {}

	/**
	 * Queues faults.
	 * @throws Error if an `answer` fault names no answer of the catalogue
	 */
	push(...faults: Fault[]): void {
		for (const fault of faults) {
			if (fault.kind === 'answer' && !(fault.name in this.catalogue)) {
				throw new Error(
					`No answer named '${fault.name}'. Known: ${Object.keys(this.catalogue).join(', ')}.`,
				);
			}
			this.entries.push({ fault, left: fault.times ?? 1, skip: fault.skip ?? 0 });
		}
	}

	clear(): void {
		this.entries = [];
	}

	/** How many faults still wait for a request. */
	get size(): number {
		return this.entries.length;
	}

	/** Takes the first fault that strikes this request. */
	take(request: ObservedRequest): Fault | undefined {
		for (const entry of this.entries) {
			if (!meets(request, entry.fault.where)) continue;
			if (entry.skip > 0) {
				entry.skip -= 1;
				continue;
			}
			entry.left -= 1;
			if (entry.left <= 0) this.entries = this.entries.filter((other) => other !== entry);
			return entry.fault;
		}
		return undefined;
	}

	/** The answer a fault gives instead of the service's, undefined for faults of the connection. */
	answerOf(fault: Fault): Answer | undefined {
		switch (fault.kind) {
			case 'status':
				return { status: fault.status, headers: fault.headers ?? {}, body: fault.body ?? '' };
			case 'emptyBody':
				return emptyAnswer(fault.status ?? 500);
			case 'plainText':
				return textAnswer(fault.status ?? 400, fault.text ?? 'Bad Request');
			case 'html':
				return htmlAnswer(
					fault.status ?? 503,
					fault.html ??
						'<!DOCTYPE html><html><head><title>Service unavailable</title></head><body><h1>Service unavailable</h1></body></html>',
				);
			case 'apigeeFault':
				return gatewayFault(fault.status);
			case 'redirect':
				return redirectAnswer(fault.location, fault.status ?? 302);
			case 'answer':
				return this.catalogue[fault.name]?.();
			default:
				return undefined;
		}
	}
}

/** Fault of the gateway on the way to the service, docs/facts/exact-online.md 1.6. */
export function gatewayFault(status = 500): Answer {
	return jsonAnswer(status, {
		fault: {
			faultstring:
				'Unable to identify proxy for host: start.exactonline.nl:443 and url: /api/oauth2/token',
			detail: { errorcode: 'messaging.adaptors.http.flow.ApplicationNotFound' },
		},
	});
}
