import type { Authorization, TokenPair } from '../../../../../nodes/shared/tokenChain/types';
import type { DuplicatePolicy } from '../../../../../nodes/shared/vault/rows/authorizations';
import type { VirtualTime } from '../../../support/virtualTime';
import type { ModelService } from './modelService';
import { ACCOMPLICE, CLIENT_ID, FIRST_SECRET, HOST, STRANGER, USER } from './modelService';
import { LIFE_MS } from './requestBook';

/**
 * The credentials of the model: `owner` is connected from the start, `second` by its first log-in.
 * `hook` is the owner's authorization in the hands of the hook, `wrongSecret` a copy of the owner's first
 * one with a wrong client secret. `stranger` belongs to another user, `forger` to whoever puts pairs
 * together that the service never gave out.
 */
export const CREDENTIALS = [
	'owner',
	'second',
	'hook',
	'wrongSecret',
	'stranger',
	'forger',
] as const;
export type CredentialName = (typeof CREDENTIALS)[number];

/** Whether n8n has noted when a log-in was: `leftOver` is the note of the log-in before. */
export type IssueNote = 'told' | 'untold' | 'leftOver';

/** A pair that nobody was given: a leaked access token of the user and something beside it. */
export interface Forgery {
	refreshToken: 'invented' | 'accomplices';
	secret: 'invented' | 'real';
	/** When it claims to have been issued. */
	claim: 'now' | 'later' | 'untold';
	policy: DuplicatePolicy;
}

interface Held {
	pair: TokenPair;
	issuedAt: number | null;
}

const INVENTED_SECRET = 'canary of an invented secret';
/** How far ahead a forger claims that its pair was issued. */
const CLAIMED_AHEAD_MS = 30 * 60_000;

/** How long a forger claims that its token lives, one after the other: n8n lets anybody write that. */
const CLAIMED_LIVES_MS = [LIFE_MS, 1_000, 10 * 365 * 86_400_000] as const;

/** What n8n's credentials hold, and what is told of who holds what. */
export class ModelCredentials {
	readonly policies: Record<CredentialName, DuplicatePolicy>;

	/** The owner's first pair: its record began with it. */
	private first: TokenPair | undefined;

	private readonly held = new Map<CredentialName, Held>();

	/** All pairs that each has ever held. */
	private readonly brought = new Map<CredentialName, Set<TokenPair>>();

	private readonly secrets: Record<CredentialName, string>;

	private forged = 0;

	private guesses = 0;

	constructor(
		private readonly service: ModelService,
		private readonly time: VirtualTime,
		secondsPolicy: DuplicatePolicy,
	) {
		const each = <T>(value: T) =>
			Object.fromEntries(CREDENTIALS.map((name) => [name, value])) as Record<CredentialName, T>;
		this.policies = { ...each<DuplicatePolicy>('refuse'), second: secondsPolicy };
		this.secrets = { ...each(FIRST_SECRET), wrongSecret: INVENTED_SECRET };
	}

	/** A press on Connect. @returns the pair */
	logIn(name: 'owner' | 'second' | 'stranger', note: IssueNote): TokenPair {
		const pair = this.service.logIn(name === 'stranger' ? STRANGER : USER);
		const before = this.held.get(name)?.issuedAt ?? null;
		const issuedAt = { told: this.time.wall(), untold: null, leftOver: before }[note];
		this.hold(name, { pair, issuedAt });
		if (name === 'owner' && this.first === undefined) {
			this.first = pair;
			this.hold('wrongSecret', { pair, issuedAt });
		}
		return pair;
	}

	/** Puts a pair together, in place of the forged one before. @returns false where nothing has leaked */
	forge({ refreshToken, secret, claim, policy }: Forgery): boolean {
		const accessToken = this.service.ledger.latestAccessToken(USER);
		if (accessToken === undefined) return false;
		this.forged += 1;
		const invented = `stampNL001.invented${this.forged}`;
		const token =
			refreshToken === 'invented' ? invented : this.service.logIn(ACCOMPLICE).refreshToken;
		const now = this.time.wall();
		const issuedAt = { now, later: now + CLAIMED_AHEAD_MS, untold: null }[claim];
		const lifeMs = CLAIMED_LIVES_MS[this.forged % CLAIMED_LIVES_MS.length] ?? LIFE_MS;
		const pair = { accessToken, refreshToken: token, lifeMs };
		this.hold('forger', { pair, issuedAt });
		this.secrets.forger = secret === 'real' ? this.service.clientSecret : INVENTED_SECRET;
		this.policies.forger = policy;
		return true;
	}

	/** The forger tries another client secret. */
	guessSecret(): void {
		this.guesses += 1;
		this.secrets.forger = `${INVENTED_SECRET} ${this.guesses}`;
	}

	/** The right secret is put into the credentials of honest people. */
	correctSecrets(): void {
		const { clientSecret } = this.service;
		for (const name of ['owner', 'hook', 'second', 'stranger'] as const) {
			this.secrets[name] = clientSecret;
		}
	}

	/** Whether a credential has the secret that the service takes now. */
	hasRightSecret(name: CredentialName): boolean {
		return this.secrets[name] === this.service.clientSecret;
	}

	/** Whether the service has accepted any pair of the user's that this credential brought. */
	wasProved(name: CredentialName): boolean {
		const brought = this.brought.get(name) ?? new Set();
		return [...brought].some(
			(pair) =>
				this.isFirst(pair) ||
				(this.service.generationOf(pair.refreshToken) >= 0 &&
					this.service.ledger.wasAccepted(pair.refreshToken)),
		);
	}

	/** Whether an access token was ever shown with a made-up age. */
	hasForged(accessToken: string): boolean {
		return [...(this.brought.get('forger') ?? [])].some((pair) => pair.accessToken === accessToken);
	}

	/** The pairs that people hold and may bring again. */
	get present(): TokenPair[] {
		return [...this.held.values()].map(({ pair }) => pair);
	}

	/** Whether the record of the identity began with this pair. */
	isFirst(pair: TokenPair): boolean {
		return pair.refreshToken === this.first?.refreshToken;
	}

	authorization(name: CredentialName): Authorization | undefined {
		const held = this.held.get(name === 'hook' ? 'owner' : name);
		if (held === undefined) return undefined;
		return {
			host: HOST,
			clientId: CLIENT_ID,
			clientSecret: this.secrets[name],
			pair: held.pair,
			issuedAt: held.issuedAt,
			ignoreSslIssues: false,
			presenter: {
				credentialId: name === 'hook' ? null : name,
				credentialName: name,
				instanceId: name === 'hook' ? null : 'instance',
				duplicatePolicy: this.policies[name],
			},
		};
	}

	private hold(name: CredentialName, held: Held): void {
		this.held.set(name, held);
		this.brought.set(name, (this.brought.get(name) ?? new Set()).add(held.pair));
	}
}
