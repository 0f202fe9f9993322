/** What a test asks of a process. */
export interface CallMessage {
	number: number;
	name: string;
	argument: unknown;
}

/** An error as it crosses the process border; `code` only for a ConnectorError. */
export interface ProcessError {
	message: string;
	code?: string;
	repair?: string;
	retryable?: boolean;
}

/** What a process tells: the answer to a call, or something it was not asked for. */
export type ProcessMessage =
	| { number: number; value: unknown }
	| { number: number; error: ProcessError }
	| { notice: unknown };
