import type { HttpResponse } from '../../../shared/http';
import type { TokenChain } from '../../../shared/tokenChain/tokenChain';
import type { AccessToken, Authorization } from '../../../shared/tokenChain/types';
import { attemptLine, isoTime } from '../../../shared/vault/attemptLines';
import type { RecordEvent } from '../../../shared/vault/rows/events';
import { noteEvent } from '../../../shared/vault/rows/events';
import type { Vault } from '../../../shared/vault/vault';
import { released } from '../../../shared/process/singleFlight';
import { docuWareError } from '../../platform/docuWareErrors';
import type { ServerConnection } from '../../platform/serverAddress';
import { USUAL_LICENCE_WAIT_MS } from '../account/credentialData';
import type { LoginTokenReply, LoginTokenTerms } from '../lifecycle/loginTokenMaking';
import type { SessionStatus } from '../record/sessionStatus';
import { refreshDeadToken } from '../tokenChain/earlyRefresh';
import { confirmPlatformAddress, learnPlatformAddress } from '../tokenChain/platformAddress';
import { knownServer } from '../wire/serverDiscovery';
import { isTaken, probeSession } from '../wire/sessionProbe';
import type {
	Replacement,
	RequestCredential,
	SessionPresenter,
	SessionRules,
	SessionSource,
} from './sessionSource';
import type { ForgetOptions, ForgetResult, LogOnOptions } from './sessionTypes';

const ATTEMPTS_SHOWN = 10;

/** Which authorization a token chain serves, at which server, for which execution. */
export interface ChainUse {
	/** The vault that the chain is kept in. */
	vault: Vault;
	authorization: Authorization;
	connection: ServerConnection;
	useId: string;
	presenter: SessionPresenter;
}

/**
 * The access tokens of an app registration: the token chain refreshes them for all processes at once.
 */
export function tokenChainSource(chain: TokenChain, use: ChainUse): SessionSource {
	return new TokenChainSource(chain, use);
}

class TokenChainSource implements SessionSource {
	readonly vault: Vault;

	readonly rules: SessionRules;

	readonly useId: string;

	readonly presenter: SessionPresenter;

	private readonly authorization: Authorization;

	constructor(
		private readonly chain: TokenChain,
		{ vault, authorization, connection, useId, presenter }: ChainUse,
	) {
		this.vault = vault;
		this.authorization = authorization;
		this.useId = useId;
		this.presenter = presenter;
		this.rules = {
			...connection,
			label: `the app ${authorization.clientId} at ${connection.address.origin}`,
			wayIn: 'automatic',
			policy: 'keep',
			licenceWaitMs: USUAL_LICENCE_WAIT_MS,
		};
	}

	get userKey(): string {
		const { host, clientId, clientSecret, pair } = this.authorization;
		const given = [clientSecret, pair.accessToken, pair.refreshToken];
		const { origin } = this.rules.address;
		return this.vault.sealer.fingerprint('docuware user', origin, host, clientId, ...given);
	}

	async obtain(signal?: AbortSignal): Promise<RequestCredential> {
		await this.confirmAddress(signal);
		return asCredential(await this.chain.getToken(this.authorization, 'normal', signal));
	}

	async replace(refused: RequestCredential, signal?: AbortSignal): Promise<Replacement> {
		const { credential, generation } = refused;
		await this.confirmAddress(signal);
		const accessToken = credential.kind === 'bearer' ? credential.accessToken : '';
		const { chain, authorization } = this;
		const token = { accessToken, generation };
		const hasEnded = performance.now() >= refused.validUntil;
		const other = await chain.replaceRefused(authorization, token, 'normal', signal);
		// As a rule nothing is sent for one that has not ended: the other one stood in the vault.
		if (other !== undefined) return { ...asCredential(other), isNew: hasEnded };
		const fresh = await released(this.refreshDead(refused, accessToken), signal);
		return { ...(fresh === undefined ? refused : asCredential(fresh)), isNew: true };
	}

	private async refreshDead(
		{ credential, generation }: RequestCredential,
		accessToken: string,
	): Promise<AccessToken | undefined> {
		const { chain, vault, authorization, rules } = this;
		const isDead = async () => (await probeSession(vault, rules, credential)) === 'dead';
		return await refreshDeadToken(chain, { authorization, accessToken, generation }, isDead);
	}

