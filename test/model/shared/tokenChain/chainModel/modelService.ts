import { ConnectorError } from '../../../../../nodes/shared/errors';
import { exactChainPolicy } from '../../../../../nodes/ExactOnline/auth/chainPolicy';
import type {
	ChainPolicy,
	FailedAnswer,
	Identity,
	TokenAnswer,
	TokenClient,
	TokenPair,
} from '../../../../../nodes/shared/tokenChain/types';
import { TokenChains } from '../../../../simulators/ExactOnline/oauth/chains';
import { DEFAULT_SWITCHES } from '../../../../simulators/ExactOnline/switches';
import type { SimulatedProcess } from '../../../support/simulatedProcess';
import { runningProcess } from '../../../support/simulatedProcess';
import type { VirtualTime } from '../../../support/virtualTime';
import type { TokenPost } from './requestBook';
import { LIFE_MS, RequestBook } from './requestBook';
import { TokenLedger } from './tokenLedger';

export const HOST = 'https://service.example';
export const CLIENT_ID = 'client';
/** The user whose chain the model looks at. */
export const USER = 'user';
/** Another user of the same app. */
export const STRANGER = 'stranger';
/** A user of the app whose refresh tokens stand in forged pairs. */
export const ACCOMPLICE = 'accomplice';
/** In every client secret and every token, so that none can hide in a text. */
const CANARIES = ['canary', 'stampNL001'] as const;
export const FIRST_SECRET = 'canary of the right secret 1';
/** Code of the error that a question without an answer ends with. */
export const IDENTITY_LOST = 'MODEL_IDENTITY_LOST';

/** What happens to one token request on its way. */
export type RequestFault =
	| 'lostRequest'
	| 'lostAnswer'
	| 'refused'
	| 'notSent'
	| 'slow'
	| 'timeOut'
	// Answers that prove nothing: a page on the way there, a fault of the gateway or half a pair on
	// the way back.
	| 'forbiddenPage'
	| 'faultOnAnswer'
	| 'noRefreshToken';

export type Grace = 'none' | 'untilNewIsUsed' | 'tenMinutes';

const REQUEST_LIMIT_MS = 120_000;
const SLOWEST_MS = 60_000;

/**
 * The service of the model: the simulator's strict token chains, reached over a network that loses
 * things, with a book of every request per refresh token.
 */
export class ModelService {
	readonly faults: RequestFault[] = [];

	/** How many of the next questions whose token it is get no answer. */
	identityFaults = 0;

	/** What befalls the processes whose answers arrive next, before they look at them. */
	readonly atAnswer: Array<(process: SimulatedProcess) => void> = [];

	/** Generations that were handed to a living process, or to a credential by a log-in. */
	readonly received = new Set<number>();

	/** Of these, the ones that a living process was told to be dead. */
	readonly knownDead = new Set<number>();

	tooEarly = 0;

	/** When it has last called a token of the user's "not expired". */
	tooEarlyAt = -Infinity;

	oldTokenUses = 0;

	posts = 0;

	/** The secret of the app registration. */
	clientSecret = FIRST_SECRET;

	/** The secrets that it ever had. */
	private readonly rightSecrets = new Set([FIRST_SECRET]);

	/** When a process was first given a pair; Infinity before, and after the store has forgotten. */
	secretProvedAt = Infinity;

	/** Of these, the ones with which a process was given a pair. */
	private readonly provedSecrets = new Set<string>();

	readonly ledger = new TokenLedger();

	readonly book: RequestBook;

	private readonly chains: TokenChains;

	/**
	 * @param isKept whether a refresh token stands under the record of the identity
	 * @param hasPlace whether the store knows what is being spent, for an answer that it may have forgotten
	 */
	constructor(
		private readonly time: VirtualTime,
		grace: Grace,
		violated: (what: string) => void,
		private readonly isKept: (refreshToken: string) => boolean,
		private readonly hasPlace: (post: TokenPost, spent: number) => boolean,
	) {
		this.chains = new TokenChains(() => time.now, { ...DEFAULT_SWITCHES, grace });
		this.book = new RequestBook(time, violated);
	}

