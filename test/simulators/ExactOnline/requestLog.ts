import { EventEmitter } from 'node:events';

import { meets, type ObservedRequest, type RequestCondition } from '../shared/observedRequest';

/** One request as remembered by the simulator; holds no secret. */
export interface LogEntry extends ObservedRequest {
	/** Milliseconds of the simulator's clock at arrival and when the answer had left. */
	receivedAt: number;
	answeredAt: number | undefined;
	/** Status sent, undefined while under way or if no answer went out. */
	status: number | undefined;
	/** True once the service had done its work. */
	processed: boolean;
	userAgent: string;
}

/** Moments of a request that a test can wait for. */
export type RequestMoment = 'received' | 'processed' | 'answered';

/** Remembers the last requests and tells about each of their moments. */
export class RequestLog {
	private readonly emitter = new EventEmitter().setMaxListeners(0);
	private kept: LogEntry[] = [];

	constructor(private readonly limit = 1000) {}

	/** The last requests, oldest first; live objects. */
	get entries(): readonly LogEntry[] {
		return this.kept;
	}

	add(entry: LogEntry): void {
		this.kept.push(entry);
		if (this.kept.length > this.limit) this.kept.shift();
		this.tell('received', entry);
	}

	tell(moment: RequestMoment, entry: LogEntry): void {
		this.emitter.emit(moment, entry);
	}

	/** Resolves at the next such moment of a request that meets the condition. */
	next(moment: RequestMoment, condition?: RequestCondition): Promise<LogEntry> {
		return new Promise((resolve) => {
			const listener = (entry: LogEntry): void => {
				if (!meets(entry, condition)) return;
				this.emitter.off(moment, listener);
				resolve(entry);
			};
			this.emitter.on(moment, listener);
		});
	}

	/** Calls the listener at each such moment; returns the function that ends that. */
	on(moment: RequestMoment, listener: (entry: LogEntry) => void): () => void {
		this.emitter.on(moment, listener);
		return () => this.emitter.off(moment, listener);
	}

	clear(): void {
		this.kept = [];
	}
}