	private async confirmAddress(signal: AbortSignal | undefined): Promise<void> {
		const { vault, authorization, rules } = this;
		await released(confirmPlatformAddress(vault, authorization, rules.address), signal);
	}

	/** A token has no cookies; but where it was taken it may go from now on, and nowhere else. */
	async absorb({ credential }: RequestCredential, answer: HttpResponse<unknown>): Promise<void> {
		if (credential.kind !== 'bearer' || !isTaken(answer)) return;
		const { vault, authorization, rules } = this;
		await learnPlatformAddress(vault, authorization, rules, credential.accessToken);
	}

	requestBegins(): () => void {
		return () => {};
	}

	/** *Force* is a person's word: one refresh, whatever was refused or refreshed before. */
	async logOn({ force, signal }: LogOnOptions): Promise<void> {
		if (force !== true) {
			await this.obtain(signal);
			return;
		}
		await this.confirmAddress(signal);
		await this.chain.refreshNow(this.authorization, signal);
	}

	async logOnByKeptToken(): Promise<void> {
		throw docuWareError(
			'DOCUWARE_NO_LOGIN_TOKEN',
			`There is no login token to begin with: the vault keeps none for ${this.rules.label}.`,
			'Give Token Log On a login token.',
		);
	}

	async hasMadeToken(): Promise<boolean> {
		return false;
	}

	async logOff(): Promise<never> {
		throw docuWareError(
			'DOCUWARE_NO_LOG_OFF',
			'A session of an app registration has no log-off: its access token ends by itself.',
			'Leave Log Off out, or use the credential DocuWare with user and password.',
		);
	}

	async forget({ force = false, signal }: ForgetOptions): Promise<ForgetResult> {
		const { chain, authorization, presenter } = this;
		const order = { origin: presenter.origin, anyway: force };
		const { at, revoked } = await chain.forget(authorization, order, signal);
		return { forgottenAt: isoTime(at), loggedOff: null, tokensRevoked: revoked };
	}

	/** Not written down and not kept: the attempts of this record are about its refresh token alone. */
	async makeLoginToken(
		_terms: LoginTokenTerms,
		ask: () => Promise<LoginTokenReply>,
	): Promise<LoginTokenReply> {
		return await ask();
	}

	async status(): Promise<SessionStatus> {
		const { view, attempts } = await this.chain.status(this.authorization, ATTEMPTS_SHOWN);
		const { record, storeNow, lifeMs } = view;
		const { address, ignoreSslIssues, label } = this.rules;
		const end = record.requestedAt === null ? null : record.requestedAt + lifeMs;
		const server = await knownServer(this.vault, { address, ignoreSslIssues });
		const isOpen = record.state === 'active' && (end === null || end > storeNow);
		const name = record.meta.userName;
		return {
			sessionReference: null,
			identity: typeof name === 'string' ? `${name} through ${label}` : label,
			baseUrl: address.baseUrl,
			state: isOpen ? 'open' : 'none',
			wayIn: isOpen ? 'oauth2' : null,
			wayInReason: 'The credential names an app registration.',
			openedBy: isOpen ? 'authorization' : null,
			openedAt: isoTime(record.receivedAt),
			generation: record.generation,
			accessTokenExpiresAt: isoTime(end),
			serverVersion: server?.version ?? null,
			policy: 'keep',
			otherExecutions: 0,
			loginTokenExpiresAt: null,
			licenceNote:
				'An access token has no log-off; whether it books a licence depends on the DocuWare server.',
			attempts: attempts.map((one) => attemptLine(one)),
		};
	}

	async isOpen(): Promise<boolean> {
		return true;
	}

	async noteEvent(event: RecordEvent): Promise<void> {
		const { record } = await this.chain.resolve(this.authorization);
		await this.vault.writeAt(record.id, () => noteEvent(record.id, event, this.presenter.origin));
	}

	async release(): Promise<void> {
		// Nothing is marked for a token that has no log-off.
	}
}

function asCredential(token: AccessToken): RequestCredential {
	return {
		generation: token.generation,
		validUntil: token.validUntil,
		credential: {
			kind: 'bearer',
			accessToken: token.accessToken,
			lifeMs: Math.max(0, token.validUntil - performance.now()),
		},
	};
}