	/** A press on Connect; kills every earlier refresh token of this user. */
	logIn(userId: string): TokenPair {
		const issued = this.chains.logIn(CLIENT_ID, userId);
		this.ledger.note(userId, issued);
		if (userId === USER) this.received.add(issued.generation);
		return {
			accessToken: issued.accessToken,
			refreshToken: issued.refreshToken,
			lifeMs: LIFE_MS,
		};
	}

	/** Another secret of the app registration; the one before is worth nothing any more. */
	rotateSecret(): void {
		this.clientSecret = `canary of the right secret ${this.rightSecrets.size + 1}`;
		this.rightSecrets.add(this.clientSecret);
	}

	/** Whether a client secret is or was the app's. */
	wasRight(clientSecret: string): boolean {
		return this.rightSecrets.has(clientSecret);
	}

	/** Whether a process was given a pair of the user's with a client secret. */
	isProved(clientSecret: string): boolean {
		return this.provedSecrets.has(clientSecret);
	}

	/** The number of a refresh token within its chain; later ones are newer. -1 for another user's. */
	generationOf(refreshToken: string): number {
		return this.ledger.generationOf(USER, refreshToken);
	}

	/** The number of the refresh token that is live now. */
	get liveGeneration(): number {
		return this.generationOf(this.chains.liveRefreshToken(CLIENT_ID, USER) ?? '');
	}

	/** How much life an access token has left, in milliseconds; negative once it has ended. */
	lifeLeft(accessToken: string): number {
		return (this.chains.accessToken(accessToken)?.expiresAt ?? -Infinity) - this.time.now;
	}

	/** An API call with this token. @returns whether the service took it */
	use(accessToken: string): boolean {
		const token = this.chains.accessToken(accessToken);
		if (!token || token.expiresAt <= this.time.now) return false;
		this.chains.noteAccessTokenUse(token);
		return true;
	}

	readonly policy: ChainPolicy = {
		...exactChainPolicy,
		requestTokens: async (client, refreshToken) => await this.request(client, refreshToken),
		whoAmI: async (_client, accessToken): Promise<Identity | 'unauthorized'> => {
			const sender = runningProcess();
			await sender.wait(this.latency());
			const userId = this.use(accessToken)
				? this.chains.accessToken(accessToken)?.userId
				: undefined;
			await sender.wait(this.latency());
			if (this.identityFaults > 0) {
				this.identityFaults -= 1;
				throw new ConnectorError(IDENTITY_LOST, 'The answer was lost.', { repair: 'Try again.' });
			}
			if (userId === undefined) return 'unauthorized';
			this.ledger.noteNamed(accessToken);
			return { userId, userName: null };
		},
	};

	private async request(client: TokenClient, refreshToken: string): Promise<TokenAnswer> {
		const sender = runningProcess();
		const fault = this.faults.shift();
		const requestedAt = this.time.now;
		const post = this.book.begin(refreshToken, {
			sender,
			counted: client.clientSecret === this.clientSecret && fault !== 'notSent',
			ofIdentity: this.isKept(refreshToken),
		});
		const answer = await this.travel(sender, client, refreshToken, fault);
		this.book.end(post, answer);
		if (answer.kind === 'granted') {
			if (post.disturbances !== sender.disturbances) {
				this.ledger.noteLate(answer.pair.accessToken);
			}
			const generation = this.generationOf(answer.pair.refreshToken);
			if (generation >= 0) this.noteProved(client.clientSecret);
			if (generation >= 0 && this.hasPlace(post, this.generationOf(refreshToken))) {
				this.received.add(generation);
				sender.unsaved.add(generation);
			}
			return { ...answer, requestedAt, receivedAt: this.time.now };
		}
		if (answer.kind === 'lost') this.knownDead.add(this.generationOf(refreshToken));
		return answer;
	}

