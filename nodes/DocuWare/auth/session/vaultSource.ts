import type { HttpResponse } from '../../../shared/http';
import { released } from '../../../shared/process/singleFlight';
import type { Vault } from '../../../shared/vault/vault';
import { sessionEnded, sessionInUse } from '../../platform/docuWareErrors';
import type { SessionAccount } from '../account/sessionAccount';
import { watchIdleSession } from '../lifecycle/idleLogOff';
import type { LoginTokenReply, LoginTokenTerms } from '../lifecycle/loginTokenMaking';
import { makeLoginToken } from '../lifecycle/loginTokenMaking';
import type { OpeningRequest } from '../lifecycle/opening/openingTypes';
import { closeSession } from '../lifecycle/sessionClosing';
import { SessionKeeper } from '../lifecycle/sessionKeeper';
import type { LiveSession } from '../record/openSession';
import { rememberSession, rememberedSession } from '../record/openSession';
import { changeSession, readSession } from '../record/sessionRecord';
import type { SessionStatus } from '../record/sessionStatus';
import { sessionStatus } from '../record/sessionStatus';
import type { SessionUse } from '../record/sessionUses';
import { isHttpUse, isInUse, openUse, releaseUse } from '../record/sessionUses';
import { SessionCookies } from '../wire/sessionCookies';
import type { RequestCredential, SessionRules, SessionSource } from './sessionSource';
import type { LogOffOptions, LogOnOptions } from './sessionTypes';

const LEASE_WAIT_MS = 130_000;

/**
 * A session that the vault keeps: of user and password, of a login token, or by reference.
 * @param useId names the execution; executions with the same one count as one user of the session.
 * @throws ConnectorError DOCUWARE_SESSION_ENDED where a reference leads nowhere; VAULT_*.
 */
export async function vaultSource(
	vault: Vault,
	account: SessionAccount,
	useId: string,
): Promise<SessionSource> {
	return new VaultSource(await SessionKeeper.create(vault, account), useId);
}

class VaultSource implements SessionSource {
	private use: SessionUse | undefined;

	constructor(
		private readonly keeper: SessionKeeper,
		readonly useId: string,
	) {}

	get vault(): Vault {
		return this.keeper.vault;
	}

	get rules(): SessionRules {
		return this.keeper.account;
	}

	async obtain(signal?: AbortSignal): Promise<LiveSession> {
		return await this.open({}, signal);
	}

	async replace(refused: RequestCredential, signal?: AbortSignal): Promise<LiveSession> {
		return await this.open({ deadGeneration: refused.generation }, signal);
	}

	/** A server may renew the session cookie in any answer; the newest must not be lost. */
	async absorb(used: RequestCredential, answer: HttpResponse<unknown>): Promise<void> {
		const { credential, generation } = used;
		if (credential.kind !== 'cookie' || answer.setCookie.length === 0) return;
		const cookies = SessionCookies.from(credential.cookies);
		if (!cookies.take(answer.setCookie, answer.url)) return;
		const next = { kind: 'cookie', cookies: cookies.serialize() } as const;
		const { vault, recordId } = this.keeper;
		const remembered = rememberedSession(vault, recordId);
		if (remembered?.generation === generation) {
			rememberSession(vault, { ...remembered, credential: next });
		}
		try {
			await vault.write(() =>
				changeSession(vault, recordId, generation, (secret, meta) => [
					{ ...secret, session: next },
					meta,
				]),
			);
		} catch {
			// The request itself has been answered; the cookie is good here, and elsewhere a 401 renews it.
		}
	}

	requestBegins(): () => void {
		const use = this.currentUse();
		use.inFlight += 1;
		return () => {
			use.inFlight -= 1;
		};
	}

	async logOn({ force, atPersonsRequest, signal }: LogOnOptions): Promise<void> {
		if (force === true) await this.open({ forcedFrom: await this.generation() }, signal);
		else await this.open(atPersonsRequest === true ? { ignoreRefusal: true } : {}, signal);
	}

	async logOnByKeptToken(signal?: AbortSignal): Promise<void> {
		const view = await readSession(this.vault, this.keeper.recordId);
		// An open session needs no token; a new one is begun with the token and nothing else.
		if (view?.meta.state !== 'open') await this.open({ storedTokenOnly: true }, signal);
	}

	async logOff({
		force = false,
		createTokenFirst = true,
		signal,
	}: LogOffOptions): Promise<{ loggedOff: boolean; tokenCreated: boolean }> {
		const { vault, account, recordId } = this.keeper;
		const closing = closeSession(vault, account, recordId, {
			createTokenFirst,
			hinders: (other) => !force && isInUse(other) && other.useId !== this.useId,
			waitMs: LEASE_WAIT_MS,
			signal,
		});
		const result = await released(closing, signal);
		if (result.kind === 'closed') return result;
		const executions = result.uses.filter((use) => !isHttpUse(use)).length;
		throw sessionInUse(account.label, executions, executions < result.uses.length);
	}

	async makeLoginToken(
		terms: LoginTokenTerms,
		ask: () => Promise<LoginTokenReply>,
		signal?: AbortSignal,
	): Promise<LoginTokenReply> {
		const { vault, account, recordId } = this.keeper;
		for (;;) {
			await this.open({}, signal);
			const view = await readSession(vault, recordId);
			if (view === undefined) throw sessionEnded(account.label, 'and nothing is known of it');
			const reply = await makeLoginToken({ vault, record: view.record, terms, ask });
			// Where somebody has logged on anew just then, the attempt has to be about that session.
			if (typeof reply !== 'string') return reply;
		}
	}

	async status(): Promise<SessionStatus> {
		const { vault, account, recordId } = this.keeper;
		return await sessionStatus(vault, account, recordId, this.useId);
	}

	async isOpen(): Promise<boolean> {
		const view = await readSession(this.vault, this.keeper.recordId);
		return view?.meta.state === 'open' && view.record.generation > 0;
	}

	async release(): Promise<void> {
		const { use } = this;
		this.use = undefined;
		if (use === undefined) return;
		const { vault, account, recordId } = this.keeper;
		const logsOff = account.policy === 'logOffWhenIdle';
		try {
			const isLast = await releaseUse(use, { idleMs: logsOff ? account.idleMs : 0 });
			if (isLast && logsOff) watchIdleSession(vault, account, recordId, account.idleMs);
		} catch {
			// The mark ends by itself after its time.
		}
	}

	private async open(request: OpeningRequest, signal?: AbortSignal): Promise<LiveSession> {
		const options = signal ? { ...request, signal } : request;
		return await this.keeper.obtain(this.currentUse(), options);
	}

	private async generation(): Promise<number> {
		return (await readSession(this.vault, this.keeper.recordId))?.record.generation ?? 0;
	}

	private currentUse(): SessionUse {
		this.use ??= openUse(this.vault, this.keeper.recordId, this.useId);
		return this.use;
	}
}
