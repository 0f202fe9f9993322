import { randomUUID } from 'node:crypto';

import { passOn } from '../../../shared/errors';
import { isHttpTransportError } from '../../../shared/http';
import type { HttpResponse } from '../../../shared/http';
import type { AttemptOutcome } from '../../../shared/vault/rows/attempts';
import { closeAttempt, insertAttempt } from '../../../shared/vault/rows/attempts';
import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import { storeNow } from '../../../shared/vault/database/transaction';
import { thisHolder } from '../../../shared/process/holder';
import type { LeaseHolding } from '../../../shared/vault/leaseHolding';
import { holdsLease } from '../../../shared/vault/rows/leases';
import type { RecordUse } from '../../../shared/vault/rows/uses';
import type { Vault } from '../../../shared/vault/vault';
import { docuWareError, quoted } from '../../platform/docuWareErrors';
import { forgetSession, openedFrom } from '../record/openSession';
import { logOff } from '../wire/logOnRequests';
import type { LoginTokenDescription } from '../wire/loginTokenRequest';
import { loginTokenRefused, requestLoginToken } from '../wire/loginTokenRequest';
import { isLicenceRefusal, platformMessage } from '../../platform/platformAnswers';
import { platformSend } from '../../platform/platformRequest';
import { discoverServer } from '../wire/serverDiscovery';
import type { SessionView } from '../record/sessionRecord';
import { changeSession, sessionLease, sessionRows } from '../record/sessionRecord';
import type { ServerConnection } from '../../platform/serverAddress';
import type { SessionCredential } from '../wire/sessionCredential';
import { authHeaders } from '../wire/sessionCredential';

/** The token that is made before each log-off: opens the next session for a day (KBA-36918). */
export const TOKEN_BEFORE_LOG_OFF: LoginTokenDescription & { lifetimeMs: number } = {
	usage: 'Multi',
	lifetime: '1.00:00:00',
	lifetimeMs: 86_400_000,
	targetProducts: ['PlatformService'],
};

/** How a session is to be ended. */
export interface ClosingRequest {
	createTokenFirst: boolean;
	/** Whether a use of the session stands in the way. */
	hinders: (use: RecordUse) => boolean;
	/** How long to wait for the lease, in milliseconds. */
	waitMs: number;
}

/** What became of it. */
export type ClosingResult =
	| { kind: 'closed'; loggedOff: boolean; tokenCreated: boolean }
	| { kind: 'inUse'; uses: RecordUse[] };

const NOTHING_TO_CLOSE: ClosingResult = { kind: 'closed', loggedOff: false, tokenCreated: false };

/**
 * Ends a session under the lease: marks it as closing, so that nobody begins to use it; puts a new
 * login token durably into the vault; logs off; and forgets the session. A process that dies on the
 * way leaves `closing` behind, and the next user asks the server whether the session still lives.
 *
 * @throws ConnectorError DOCUWARE_LOGIN_TOKEN_FAILED (the session stays open), DOCUWARE_LOGOFF_FAILED
 */
export async function closeSession(
	vault: Vault,
	connection: ServerConnection,
	recordId: string,
	request: ClosingRequest,
): Promise<ClosingResult> {
	return await vault.withLease(
		sessionLease(recordId),
		{ waitMs: request.waitMs },
		async (holding) => await new SessionClosing(vault, connection, recordId, holding).run(request),
	);
}

class SessionClosing {
	constructor(
		private readonly vault: Vault,
		private readonly connection: ServerConnection,
		private readonly recordId: string,
		private readonly holding: LeaseHolding,
	) {}

	async run(request: ClosingRequest): Promise<ClosingResult> {
		const begun = await this.vault.write(() => this.begin(request));
		if (begun === 'nothing') return NOTHING_TO_CLOSE;
		if (Array.isArray(begun)) return { kind: 'inUse', uses: begun };
		const view: SessionView = { ...begun, monotonicNow: performance.now() };
		const credential = openedFrom(this.vault, view)?.credential;
		if (credential === undefined) return NOTHING_TO_CLOSE;
		forgetSession(this.vault, this.recordId);
		let tokenCreated = false;
		if (request.createTokenFirst) {
			tokenCreated = await this.keepToken(view, credential);
			if (!tokenCreated) {
				// The server has ended this session already.
				await this.setState(view, 'none');
				return NOTHING_TO_CLOSE;
			}
		}
		// A bearer token has no log-off; it is forgotten here and ends by itself.
		if (credential.kind === 'cookie') await this.sendLogOff(view, credential);
		await this.setState(view, 'none');
		return { kind: 'closed', loggedOff: true, tokenCreated };
	}

	private *begin({
		hinders,
	}: ClosingRequest): SqlTransaction<Omit<SessionView, 'monotonicNow'> | RecordUse[] | 'nothing'> {
		if (!(yield* holdsLease(this.holding.name, this.holding.token))) return 'nothing';
		const rows = yield* sessionRows(this.recordId);
		if (rows === undefined || rows.meta.state === 'none') return 'nothing';
		const hindering = rows.uses.filter(hinders);
		if (hindering.length > 0) return hindering;
		yield* changeSession(this.vault, this.recordId, rows.record.generation, (secret, meta) => [
			secret,
			{ ...meta, state: 'closing' },
		]);
		return rows;
	}

