import { setTimeout as delay } from 'node:timers/promises';

import type { HttpResponse } from '../../../shared/http';
import { released } from '../../../shared/process/singleFlight';
import { isoTime } from '../../../shared/vault/attemptLines';
import { LEASE_WAIT_MS } from '../../../shared/vault/leaseHolding';
import type { RecordEvent } from '../../../shared/vault/rows/events';
import { noteEvent } from '../../../shared/vault/rows/events';
import type { RecordUse } from '../../../shared/vault/rows/uses';
import type { Vault } from '../../../shared/vault/vault';
import { othersSession, sessionEnded, sessionInUse } from '../../platform/docuWareErrors';
import type { SessionAccount } from '../account/sessionAccount';
import { identityOf, logInOf } from '../account/sessionAccount';
import type { LoginTokenReply, LoginTokenTerms } from '../lifecycle/loginTokenMaking';
import { makeLoginToken } from '../lifecycle/loginTokenMaking';
import type { OpenedSession, OpeningRequest } from '../lifecycle/opening/openingTypes';
import type { ClosingResult } from '../lifecycle/sessionClosing';
import { closeSession } from '../lifecycle/sessionClosing';
import { forgetSessionRecord } from '../lifecycle/sessionForgetting';
import { SessionKeeper } from '../lifecycle/sessionKeeper';
import type { LiveSession } from '../record/openSession';
import { forgetSession, rememberSession, rememberedSession } from '../record/openSession';
import { isMadeToken } from '../record/madeTokens';
import { readSession } from '../record/sessionRecord';
import type { GivenToken, SessionView } from '../record/sessionRecord';
import { sessionReference } from '../record/sessionReference';
import type { SessionStatus } from '../record/sessionStatus';
import { sessionStatus } from '../record/sessionStatus';
import type { SessionUse } from '../record/sessionUses';
import { httpEndsInMs, isHttpUse, isInUse, openUse } from '../record/sessionUses';
import { SessionCookies } from '../wire/sessionCookies';
import type {
	Replacement,
	RequestCredential,
	SessionPresenter,
	SessionRules,
	SessionSource,
} from './sessionSource';
import { UNKNOWN_PRESENTER } from './sessionSource';
import type { ForgetOptions, ForgetResult, LogOffOptions, LogOnOptions } from './sessionTypes';

/**
 * A session that the vault keeps: of user and password, of a login token, or of an app's own secret.
 * @param useId names the execution; executions with the same one count as one user of the session.
 * @throws ConnectorError VAULT_*.
 */
export async function vaultSource(
	vault: Vault,
	account: SessionAccount,
	useId: string,
	presenter: SessionPresenter = UNKNOWN_PRESENTER,
): Promise<SessionSource> {
	const keeper = await SessionKeeper.create(vault, account, presenter.credentialId);
	return new VaultSource(keeper, useId, presenter);
}

/** So often, in milliseconds, cookies are saved that are not the session itself. */
const OTHERS_SAVED_MS = 60_000;

function patience(waits: boolean): Pick<OpeningRequest, 'waits'> {
	return waits ? {} : { waits };
}

class VaultSource implements SessionSource {
	private use: SessionUse | undefined;

	/** Requests under way, each with the use that it belongs to. */
	private readonly requests = new Set<{ use: SessionUse }>();

	constructor(
		private keeper: SessionKeeper,
		readonly useId: string,
		readonly presenter: SessionPresenter,
	) {}

	get vault(): Vault {
		return this.keeper.vault;
	}

	get rules(): SessionRules {
		return this.keeper.account;
	}

	get userKey(): string {
		const { vault, account } = this.keeper;
		const who = identityOf(vault, account);
		return vault.sealer.fingerprint('docuware user', who, logInOf(vault, account));
	}

	async obtain(signal?: AbortSignal, waits = true): Promise<LiveSession> {
		const { isNew: _isNew, ...session } = await this.open(patience(waits), signal);
		return session;
	}

	async replace(
		refused: RequestCredential,
		signal?: AbortSignal,
		waits = true,
	): Promise<Replacement> {
		const request = { deadGeneration: refused.generation, ...patience(waits) };
		const { isNew = false, ...session } = await this.open(request, signal);
		return { ...session, isNew };
	}

