import { DEFAULT_WEBHOOK_SWITCHES, type WebhookSwitches } from './webhooks/webhookSwitches';

/**
 * Behaviour that can be changed while the simulator runs. Where the facts are uncertain a switch
 * gives both readings; the first named is the default.
 */
export interface ExactOnlineSwitches extends WebhookSwitches {
	/** Life of an access token in seconds; 600 at Exact, smaller (2, 10) to scale everything down. */
	accessTokenLifeSeconds: number;
	/**
	 * How long after its end an access token is taken as valid all the same, in ms. For tests whose client runs in another
	 * process and decides over a short life, so that a call that was right when it began is not late on a busy machine.
	 */
	accessTokenLeewayMs: number;
	/**
	 * Part of that life before which a refresh is too early: 570/600, or 1 where the token must have
	 * ended, docs/facts/exact-online.md 1.4.
	 */
	refreshWindowFraction: number;
	/** Idle life of a refresh token in seconds; null: 30 days scaled by the access token's life. */
	refreshTokenIdleSeconds: number | null;
	/** Life of an authorization code in seconds; null: 3 minutes scaled likewise. */
	authorizationCodeLifeSeconds: number | null;
	/**
	 * What becomes of a refresh token once spent, docs/facts/exact-online.md 1.8:
	 * - `none`: it is old at once
	 * - `untilNewIsUsed`: it answers until the new access or refresh token has been used
	 * - `tenMinutes`: it answers for one access token life after it was first spent
	 */
	grace: 'none' | 'untilNewIsUsed' | 'tenMinutes';
	/** Status of "Old refresh token used.", docs/facts/exact-online.md 1.6. */
	oldTokenStatus: 401 | 400;
	/**
	 * Answer to the refresh token of a log-in that a later one of this app and user has ended: that of an
	 * old token, or that of a broken chain, which is reported of parallel authorizations
	 * (docs/facts/exact-online.md 1.6).
	 */
	replacedLogInAnswer: 'oldToken' | 'brokenChain';
	/** Status and wording of "too early": 400 as observed or 401 as in the knowledge base. */
	tooEarlyStatus: 400 | 401;
	/** True: an old token that comes early is told "too early" instead of "old". */
	tooEarlyCheckedFirst: boolean;
	/** Answer to a refresh token that was never issued; no source reports one. */
	unknownTokenAnswer: 'brokenChain' | 'unauthorizedClient' | 'plainText';
	/**
	 * What arrives of a pair that was issued by a refresh: the pair, the same without its refresh token
	 * or with an empty one, or a fault of the gateway instead; `gatewayFaultOnRequest` is a fault before
	 * Exact has seen the request, so that no pair is issued (docs/facts/exact-online.md 1.6).
	 */
	refreshAnswer:
		'pair' | 'noRefreshToken' | 'emptyRefreshToken' | 'gatewayFault' | 'gatewayFaultOnRequest';
	/** The token endpoint sets the cookies of docs/facts/exact-online.md 1.3. */
	tokenCookies: boolean;
	/** Answer to a code that was used, is too old, or unknown: plain "Bad Request" or an OAuth error. */
	badCodeAnswer: 'plainText' | 'invalid_grant' | 'invalid_request';
	/** Accept client id and secret as HTTP Basic too. */
	acceptBasicAuth: boolean;
	/** Check `redirect_uri` against the app's registration. */
	checkRedirectUri: boolean;
	/** Skip the consent page unless `force_login=1`. */
	autoConsent: boolean;
	/** User that auto-consent and the consent page choose first; null: the first user. */
	consentUserId: string | null;
	/** Delay of every token answer in ms, before the request is processed. */
	tokenDelayMs: number;
	/** Delay of every API answer in ms, before the request is processed. */
	apiDelayMs: number;
	/** True: an access token that expires before the request has been processed answers 401. */
	tokenMustOutliveRequest: boolean;
	/** With `tokenMustOutliveRequest`: a write answered 401 has been carried out all the same. */
	lateWriteTakesEffect: boolean;
	/** 401 of the API: a text, or no body and the cause in the header `Reason`. */
	unauthorizedAnswer: 'text' | 'reasonHeader';
	/** Refuse every valid access token with 401. */
	refuseValidTokens: boolean;
	/**
	 * Answer API calls with 403 and this text in the `Reason` header,
	 * docs/facts/exact-online.md 1.10; null: off.
	 */
	forbiddenReason: string | null;
	/** Calls per app and division in one window of `minuteSeconds`; 60 at Exact. */
	minutelyLimit: number;
	minuteSeconds: number;
	/** Calls per app and division in one window of `daySeconds`; 5000 at Exact. */
	dailyLimit: number;
	daySeconds: number;
	/** Errors per app, user, division and endpoint after which the next error blocks; 10 at Exact. */
	errorBudget: number;
	/** The hour of the error budget and of the block; null: 3600 s scaled by the token's life. */
	errorHourSeconds: number | null;
	/** A call while blocked starts the hour of the block anew. */
	blockGrows: boolean;
	blockedStatus: 429 | 403;
	/** Days that sync/Deleted tells of a deletion, docs/facts/exact-online.md 5: two months. */
	deletedDays: number;
	/** Rows per page; 60 on CRUD endpoints. */
	pageSize: number;
	/** Origin to put into `__next` instead of the simulator's own, e.g. `https://evil.example`. */
	nextOrigin: string | null;
	/** Whether `$filter` tells capitals from small letters, docs/facts/exact-online.md 4.3. */
	textComparison: 'ignoresCase' | 'exact';
	/**
	 * Answer `{"d":[…]}` to a `$top` that fits on a page, unless `$inlinecount` asks for a number,
	 * docs/facts/exact-online.md 4.1.
	 */
	bareArrayForTop: boolean;
	/** How functions below `read/` give their rows, docs/facts/exact-online.md 4.1: some as a bare array. */
	functionEnvelope: 'bareArray' | 'results';
	/** Status of validation errors of writes, docs/facts/exact-online.md 4.7. */
	validationStatus: 400 | 500;
	/** Language of the messages of business rules: that of the user, docs/facts/exact-online.md 4.7. */
	messageLanguage: 'en' | 'nl';
	/**
	 * What a POST answers, docs/facts/exact-online.md 4.6 and 7.2: the entity, or its key only, which is called
	 * `ID` for sales and purchase entries.
	 */
	insertAnswer: 'entity' | 'key';
	/** Codes of a fixed width come with blanks on the right (`"NL "`), docs/facts/exact-online.md 4.4. */
	paddedCodes: boolean;
	/**
	 * What becomes of fields that the service sets itself (`Created`, `AccountName` beside `Account`) in
	 * the body of a POST or PUT: passed over, as clients send back whole entities, or refused.
	 */
	readOnlyFields: 'ignored' | 'refused';
	/**
	 * Type of a message of the XML interface that tells of an error in one element, docs/facts/exact-online.md
	 * 4.8; 2 tells of success, 3 of a document that is not worked on.
	 */
	xmlErrorType: 0 | 1;
	/**
	 * In which form the XML interface gives its messages: as clients know them, or in one that nobody has seen: of types without a
	 * meaning, in lists within lists, each in a list of its own, or none at all.
	 */
	xmlMessages: 'plain' | 'unknownTypes' | 'nested' | 'several' | 'none';
	/** Whether the last page of an XML download names a place too, docs/facts/exact-online.md 4.8. */
	xmlLastPage: 'withoutPlace' | 'withPlace';
	/**
	 * Endpoints that demand a filter, docs/facts/exact-online.md 4.3: Exact switches that on by app and
	 * endpoint over time.
	 */
	mandatoryFilters: 'none' | 'known';
	/**
	 * Whether a journal entry is taken whose debit and credit differ, docs/facts/exact-online.md 7.2: signs and balance of
	 * amounts are uncertain.
	 */
	unbalancedEntries: 'refused' | 'taken';
	/**
	 * Whether a sales or purchase entry with a total below zero becomes a credit note, docs/facts/exact-online.md 7.2.
	 */
	creditNotes: 'byTotal' | 'never';
	/** Last day of the last period that is closed, as `2025-12-31`; null for none, docs/facts/exact-online.md 7.2. */
	closedUntil: string | null;
	/** Services that the user has no right to, or the customer no licence, by comma, docs/facts/exact-online.md 1.10. */
	deniedServices: string | null;
	/** Which clock the times of changes are written by, docs/facts/exact-online.md 4.2. */
	stampClock: 'dutch' | 'greenwich';
	/**
	 * Which version SyncTimestamp gives for a date, docs/facts/exact-online.md 5: that of the last row before it,
	 * or of the first one after it.
	 */
	syncTimestamp: 'lastBefore' | 'firstAfter';
	/**
	 * Whether sync/Deleted tells of lines whose sync endpoint is that of their documents, under the number of the
	 * document and with the key of the line, docs/facts/exact-online.md 5.
	 */
	deletedLines: 'untold' | 'told';
	/**
	 * Largest body, docs/facts/exact-online.md 3: 10 MB where binary counts before its encoding, or 9.5 and
	 * 38 MB (by country) of what is sent.
	 */
	bodyLimitMB: 10 | 9.5 | 38;
}

