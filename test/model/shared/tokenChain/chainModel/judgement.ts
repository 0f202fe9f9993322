import { isConnectorError } from '../../../../../nodes/shared/errors';
import type { Pending } from '../../../support/simulatedWorld';
import type { CredentialName, ModelCredentials } from './credentials';
import type { ModelService } from './modelService';
import { IDENTITY_LOST, isSecretIn } from './modelService';
import type { Registration } from './registration';
import { LIFE_MS } from './requestBook';
import type { StoredChain } from './storedChain';
import type { Authorization } from '../../../../../nodes/shared/tokenChain/types';

/** One request, for whom it is made and what that credential brings. */
export interface ModelRequest extends Pending {
	credential: CredentialName;
	authorization: Authorization;
	/** A person asks for it by hand. */
	byHand: boolean;
}

/** What has happened in a world so far, as far as it excuses a failure. */
export interface Circumstances {
	/** Whether anything but plain use has happened. */
	disturbed: boolean;
	/** Whether the wall clock has been set back: ages and log-in times in the store are not to be trusted. */
	clockSetBack: boolean;
	/** By how much the wall clock has been set on; beyond the part of a life after the window, ages are guesses. */
	clockAheadMs: number;
	/** When the store last lacked the live secret. */
	mismatchAt: number;
	/** When the secret of the app registration was last changed. */
	secretChangedAt: number;
	/** Generation that the last log-in brought. */
	lastLogIn: number;
	/** When the store last fell back. */
	fellBackAt: number;
	/** The log-ins that a store which fell back has lost; they have to be done again (docs/vault.md). */
	lostLogIns: ReadonlySet<number>;
	now: number;
}

/** How long a process goes by what it has read of an authorization, in milliseconds. */
const WORD_HOLDS_MS = 31_000;
const KNOWN_SKEW_MS = 25_000;
const CHAIN_LOST = new Set([
	'EXACT_OLD_REFRESH_TOKEN',
	'EXACT_CHAIN_BROKEN',
	'EXACT_REFRESH_TOKEN_REFUSED',
	'EXACT_VAULT_MISSING_OR_RESTORED',
	'EXACT_LOG_IN_OVERTAKEN',
	'EXACT_UNAUTHORIZED',
]);
const PASSING = new Set([
	'EXACT_TOKEN_IN_DOUBT',
	'EXACT_TOKEN_ENDPOINT_UNAVAILABLE',
	IDENTITY_LOST,
]);
/** The owner and whoever brings a pair of the owner's. */
const OWNERS = new Set<CredentialName>(['owner', 'hook', 'wrongSecret']);

/** Says of everything that a caller is given or told whether the contract allows it. */
export class Judgement {
	/** Generations that were handed out, by authorization, on a client secret that was never right. */
	private readonly onWrongSecret = new Map<string, Set<number>>();

	constructor(
		private readonly service: ModelService,
		private readonly credentials: ModelCredentials,
		private readonly stored: StoredChain,
		private readonly registration: Registration,
		private readonly circumstances: () => Circumstances,
	) {}

	/** The store fell back: whom it has served once it does not know. */
	forget(): void {
		this.onWrongSecret.clear();
		this.service.secretProvedAt = Infinity;
	}

	/** @returns what was wrong with handing this token out */
	ofGrant(request: ModelRequest, accessToken: string): string | undefined {
		const { clockSetBack, clockAheadMs } = this.circumstances();
		const wasUndisturbed = request.process.disturbances === request.disturbances;
		const left = this.service.lifeLeft(accessToken);
		if (left <= 0 && wasUndisturbed && !clockSetBack && clockAheadMs < KNOWN_SKEW_MS) {
			// What somebody brings is worth what it says, and in others' hands as long as the service's word holds.
			const isClaimed = left > -WORD_HOLDS_MS && this.credentials.hasForged(accessToken);
			const isExcused = isClaimed || this.isCalledYoung();
			if (accessToken !== request.authorization.pair.accessToken && !isExcused) {
				return `a caller was given a token that ended ${Math.round(-left)} ms ago`;
			}
		}
		return this.ofReceiver(request, accessToken);
	}

	/**
	 * Whether the service has lately said "not expired" of the pair that a store which fell back has lost: whoever
	 * knows only what the store holds takes its token for good then, until it is refused.
	 */
	private isCalledYoung(): boolean {
		const { fellBackAt, now } = this.circumstances();
		const { tooEarlyAt } = this.service;
		return fellBackAt > -Infinity && tooEarlyAt >= fellBackAt && now < tooEarlyAt + LIFE_MS;
	}

	private ofReceiver(request: ModelRequest, accessToken: string): string | undefined {
		const { credential, authorization } = request;
		const { pair } = authorization;
		const { ledger } = this.service;
		const holder = credential === 'hook' ? 'owner' : credential;
		const isKnown = this.credentials.isFirst(pair) || this.registration.wasOwners(request, holder);
		if (!ledger.mayBeHandedTo(pair, isKnown, accessToken)) {
			return `the credential "${credential}" was handed a token that is not its own`;
		}
		if (this.registration.isShutOut(request)) {
			return `the credential "${credential}" was served after another one had taken over`;
		}
		const isRight = this.service.wasRight(authorization.clientSecret);
		if (isRight || accessToken === pair.accessToken || this.isBeforeProof(request))
			return undefined;
		const served = this.onWrongSecret.get(pair.refreshToken) ?? new Set();
		this.onWrongSecret.set(pair.refreshToken, served.add(ledger.accessGeneration(accessToken)));
		return served.size > 1
			? `"${credential}" was served for more than one token life on a wrong client secret`
			: undefined;
	}