	/** A server may renew the session cookie in any answer, and a load balancer its own; the newest must not be lost. */
	async absorb(used: RequestCredential, answer: HttpResponse<unknown>): Promise<void> {
		const { credential: sent, generation } = used;
		if (sent.kind !== 'cookie' || answer.setCookie.length === 0) return;
		const { vault, recordId } = this.keeper;
		// Of another record, where the account belonged before; generations of two records cannot be compared.
		if (used.recordId !== undefined && used.recordId !== recordId) return;
		const remembered = rememberedSession(vault, recordId);
		// The answer to another request may have renewed one since this one was sent.
		const present = remembered?.generation === generation ? remembered.credential : sent;
		const cookies = SessionCookies.from(present.kind === 'cookie' ? present.cookies : sent.cookies);
		const changed = cookies.take(answer);
		if (changed === undefined) return;
		const next = { kind: 'cookie', cookies: cookies.serialize() } as const;
		const now = performance.now();
		const { othersSavedAt = -Infinity } = remembered ?? {};
		// Some load balancers renew theirs with each answer.
		const isDue = changed === 'session' || now - othersSavedAt >= OTHERS_SAVED_MS;
		if (remembered?.generation === generation) {
			const saved = isDue ? { othersSavedAt: now } : {};
			rememberSession(vault, { ...remembered, credential: next, ...saved });
		}
		// The request itself has been answered; the cookie is good here, and elsewhere a 401 renews it.
		if (isDue) await this.keeper.keepRenewed(generation, next).catch(() => undefined);
	}

	requestBegins(): () => void {
		const request = { use: this.currentUse() };
		request.use.inFlight += 1;
		this.requests.add(request);
		return () => {
			this.requests.delete(request);
			request.use.inFlight -= 1;
		};
	}

	async logOn({ force, atPersonsRequest, signal }: LogOnOptions): Promise<void> {
		if (force === true) await this.open({ forcedFrom: await this.generation() }, signal);
		else await this.open(atPersonsRequest === true ? { ignoreRefusal: true } : {}, signal);
	}

	async logOnByKeptToken(signal?: AbortSignal, given?: GivenToken): Promise<void> {
		const view = await this.ownView();
		// An open session that the server still knows needs no token; a new one is begun with the token alone.
		const isOpen = view?.meta.state === 'open';
		const deadGeneration = isOpen ? { deadGeneration: view.record.generation } : {};
		await this.open({ storedTokenOnly: given ?? true, ...deadGeneration }, signal);
	}

	async hasMadeToken(token: string): Promise<boolean> {
		const view = await this.ownView();
		return view !== undefined && isMadeToken(this.vault, view.meta, token);
	}