export const DEFAULT_SWITCHES: Readonly<ExactOnlineSwitches> = {
	accessTokenLifeSeconds: 600,
	accessTokenLeewayMs: 0,
	refreshWindowFraction: 0.95,
	refreshTokenIdleSeconds: null,
	authorizationCodeLifeSeconds: null,
	grace: 'none',
	oldTokenStatus: 401,
	replacedLogInAnswer: 'oldToken',
	tooEarlyStatus: 400,
	tooEarlyCheckedFirst: false,
	unknownTokenAnswer: 'brokenChain',
	refreshAnswer: 'pair',
	tokenCookies: false,
	badCodeAnswer: 'plainText',
	acceptBasicAuth: false,
	checkRedirectUri: true,
	autoConsent: false,
	consentUserId: null,
	tokenDelayMs: 0,
	apiDelayMs: 0,
	tokenMustOutliveRequest: false,
	lateWriteTakesEffect: false,
	unauthorizedAnswer: 'text',
	refuseValidTokens: false,
	forbiddenReason: null,
	minutelyLimit: 60,
	minuteSeconds: 60,
	dailyLimit: 5000,
	daySeconds: 86_400,
	errorBudget: 10,
	errorHourSeconds: null,
	blockGrows: true,
	blockedStatus: 429,
	deletedDays: 61,
	pageSize: 60,
	nextOrigin: null,
	textComparison: 'ignoresCase',
	bareArrayForTop: true,
	functionEnvelope: 'bareArray',
	validationStatus: 400,
	messageLanguage: 'en',
	insertAnswer: 'entity',
	paddedCodes: false,
	readOnlyFields: 'ignored',
	xmlErrorType: 0,
	xmlMessages: 'plain',
	xmlLastPage: 'withoutPlace',
	mandatoryFilters: 'none',
	unbalancedEntries: 'refused',
	creditNotes: 'byTotal',
	closedUntil: null,
	deniedServices: null,
	stampClock: 'dutch',
	syncTimestamp: 'lastBefore',
	deletedLines: 'untold',
	bodyLimitMB: 10,
	...DEFAULT_WEBHOOK_SWITCHES,
};

