import type { AttemptLine } from '../../../shared/vault/attemptLines';
import { attemptLine, isoTime } from '../../../shared/vault/attemptLines';
import { latestAttempts } from '../../../shared/vault/rows/attempts';
import type { Vault } from '../../../shared/vault/vault';
import type { SessionWayIn } from '../account/credentialTypes';
import type { SessionAccount } from '../account/sessionAccount';
import { knownServer } from '../wire/serverDiscovery';
import type { SessionView } from './sessionRecord';
import { readSession } from './sessionRecord';
import { isInUse } from './sessionUses';

const ATTEMPTS_SHOWN = 10;

/** Whose status is asked for, and by whom. */
export interface StatusQuestion {
	account: SessionAccount;
	recordId: string;
	/** Digest of the account's secret. */
	proof: string;
	/** The reference that the asking node is given. */
	reference: string | null;
	ownUseId: string | null;
}

/**
 * How a session stands in the vault; sends nothing. Of a session that was begun with other log-in data
 * nothing is told but that there is one (docs/architecture.md, rule 10).
 */
export async function sessionStatus(
	vault: Vault,
	{ account, recordId, proof, reference, ownUseId }: StatusQuestion,
): Promise<SessionStatus> {
	const view = await readSession(vault, recordId);
	if (view !== undefined && view.meta.proof !== null && view.meta.proof !== proof) {
		return await othersStatus(vault, account, view);
	}
	const attempts = await vault.read(() => latestAttempts(recordId, ATTEMPTS_SHOWN));
	const server = await knownServer(vault, account);
	const isOpen = view?.meta.state === 'open' && !hasEnded(view);
	const meta = view?.meta;
	return {
		sessionReference: reference,
		identity: account.label,
		baseUrl: account.address.baseUrl,
		state: isOpen ? 'open' : 'none',
		wayIn: isOpen ? (meta?.wayIn ?? null) : null,
		wayInReason: meta?.wayInReason ?? '',
		openedBy: isOpen ? (meta?.openedBy ?? null) : null,
		openedAt: isOpen ? isoTime(view?.record.receivedAt ?? null) : null,
		generation: view?.record.generation ?? 0,
		accessTokenExpiresAt: isOpen && view ? isoTime(endOfToken(view)) : null,
		serverVersion: server?.version ?? null,
		policy: account.policy,
		otherExecutions: (view?.uses ?? []).filter((use) => isInUse(use) && use.useId !== ownUseId)
			.length,
		loginTokenExpiresAt: isoTime(meta?.loginToken?.expiresAt ?? null),
		licenceNote: licenceNote(isOpen, view),
		attempts: attempts.map((one) => attemptLine(one)),
	};
}

async function othersStatus(
	vault: Vault,
	account: SessionAccount,
	view: SessionView,
): Promise<SessionStatus> {
	const isOpen = view.meta.state === 'open' && !hasEnded(view);
	const server = await knownServer(vault, account);
	return {
		sessionReference: null,
		identity: account.label,
		baseUrl: account.address.baseUrl,
		state: isOpen ? 'open' : 'none',
		wayIn: null,
		wayInReason: '',
		openedBy: null,
		openedAt: null,
		generation: 0,
		accessTokenExpiresAt: null,
		serverVersion: server?.version ?? null,
		policy: account.policy,
		otherExecutions: 0,
		loginTokenExpiresAt: null,
		licenceNote: isOpen
			? 'A session of this user is open that was begun with other log-in data. Session > Log On ' +
				'with this credential begins one of its own, if the log-in data are right.'
			: 'The last session of this user was begun with other log-in data.',
		attempts: [],
	};
}

function endOfToken({ record, meta }: SessionView): number | null {
	return meta.lifeMs === null || record.requestedAt === null
		? null
		: record.requestedAt + meta.lifeMs;
}

function hasEnded(view: SessionView): boolean {
	const end = endOfToken(view);
	return end !== null && end <= view.storeNow;
}

function licenceNote(isOpen: boolean, view: SessionView | undefined): string {
	if (!isOpen) {
		return view?.meta.loginToken
			? 'No session is open. The next one begins with the kept login token, which gets back ' +
					'the licence that was in use before the log-off (within two minutes).'
			: 'No session is open. After a log-off a licence stays blocked for two minutes.';
	}
	return view?.meta.wayIn === 'cookie'
		? 'This one session uses one licence, whatever the number of executions and workers.'
		: 'An access token has no log-off; whether it books a licence depends on the DocuWare server.';
}

/** What may be shown of a session; no secret. Times are ISO texts. */
export interface SessionStatus {
	/**
	 * Text that a later node with the same credential can take as its session; null where there is none to
	 * refer to (OAuth2), or the session was begun with other log-in data.
	 */
	sessionReference: string | null;
	/** Who and where, for people: `api @ Peters Engineering (https://acme.docuware.cloud)`. */
	identity: string;
	/** `https://acme.docuware.cloud/DocuWare/Platform`. */
	baseUrl: string;
	/** `open`: a session is kept; `none`: the next request begins one. */
	state: 'open' | 'none';
	wayIn: SessionWayIn | null;
	/** Why this way was taken, in one sentence. */
	wayInReason: string;
	/** How the session began: `password`, `loginToken`, `authorization`; null without a session. */
	openedBy: 'password' | 'loginToken' | 'authorization' | 'clientCredentials' | null;
	openedAt: string | null;
	/** Counts the log-ons of this identity. */
	generation: number;
	/** End of the bearer token; null for cookies, whose end nobody tells. */
	accessTokenExpiresAt: string | null;
	/** Product version of the server, where known. */
	serverVersion: string | null;
	policy: 'keep' | 'logOffWhenIdle';
	/** Executions that use the session right now, this one left out. */
	otherExecutions: number;
	/** Whether the vault holds a login token for the next start, and until when. */
	loginTokenExpiresAt: string | null;
	/** One sentence on what this session means for licences. */
	licenceNote: string;
	/** The latest attempts to log on, to make a token, to log off; newest first. */
	attempts: AttemptLine[];
}