	async logOff({
		force = false,
		leaveOpen = false,
		createTokenFirst = true,
		signal,
	}: LogOffOptions): Promise<{ loggedOff: boolean; tokenCreated: boolean }> {
		const { vault, account, recordId, proof } = this.keeper;
		const close = async () =>
			await closeSession(vault, account, recordId, {
				createTokenFirst,
				proof,
				endedBy: this.useId,
				hinders: this.othersUnless(force),
				leaveOpen,
				waitMs: LEASE_WAIT_MS,
				signal,
			});
		// Used again after this, the session is marked anew.
		this.currentUse().markedAt = null;
		let result = await released(close(), signal);
		const restMs = leaveOpen && result.kind === 'inUse' ? httpEndsInMs(result) : undefined;
		if (restMs !== undefined) {
			// Nobody would log off after those nodes, and their requests have ended most likely.
			await delay(restMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
			result = await released(close(), signal);
		}
		if (result.kind === 'closed') return result;
		if (result.kind === 'inUse' && leaveOpen) return { loggedOff: false, tokenCreated: false };
		throw this.hindered(result);
	}

	async forget({ force = false, signal }: ForgetOptions): Promise<ForgetResult> {
		const { vault, account: connection, recordId, proof } = this.keeper;
		const forgetting = forgetSessionRecord(vault, {
			connection,
			recordId,
			proof,
			useId: this.useId,
			force,
			hinders: this.othersUnless(force),
			origin: this.presenter.origin,
			signal,
		});
		const result = await released(forgetting, signal);
		if (result.kind !== 'forgotten') throw this.hindered(result);
		const { at, loggedOff } = result;
		return { forgottenAt: isoTime(at), loggedOff, tokensRevoked: null };
	}

	/** Which uses of the session stand in the way of its end. */
	private othersUnless(force: boolean): (use: RecordUse) => boolean {
		return (use) => !force && isInUse(use) && use.useId !== this.useId;
	}

	private hindered(result: Exclude<ClosingResult, { kind: 'closed' }>): Error {
		const { label } = this.keeper.account;
		if (result.kind === 'othersSession') return othersSession(label);
		const executions = result.uses.filter((use) => !isHttpUse(use)).length;
		return sessionInUse(label, executions, executions < result.uses.length);
	}

	async makeLoginToken(
		terms: LoginTokenTerms,
		ask: () => Promise<LoginTokenReply>,
		signal?: AbortSignal,
	): Promise<LoginTokenReply> {
		for (;;) {
			await this.open({}, signal);
			// Opening may have found that the account's session stands in another record.
			const { vault, account, recordId } = this.keeper;
			const view = await readSession(vault, recordId);
			if (view === undefined) throw sessionEnded(account.label, 'and nothing is known of it');
			// Somebody has logged on with other log-in data just then: a token would be one of theirs, and
			// what this process remembers has been replaced.
			if (!this.keeper.owns(view)) {
				forgetSession(vault, recordId);
				continue;
			}
			const reply = await makeLoginToken({ vault, record: view.record, terms, ask });
			// Where somebody has logged on anew just then, the attempt has to be about that session.
			if (typeof reply !== 'string') return reply;
		}
	}

	async status(): Promise<SessionStatus> {
		const { vault, account, recordId } = this.keeper;
		const { proof } = this.keeper;
		const reference = this.reference();
		return await sessionStatus(vault, {
			account,
			recordId,
			proof,
			reference,
			ownUseId: this.useId,
		});
	}

	async isOpen(): Promise<boolean> {
		const view = await this.ownView();
		return view?.meta.state === 'open';
	}

	/** Null where nobody could use it: a token was given by a credential whose id n8n does not tell. */
	private reference(): string | null {
		const { vault, account, recordId, proof } = this.keeper;
		const isGiven = account.kind === 'loginToken' && account.given === true;
		if (!isGiven) return sessionReference(vault, recordId, { kind: 'account', proof });
		const { giver } = this.presenter;
		if (giver === null) return null;
		return sessionReference(vault, recordId, { kind: 'giver', credential: giver });
	}

	/** What the vault holds, where it was begun with this account's secret. */
	private async ownView(): Promise<SessionView | undefined> {
		const view = await readSession(this.vault, this.keeper.recordId);
		return view !== undefined && this.keeper.owns(view) ? view : undefined;
	}

	async noteEvent(event: RecordEvent): Promise<void> {
		const { vault, recordId } = this.keeper;
		await vault.writeAt(recordId, () => noteEvent(recordId, event, this.presenter.origin));
	}

	async release(): Promise<void> {
		const { use } = this;
		this.use = undefined;
		if (use === undefined) return;
		// A mark that cannot be taken back ends by itself after its time.
		await this.keeper.release(use).catch(() => undefined);
	}

	private async open(request: OpeningRequest, signal?: AbortSignal): Promise<OpenedSession> {
		const options = signal ? { ...request, signal } : request;
		const session = await this.keeper.obtain(this.currentUse(), options);
		if (session.recordId === this.keeper.recordId) return session;
		await this.moveTo(session.recordId);
		const { deadGeneration: _dead, forcedFrom, ...rest } = request;
		const forced = forcedFrom === undefined ? {} : { forcedFrom: session.generation };
		const moved = await this.open({ ...rest, ...forced }, signal);
		const isSame = moved.recordId === session.recordId && moved.generation === session.generation;
		return isSame && session.isNew === true ? { ...moved, isNew: true } : moved;
	}

	/** Another spelling of the account has a record that it belongs to: from now on it uses that one. */
	private async moveTo(recordId: string): Promise<void> {
		const { keeper, use: before } = this;
		this.keeper = keeper.at(recordId);
		this.use = undefined;
		for (const request of this.requests) {
			request.use.inFlight -= 1;
			request.use = this.currentUse();
			request.use.inFlight += 1;
		}
		if (before !== undefined) await keeper.release(before).catch(() => undefined);
	}

	private async generation(): Promise<number> {
		return (await readSession(this.vault, this.keeper.recordId))?.record.generation ?? 0;
	}

	private currentUse(): SessionUse {
		this.use ??= openUse(this.vault, this.keeper.recordId, this.useId);
		return this.use;
	}
}