/**
 * Copies known switches into `target`.
 * @throws Error on a name that is no switch, so that a misspelt one does not pass unnoticed
 */
export function applySwitches(
	target: ExactOnlineSwitches,
	changes: Partial<ExactOnlineSwitches>,
): void {
	const unknown = Object.keys(changes).filter((name) => !(name in DEFAULT_SWITCHES));
	if (unknown.length > 0) {
		throw new Error(
			`No such switch: ${unknown.join(', ')}. Known: ${Object.keys(DEFAULT_SWITCHES).join(', ')}.`,
		);
	}
	Object.assign(target, changes);
}

/** Seconds at Exact (600 s tokens) scaled to the present life of an access token. */
export function scaledSeconds(switches: ExactOnlineSwitches, secondsAtExact: number): number {
	return (secondsAtExact * switches.accessTokenLifeSeconds) / 600;
}

export function codeLifeMs(switches: ExactOnlineSwitches): number {
	return (switches.authorizationCodeLifeSeconds ?? scaledSeconds(switches, 180)) * 1000;
}

export function idleLifeMs(switches: ExactOnlineSwitches): number {
	return (switches.refreshTokenIdleSeconds ?? scaledSeconds(switches, 30 * 86_400)) * 1000;
}

export function errorHourMs(switches: ExactOnlineSwitches): number {
	return (switches.errorHourSeconds ?? scaledSeconds(switches, 3600)) * 1000;
}

export function accessTokenLifeMs(switches: ExactOnlineSwitches): number {
	return switches.accessTokenLifeSeconds * 1000;
}
