/** SQLSTATE codes that the vault tells apart (PostgreSQL documentation, appendix A). */
export const STATE = {
	readOnlyTransaction: '25006',
	/** A standby asked for a writing transaction says so; nothing else that the vault sends meets it. */
	notSupported: '0A000',
	invalidAuthorization: '28000',
	invalidPassword: '28P01',
	uniqueViolation: '23505',
	unknownDatabase: '3D000',
	unknownSchema: '3F000',
	serializationFailure: '40001',
	deadlock: '40P01',
	missingRight: '42501',
	unknownTable: '42P01',
	diskFull: '53100',
	tooManyConnections: '53300',
	lockNotAvailable: '55P03',
	statementCancelled: '57014',
	adminShutdown: '57P01',
	crashShutdown: '57P02',
	cannotConnectNow: '57P03',
	idleSession: '57P05',
	idleInTransaction: '25P03',
} as const;

const FATAL_SEVERITIES = ['FATAL', 'PANIC'];

/** What the vault reads of an error of PostgreSQL's client. */
export interface ErrorFacts {
	/** SQLSTATE, or a code of Node.js such as ECONNREFUSED. */
	code: string;
	message: string;
	severity: string;
}

/** The facts of an error; empty texts for what it does not say. */
export function factsOf(error: unknown): ErrorFacts {
	const value = (typeof error === 'object' && error !== null ? error : {}) as Record<
		string,
		unknown
	>;
	const text = (key: string) => (typeof value[key] === 'string' ? value[key] : '');
	return { code: text('code'), message: text('message'), severity: text('severity') };
}

/** Whether a code is an SQLSTATE, not one of Node.js. */
export function isSqlState(code: string): boolean {
	return /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code);
}

/**
 * Whether the server itself answered that this statement failed and the connection goes on, so
 * that nothing of the transaction will ever take effect.
 */
export function isPlainRefusal(error: unknown): boolean {
	const { code, severity } = factsOf(error);
	return isSqlState(code) && !code.startsWith('08') && !FATAL_SEVERITIES.includes(severity);
}

/** The server is about to go or to come up, or has ended a connection that was not used. */
const PASSING_STATES: ReadonlySet<string> = new Set([
	STATE.adminShutdown,
	STATE.crashShutdown,
	STATE.cannotConnectNow,
	STATE.idleSession,
	STATE.idleInTransaction,
]);

/** Codes of a host whose name is not known, for good or, while a container restarts, for a moment. */
const UNKNOWN_HOST_CODES: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN']);

/** Codes of connections that broke or did not come about; a server that restarts listens nowhere. */
const BROKEN_CODES: ReadonlySet<string> = new Set([
	'ECONNRESET',
	'EPIPE',
	'ECONNABORTED',
	'ECONNREFUSED',
	'EHOSTUNREACH',
	'ENETUNREACH',
]);

/** Whether an error says that the name of the server's host is not known. */
export function isUnknownHost({ code }: ErrorFacts): boolean {
	return UNKNOWN_HOST_CODES.has(code);
}

/**
 * Whether the connection broke or did not come about, as while a server or its container restarts: whatever
 * waits for the database waits for that too (`PostgresTiming.retryLimitMs`).
 */
export function isConnectionLoss(error: unknown): boolean {
	const facts = factsOf(error);
	const { code, message } = facts;
	if (isSqlState(code)) return code.startsWith('08') || PASSING_STATES.has(code);
	return (
		BROKEN_CODES.has(code) ||
		isUnknownHost(facts) ||
		/^Connection terminated( unexpectedly)?$/.test(message) ||
		message === 'Client has encountered a connection error and is not queryable'
	);
}

/**
 * Whether the server took the transaction for a reading one: a standby, or a connection that was opened
 * while the database took no writes, and goes on believing that.
 */
export function isReadOnly(error: unknown): boolean {
	const { code } = factsOf(error);
	return code === STATE.readOnlyTransaction || code === STATE.notSupported;
}

/** Whether the server asks for the whole transaction to be run again. */
export function isConflict(error: unknown): boolean {
	const { code } = factsOf(error);
	return code === STATE.serializationFailure || code === STATE.deadlock;
}

/**
 * Whether two transactions that touch different records have met in an index that names one thing once,
 * for instance an identity: run again, the later one sees what the other has written.
 */
export function isIndexConflict(error: unknown): boolean {
	return factsOf(error).code === STATE.uniqueViolation;
}