	/** Whether nobody has shown yet which client secret is the right one, or the process had not heard. */
	private isBeforeProof({ since }: ModelRequest): boolean {
		return since < this.service.secretProvedAt + WORD_HOLDS_MS;
	}

	/** @returns what was wrong with telling a caller this */
	ofFailure(request: ModelRequest, error: unknown): string | undefined {
		if (holdsSecret(error)) return 'an error holds a secret';
		const code = codeOf(error);
		if (this.isJustified(code, request)) return undefined;
		const detail = error instanceof Error ? (error.stack ?? error.message) : '';
		return `the credential "${request.credential}" was told ${code}: ${detail}`;
	}

	private isJustified(code: string, request: ModelRequest): boolean {
		const { credential, byHand } = request;
		if (credential === 'forger') return true;
		if (code === 'EXACT_INVALID_CLIENT') return this.isSecretDoubtful(request);
		if (CHAIN_LOST.has(code)) return this.isLossJustified(code, request);
		if (code === 'EXACT_DUPLICATE_IDENTIFIER') return this.isRefusalJustified(request);
		if (code === 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE' && this.mustWait(request)) return true;
		if (byHand && PASSING.has(code)) return true;
		if (code === 'EXACT_UNPROVED') return byHand && !this.isProved(request);
		return this.circumstances().disturbed && (code.startsWith('VAULT_') || PASSING.has(code));
	}

	/** Whether this credential's client secret is not the right one, or was not a moment ago. */
	private isSecretDoubtful({ authorization, since }: ModelRequest): boolean {
		const { secretChangedAt } = this.circumstances();
		return authorization.clientSecret !== this.service.clientSecret || secretChangedAt >= since;
	}

	/**
	 * Whether the service has accepted what this credential brings, with its client secret, and has said whose the
	 * pair is that came of it: a late answer is saved before anybody has asked that.
	 */
	isProved({ authorization: { pair, clientSecret } }: ModelRequest): boolean {
		const { ledger } = this.service;
		return ledger.isSuccessorNamed(pair.refreshToken) && this.service.isProved(clientSecret);
	}

	/** Whether the next refresh has to show first what this credential's secret or pair is worth. */
	private mustWait(request: ModelRequest): boolean {
		const { clientSecret } = request.authorization;
		if (this.service.book.isExhausted) return true;
		if (this.isSecretDoubtful(request) || !this.service.isProved(clientSecret)) return true;
		// The pairs beside the record's own are tried one per token life.
		return this.isMismatched(request) || this.stored.generation !== this.service.liveGeneration;
	}

	private isLossJustified(code: string, request: ModelRequest): boolean {
		const { clockSetBack, disturbed, lostLogIns } = this.circumstances();
		if (request.credential === 'stranger') return disturbed;
		if (this.isMismatched(request)) return true;
		if (lostLogIns.has(this.logInOf(request))) return true;
		// By a clock that was set back, a token that has ended looks young.
		if (code === 'EXACT_UNAUTHORIZED' && clockSetBack) return true;
		// Never identified before the next log-in killed it: nobody can tell any more whose it is.
		return this.isOverhauled(request);
	}

	private isRefusalJustified({ credential, since }: ModelRequest): boolean {
		if (credential === 'second') return true;
		if (!OWNERS.has(credential)) return false;
		if (this.registration.wasNotOwnersAfter(since)) return true;
		if (credential === 'owner') return false;
		// A stale copy that is still in use makes a reconnect look like a second credential to the hook,
		// until node code that knows the owner has presented it.
		return this.registration.hasMoved || this.circumstances().lastLogIn > 0;
	}

	/** Whether the store lacks the live secret, or lacked it after this request began. */
	private isMismatched({ since }: ModelRequest): boolean {
		const isAway = !this.stored.kept.has(this.service.liveGeneration);
		return isAway || this.circumstances().mismatchAt >= since;
	}

	/** Whether there was a log-in after the one this credential holds. */
	private isOverhauled(request: ModelRequest): boolean {
		return this.logInOf(request) < this.circumstances().lastLogIn;
	}

	private logInOf({ authorization: { pair } }: ModelRequest): number {
		return this.service.generationOf(pair.refreshToken);
	}
}

/** How an error is counted. */
export function codeOf(error: unknown): string {
	return isConnectorError(error) ? error.code : String(error);
}

function holdsSecret(error: unknown): boolean {
	if (!(error instanceof Error)) return isSecretIn(String(error));
	const texts = [error.message, error.stack ?? '', JSON.stringify({ ...error })];
	return isSecretIn(texts.join('\n')) || (error.cause !== undefined && holdsSecret(error.cause));
}