	private noteProved(clientSecret: string): void {
		this.provedSecrets.add(clientSecret);
		this.secretProvedAt = Math.min(this.secretProvedAt, this.time.now);
	}

	/** The request reaches the service whatever becomes of its sender. */
	private async travel(
		sender: SimulatedProcess,
		client: TokenClient,
		refreshToken: string,
		fault: RequestFault | undefined,
	): Promise<TokenAnswer> {
		if (fault === 'notSent') {
			await sender.wait(this.latency());
			return failed('notSent');
		}
		if (fault === 'refused') {
			await sender.wait(2 * this.latency());
			return failed('refused');
		}
		const slow = fault === 'slow' ? this.time.random.next() * SLOWEST_MS : 0;
		const lateAnswer = fault === 'timeOut' ? REQUEST_LIMIT_MS : 0;
		return await new Promise((resolve) => {
			this.time.schedule(slow + this.latency(), () => {
				const arrived = this.answerThrough(client, refreshToken, fault);
				sender.timer(lateAnswer + this.latency(), () => {
					this.atAnswer.shift()?.(sender);
					sender.timer(0, () => resolve(arrived));
				});
			});
		});
	}

	/** What arrives of the service's answer; some faults strike before it has worked, some after. */
	private answerThrough(
		client: TokenClient,
		refreshToken: string,
		fault: RequestFault | undefined,
	): TokenAnswer {
		if (fault === 'lostRequest') return failed('unknown');
		if (fault === 'forbiddenPage') return { ...failed('unknown'), status: 403 };
		const answer = this.answer(client, refreshToken);
		switch (fault) {
			case 'lostAnswer':
			case 'timeOut':
				return failed('unknown');
			case 'faultOnAnswer':
				return { ...failed('unknown'), status: 500 };
			case 'noRefreshToken':
				return answer.kind === 'granted' ? failed('unknown') : answer;
			default:
				return answer;
		}
	}

	private answer(client: TokenClient, refreshToken: string): TokenAnswer {
		if (client.clientSecret !== this.clientSecret) {
			return { ...failed('configuration'), code: 'EXACT_INVALID_CLIENT' };
		}
		this.posts += 1;
		const standing = this.chains.standing(refreshToken);
		if (standing.kind === 'old' || standing.kind === 'grace') this.oldTokenUses += 1;
		const outcome = this.chains.refresh(client.clientId, refreshToken);
		switch (outcome.kind) {
			case 'granted': {
				const { tokens } = outcome;
				const userId = this.chains.accessToken(tokens.accessToken)?.userId ?? '';
				this.ledger.note(userId, tokens, refreshToken);
				const { accessToken, refreshToken: next } = tokens;
				const pair = { accessToken, refreshToken: next, lifeMs: LIFE_MS };
				return { kind: 'granted', pair, requestedAt: 0, receivedAt: 0 };
			}
			case 'tooEarly':
				if (this.generationOf(refreshToken) >= 0) {
					this.tooEarly += 1;
					this.tooEarlyAt = this.time.now;
				}
				return { ...failed('tooEarly'), showsIssued: true };
			case 'old':
				return { ...failed('lost'), code: 'EXACT_OLD_REFRESH_TOKEN', showsIssued: true };
			case 'idleExpired':
				return { ...failed('lost'), code: 'EXACT_REFRESH_TOKEN_EXPIRED' };
			case 'broken':
				return { ...failed('lost'), code: 'EXACT_CHAIN_BROKEN' };
		}
	}

	private latency(): number {
		return 1 + this.time.random.next() * 60;
	}
}

function failed(kind: FailedAnswer['kind']): FailedAnswer {
	return { kind, code: 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE', detail: `model: ${kind}` };
}

/** Whether a client secret or a token stands in a text. */
export function isSecretIn(text: string): boolean {
	return CANARIES.some((canary) => text.includes(canary));
}
