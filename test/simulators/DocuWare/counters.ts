import type { LicenceFigures } from './sessions/licencePool';

/** Why a request was answered 401. */
export type UnauthorizedReason =
	| 'noCredentials'
	| 'badCredentials'
	| 'licence'
	| 'deadSession'
	| 'unknownSession'
	| 'missingCookie'
	| 'badLoginToken'
	| 'badBearer';

/** Grants of the Identity Service that the simulator knows. */
export type GrantName =
	| 'password'
	| 'dwtoken'
	| 'trusted'
	| 'authorization_code'
	| 'refresh_token'
	| 'client_credentials';

/** What the simulator has seen since its start or the last reset. All values are counts unless said otherwise. */
export interface DocuWareCounters {
	/** Sessions opened by `Account/Logon` and `Account/TokenLogOn`. */
	logOns: { password: number; token: number };
	/** Successful token answers by grant. */
	grants: Record<GrantName, number>;
	/** Error answers of the token endpoint by their `error`. */
	grantErrors: Record<string, number>;
	/** Sessions ended by `Account/LogOff`, and calls of it without a live session. */
	logOffs: number;
	logOffsWithoutSession: number;
	licences: LicenceFigures;
	/** `inUrl`: login tokens sent in a query string, where they reach logs. */
	loginTokens: { made: number; used: number; refused: number; reusedSingle: number; inUrl: number };
	refreshTokens: {
		rotated: number;
		graceReuses: number;
		replayed: number;
		familiesRevoked: number;
	};
	unauthorized: Record<UnauthorizedReason, number>;
	/** 410 answers of `Account/*`. */
	gone: number;
	/** 429 answers. */
	throttled: number;
	/** Requests with a cookie of an ended session. */
	requestsWithDeadSession: number;
	/** Requests with any `Cookie` header that reached the Identity Service, and the names they carried. */
	cookiesSentToIdentityHost: number;
	cookieNamesSentToIdentityHost: string[];
	/** Requests by method and route, e.g. `GET FileCabinets/{id}`; identity routes start with `identity:`. */
	requests: Record<string, number>;
	/** Answers by status. */
	statuses: Record<string, number>;
	/** Requests by `User-Agent`; the key is empty when none was sent. */
	userAgents: Record<string, number>;
	/** Documents stored. */
	documentsStored: number;
	/** Documents that went to another cabinet or tray, or were copied. */
	documentsTransferred: number;
	/** Chunks that were taken in, and bytes of files that went out. */
	chunksTaken: number;
	bytesDownloaded: number;
	/** Changes of index fields, document by document. */
	documentsUpdated: number;
	/** Documents put into the trash bin. */
	documentsDeleted: number;
}

/** Counters at zero; the licence figures come from the pool. */
export function zeroCounters(): Omit<DocuWareCounters, 'licences'> {
	return {
		logOns: { password: 0, token: 0 },
		grants: {
			password: 0,
			dwtoken: 0,
			trusted: 0,
			authorization_code: 0,
			refresh_token: 0,
			client_credentials: 0,
		},
		grantErrors: {},
		logOffs: 0,
		logOffsWithoutSession: 0,
		loginTokens: { made: 0, used: 0, refused: 0, reusedSingle: 0, inUrl: 0 },
		refreshTokens: { rotated: 0, graceReuses: 0, replayed: 0, familiesRevoked: 0 },
		unauthorized: {
			noCredentials: 0,
			badCredentials: 0,
			licence: 0,
			deadSession: 0,
			unknownSession: 0,
			missingCookie: 0,
			badLoginToken: 0,
			badBearer: 0,
		},
		gone: 0,
		throttled: 0,
		requestsWithDeadSession: 0,
		cookiesSentToIdentityHost: 0,
		cookieNamesSentToIdentityHost: [],
		requests: {},
		statuses: {},
		userAgents: {},
		documentsStored: 0,
		documentsTransferred: 0,
		chunksTaken: 0,
		bytesDownloaded: 0,
		documentsUpdated: 0,
		documentsDeleted: 0,
	};
}

/** Adds one to an entry of a record of counts. */
export function countIn(record: Record<string, number>, key: string): void {
	record[key] = (record[key] ?? 0) + 1;
}
