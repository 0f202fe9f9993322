/** Times of a transaction, in milliseconds. */
export interface PostgresTiming {
	/** How long a write waits for the writes of others, for each of its locks. */
	lockLimitMs: number;
	statementLimitMs: number;
	/**
	 * A server that does not answer at all; longer than the limits that the server itself keeps for what goes
	 * out together: the locks and a statement.
	 */
	silenceLimitMs: number;
	/** After this long the server itself ends a transaction whose process has frozen. */
	idleLimitMs: number;
	/** How long broken connections and a server that restarts are met with another try. */
	retryLimitMs: number;
}

export const DEFAULT_POSTGRES_TIMING: PostgresTiming = {
	lockLimitMs: 10_000,
	statementLimitMs: 15_000,
	silenceLimitMs: 50_000,
	idleLimitMs: 5_000,
	retryLimitMs: 5_000,
};
