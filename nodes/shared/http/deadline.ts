import type { OwnEnd } from './failures';
import type { HttpRequest } from './httpTypes';

const DEFAULT_TIMEOUT_MS = 120_000;
const DEFAULT_CONNECT_TIMEOUT_MS = 30_000;

/** The limits of one request in time: the caller's signal, the connection, the whole exchange. */
export class Deadline {
	private controller: AbortController | undefined;

	private readonly ends: Array<() => void> = [];

	private readonly callerSignal: AbortSignal | undefined;

	private readonly connectTimeoutMs: number;

	private timers: NodeJS.Timeout[] = [];

	private connectTimer: NodeJS.Timeout | undefined;

	readonly timeoutMs: number;

	/** Which limit ended the request. */
	ownEnd: OwnEnd | undefined;

	constructor(request: Pick<HttpRequest, 'signal' | 'timeoutMs' | 'connectTimeoutMs'>) {
		this.callerSignal = request.signal;
		this.timeoutMs = request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
		this.connectTimeoutMs = request.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS;
	}

	/** Made where it is asked for: most requests do without. */
	get signal(): AbortSignal {
		if (this.controller === undefined) {
			this.controller = new AbortController();
			if (this.ownEnd !== undefined) this.controller.abort();
		}
		return this.controller.signal;
	}

	/** Has something done when a limit is reached; at once where it is. */
	onEnd(end: () => void): void {
		if (this.ownEnd === undefined) this.ends.push(end);
		else end();
	}

	start(): void {
		if (this.callerSignal?.aborted) {
			this.end('aborted');
			return;
		}
		this.callerSignal?.addEventListener('abort', this.onCallerAbort);
		this.connectTimer = setTimeout(() => this.end('connectTimeout'), this.connectTimeoutMs);
		this.timers = [this.connectTimer, setTimeout(() => this.end('timeout'), this.timeoutMs)];
	}

	connected(): void {
		clearTimeout(this.connectTimer);
	}

	/** A streamed body has its own limit from here on; the caller's signal still ends it. */
	headersReceived(): void {
		for (const timer of this.timers) clearTimeout(timer);
	}

	end(why: OwnEnd): void {
		this.ownEnd ??= why;
		this.controller?.abort();
		for (const end of this.ends.splice(0)) end();
	}

	clear(): void {
		this.headersReceived();
		this.callerSignal?.removeEventListener('abort', this.onCallerAbort);
	}

	private readonly onCallerAbort = () => this.end('aborted');
}
