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

export const LIFE_MS = 600_000;
export const HOST = 'https://service.example';
export const CLIENT_ID = 'client';
export const RIGHT_SECRET = 'right secret';
const USER_ID = 'user';

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

/** One token request as the service and its sender know it. */
interface TokenPost {
	sender: SimulatedProcess;
	disturbances: number;
	at: number;
	inFlight: boolean;
	/** True once its sender has been given proof that the secret was not spent. */
	refuted: boolean;
	counted: boolean;
}

const REQUEST_LIMIT_MS = 120_000;
const SLOWEST_MS = 60_000;
/** One that may have been accepted and one probe; each further probe has a window of its own. */
const UNPROVEN_AT_ONCE = 2;
/** Of the window that a probe keeps, what is lost where the holder's attempt began before its request. */
const WINDOW_SLACK_MS = 5_000;
const WINDOW_MS = LIFE_MS * exactChainPolicy.windowStart;
/** The first, its probe, the probe of the next window, and three refusals. */
const POSTS_PER_LIFE = 6;

/**
 * The service of the model: the simulator's strict token chains, reached over a network that loses
 * things, with a book of every request per refresh token.
 */
export class ModelService {
	readonly faults: RequestFault[] = [];

	/** What befalls the processes whose answers arrive next, before they look at them. */
	readonly atAnswer: Array<(process: SimulatedProcess) => void> = [];

	/** Generations that were handed to a living process, or to a credential by a log-in. */
	readonly received = new Set<number>();

	/** Of these, the ones that a living process was told to be dead. */
	readonly knownDead = new Set<number>();

	/** Generations that a log-in brought. */
	readonly logIns = new Set<number>();

	tooEarly = 0;

	/** The wall clock was set, so that windows are measured wrongly. */
	clockMoved = false;

	oldTokenUses = 0;

	posts = 0;

	private readonly chains: TokenChains;

	private readonly generations = new Map<string, number>();

	private readonly book = new Map<string, TokenPost[]>();

	constructor(
		private readonly time: VirtualTime,
		grace: Grace,
		private readonly violated: (what: string) => void,
	) {
		this.chains = new TokenChains(() => time.now, { ...DEFAULT_SWITCHES, grace });
	}

	/** A press on Connect; kills every earlier refresh token. */
	logIn(): TokenPair {
		const issued = this.chains.logIn(CLIENT_ID, USER_ID);
		this.generations.set(issued.refreshToken, issued.generation);
		this.received.add(issued.generation);
		this.logIns.add(issued.generation);
		return {
			accessToken: issued.accessToken,
			refreshToken: issued.refreshToken,
			lifeMs: LIFE_MS,
		};
	}

	/** The number of a refresh token within its chain; later ones are newer. */
	generationOf(refreshToken: string): number {
		return this.generations.get(refreshToken) ?? -1;
	}

	/** The number of the refresh token that is live now. */
	get liveGeneration(): number {
		return this.generationOf(this.chains.liveRefreshToken(CLIENT_ID, USER_ID) ?? '');
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
			const taken = this.use(accessToken);
			await sender.wait(this.latency());
			return taken ? { userId: USER_ID, userName: null } : 'unauthorized';
		},
	};

	private async request(client: TokenClient, refreshToken: string): Promise<TokenAnswer> {
		const sender = runningProcess();
		const fault = this.faults.shift();
		const requestedAt = this.time.now;
		const posts = this.book.get(refreshToken) ?? [];
		this.book.set(refreshToken, posts);
		const post: TokenPost = {
			sender,
			disturbances: sender.disturbances,
			at: requestedAt,
			inFlight: true,
			refuted: false,
			counted: client.clientSecret === RIGHT_SECRET && fault !== 'notSent',
		};
		if (post.counted) this.checkBook(posts);
		posts.push(post);
		const answer = await this.travel(sender, client, refreshToken, fault);
		post.inFlight = false;
		if (answer.kind === 'granted') {
			const generation = this.generationOf(answer.pair.refreshToken);
			this.received.add(generation);
			sender.unsaved.add(generation);
			return { ...answer, requestedAt, receivedAt: this.time.now };
		}
		if (answer.kind === 'lost') this.knownDead.add(this.generationOf(refreshToken));
		post.refuted = ['tooEarly', 'refused', 'notSent', 'configuration'].includes(answer.kind);
		return answer;
	}

	private checkBook(posts: TokenPost[]): void {
		const earlier = posts.filter(({ counted }) => counted);
		const unproven = earlier.filter(({ refuted }) => !refuted);
		const latest = Math.max(...unproven.map(({ at }) => at));
		const isEarly = this.time.now - latest < WINDOW_MS - WINDOW_SLACK_MS;
		if (unproven.length >= UNPROVEN_AT_ONCE && isEarly && !this.clockMoved) {
			this.violated(
				'a third request for one refresh token that may have been accepted in one window',
			);
		}
		if (earlier.filter(({ at }) => at > this.time.now - LIFE_MS).length >= POSTS_PER_LIFE) {
			this.violated('more than six requests for one refresh token within one life');
		}
		const rival = earlier.find(
			({ inFlight, sender, disturbances }) =>
				inFlight && sender.alive && sender.disturbances === disturbances,
		);
		if (rival) this.violated('two requests for one refresh token at once');
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
		if (client.clientSecret !== RIGHT_SECRET) {
			return { ...failed('configuration'), code: 'EXACT_INVALID_CLIENT' };
		}
		this.posts += 1;
		const standing = this.chains.standing(refreshToken);
		if (standing.kind === 'old' || standing.kind === 'grace') this.oldTokenUses += 1;
		const outcome = this.chains.refresh(client.clientId, refreshToken);
		switch (outcome.kind) {
			case 'granted': {
				const { tokens } = outcome;
				this.generations.set(tokens.refreshToken, tokens.generation);
				const { accessToken, refreshToken: next } = tokens;
				const pair = { accessToken, refreshToken: next, lifeMs: LIFE_MS };
				return { kind: 'granted', pair, requestedAt: 0, receivedAt: 0 };
			}
			case 'tooEarly':
				this.tooEarly += 1;
				return failed('tooEarly');
			case 'old':
				return { ...failed('lost'), code: 'EXACT_OLD_REFRESH_TOKEN' };
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
