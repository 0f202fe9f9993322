import type { LiveSession } from '../../record/openSession';
import type { GivenToken, SessionView } from '../../record/sessionRecord';
import type { ServerFacts } from '../../wire/serverDiscovery';
import type { ChosenWay } from '../../wire/wayIn';
import type { OpeningMeans } from './openingMeans';

/** What an opening is for. */
export interface OpeningRequest {
	/** Generation of a session that the server has just refused. */
	deadGeneration?: number;
	/** A new session, although one of this generation is open; past refusals do not count. */
	forcedFrom?: number;
	/** The credential that presents the account, where n8n tells. */
	credentialId?: string | null;
	/** A person asks: past refusals do not count. */
	ignoreRefusal?: boolean;
	/** False fails at once where a limit of log-ons, or a free licence, would have to be waited for. */
	waits?: boolean;
	/** Nothing but a login token that the vault has had made for this account will do: the newest, or this one. */
	storedTokenOnly?: boolean | GivenToken;
}

/** A session as it came of an opening. */
export interface OpenedSession extends LiveSession {
	/** Begun by this opening, or by somebody else while it waited; else it stood already, and may have ended. */
	isNew?: boolean;
}

/**
 * What a turn under the lease came to: a session; another turn after a pause (ms); another turn once
 * the own session that was begun with an earlier secret (known by its digest) has been ended; or nothing,
 * because the account belongs to the record that another spelling of it has proved meanwhile.
 */
export type OpeningStep =
	| { kind: 'session'; session: LiveSession }
	| { kind: 'joins'; recordId: string }
	| { kind: 'again'; pauseMs: number }
	| { kind: 'endEarlier'; proof: string };

export const AGAIN: OpeningStep = { kind: 'again', pauseMs: 0 };

/** One log-on: the record it is for as it was read, and what it spends in which way. */
export interface OpeningAttempt {
	view: SessionView;
	means: OpeningMeans;
	way: ChosenWay;
	facts: ServerFacts | undefined;
	/** The login token of the vault that has opened nothing before in this opening. */
	failedToken: string | undefined;
}