	/** @returns false where the server says that the session is dead. */
	private async keepToken(view: SessionView, credential: SessionCredential): Promise<boolean> {
		const attemptId = await this.beginAttempt(view, 'loginToken');
		const { connection, vault } = this;
		try {
			const made = await requestLoginToken(
				vault,
				connection.address,
				TOKEN_BEFORE_LOG_OFF,
				async (request) => await this.send(credential, request),
			);
			if ('token' in made) {
				await vault.write(() =>
					storeLoginToken(vault, this.recordId, made.token, TOKEN_BEFORE_LOG_OFF, attemptId),
				);
				return true;
			}
			if (isDead(made.refused)) {
				await this.closeAttempt(attemptId, 'refused', 'the session has ended');
				return false;
			}
			throw loginTokenRefused(made.refused);
		} catch (error) {
			const detail = error instanceof Error ? error.message : 'no token';
			await this.closeAttempt(attemptId, 'refused', detail);
			await this.setState(view, 'open');
			passOn(error);
		}
	}

	private async sendLogOff(view: SessionView, credential: SessionCredential): Promise<void> {
		const facts = await discoverServer(this.vault, this.connection);
		const attemptId = await this.beginAttempt(view, 'logOff');
		const { Cookie = '' } = authHeaders(credential, facts.logOffUrl);
		try {
			const answer = await logOff(this.connection, facts, Cookie);
			// 401 and 410: there is no such session any more, which is what was asked for.
			const isOver = answer.status < 400 || answer.status === 401 || answer.status === 410;
			if (!isOver) {
				await this.closeAttempt(attemptId, 'refused', `HTTP ${answer.status}`);
				await this.setState(view, 'open');
				throw docuWareError(
					'DOCUWARE_LOGOFF_FAILED',
					`The log-off was answered with HTTP ${answer.status}${quoted(platformMessage(answer.body))}; the session stays open.`,
					'Run Session > Log Off again.',
					{ httpStatus: answer.status, retryable: true },
				);
			}
			await this.closeAttempt(attemptId, 'saved', null);
		} catch (error) {
			if (isHttpTransportError(error)) {
				await this.closeAttempt(
					attemptId,
					error.requestSent ? 'unknown' : 'notSent',
					error.message,
				);
			}
			passOn(error);
		}
	}

	private async send(
		credential: SessionCredential,
		request: { method: string; url: string; headers?: Record<string, string>; body?: string },
	): Promise<HttpResponse> {
		return await platformSend(this.connection, {
			...request,
			headers: { ...request.headers, ...authHeaders(credential, request.url) },
		});
	}

	private async setState(view: SessionView, state: 'open' | 'none'): Promise<void> {
		await this.vault.write(() =>
			changeSession(this.vault, this.recordId, view.record.generation, (secret, meta) => [
				state === 'none' ? { ...secret, session: null } : secret,
				{ ...meta, state },
			]),
		);
	}

	private async beginAttempt(view: SessionView, kind: string): Promise<string> {
		const id = randomUUID();
		await this.vault.write(() => insertSessionAttempt(view, id, kind));
		return id;
	}

	private async closeAttempt(
		id: string,
		outcome: AttemptOutcome,
		detail: string | null,
	): Promise<void> {
		await this.vault.write(() => closeAttempt(id, outcome, detail?.slice(0, 300) ?? null));
	}
}

/** Writes an attempt down that spends no secret of its own. Runs inside a transaction. */
export function* insertSessionAttempt(
	view: Pick<SessionView, 'record'>,
	id: string,
	kind: string,
): SqlTransaction<void> {
	yield* insertAttempt({
		id,
		recordId: view.record.id,
		identity: view.record.identity,
		generation: view.record.generation,
		kind,
		spentFingerprint: '',
		holder: thisHolder(),
	});
}

/** Puts a login token into the vault as the newest one and closes its attempt, in one transaction. */
export function* storeLoginToken(
	vault: Vault,
	recordId: string,
	token: string,
	description: { usage: 'Single' | 'Multi'; lifetimeMs: number },
	attemptId: string,
): SqlTransaction<void> {
	const now = yield* storeNow();
	yield* changeSession(vault, recordId, null, (secret, meta) => [
		{
			...secret,
			loginToken: {
				value: token,
				usage: description.usage,
				expiresAt: now + description.lifetimeMs,
				spent: false,
			},
		},
		meta,
	]);
	yield* closeAttempt(attemptId, 'saved', null);
}

function isDead(answer: HttpResponse): boolean {
	return (
		(answer.status === 401 && !isLicenceRefusal(answer.body)) ||
		answer.status === 302 ||
		answer.status === 410
	);
}
