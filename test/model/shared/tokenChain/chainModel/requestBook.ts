import { exactChainPolicy } from '../../../../../nodes/ExactOnline/auth/chainPolicy';
import type { TokenAnswer } from '../../../../../nodes/shared/tokenChain/types';
import type { SimulatedProcess } from '../../../support/simulatedProcess';
import type { VirtualTime } from '../../../support/virtualTime';

export const LIFE_MS = 600_000;

/** One token request as the service and its sender know it. */
export interface TokenPost {
	sender: SimulatedProcess;
	disturbances: number;
	at: number;
	inFlight: boolean;
	/** True once its sender has been given proof that the secret was not spent. */
	refuted: boolean;
	counted: boolean;
	/** Its secret stood under the record of the identity, as its pair or beside it. */
	ofIdentity: boolean;
	/** When a refusal arrived; `error` where the service counts it. */
	refusal?: { at: number; error: boolean };
}

const HOUR_MS = 3_600_000;
/** One that may have been accepted and one probe; each further probe has a window of its own. */
const UNPROVEN_AT_ONCE = 2;
/** Of the window that a probe keeps, what is lost where the holder's attempt began before its request. */
const WINDOW_SLACK_MS = 5_000;
const WINDOW_MS = LIFE_MS * exactChainPolicy.windowStart;
/** The first, its probe, the probe of the next window, and three refusals. */
const POSTS_PER_LIFE = 6;
/** Refusals that the identity may get in one token life, and errors in an hour (rule 7). */
const REFUSALS_PER_LIFE = 3;
const ERRORS_PER_HOUR = 4;
const ERRORS_PER_HOUR_WITH_A_PERSON = 6;
const ERROR_STATUSES: ReadonlyArray<number | undefined> = [400, 401, 403, 404];

/** Every token request, per refresh token and for the identity, and what rule 7 says of them. */
export class RequestBook {
	/** The wall clock was set, so that windows are measured wrongly. */
	clockMoved = false;

	private readonly byToken = new Map<string, TokenPost[]>();

	private readonly all: TokenPost[] = [];

	private personAskedAt = -Infinity;

	constructor(
		private readonly time: VirtualTime,
		private readonly violated: (what: string) => void,
	) {}

	/** A store that fell back knows nothing of what came after. */
	forget(): void {
		this.byToken.clear();
		this.all.length = 0;
	}

	/** A person asks for a refresh, for whom two of the errors of an hour are kept. */
	personAsks(): void {
		this.personAskedAt = this.time.now;
	}

	/** Whether a person has asked for a refresh just now. */
	get hasPersonAsked(): boolean {
		return this.personAskedAt > this.time.now - LIFE_MS;
	}

	/** A request is about to leave. */
	begin(
		refreshToken: string,
		post: Omit<TokenPost, 'at' | 'disturbances' | 'inFlight' | 'refuted'>,
	): TokenPost {
		const begun = {
			...post,
			disturbances: post.sender.disturbances,
			at: this.time.now,
			inFlight: true,
			refuted: false,
		};
		const posts = this.byToken.get(refreshToken) ?? [];
		this.byToken.set(refreshToken, posts);
		if (begun.counted) this.checkToken(posts);
		if (begun.ofIdentity) this.checkLimits();
		posts.push(begun);
		this.all.push(begun);
		return begun;
	}

	/** Its sender has the answer. */
	end(post: TokenPost, answer: TokenAnswer): void {
		post.inFlight = false;
		if (answer.kind === 'granted') return;
		post.refuted = ['tooEarly', 'refused', 'notSent', 'configuration'].includes(answer.kind);
		const error =
			['tooEarly', 'lost', 'configuration'].includes(answer.kind) ||
			(answer.kind === 'unknown' && ERROR_STATUSES.includes(answer.status));
		if (error || answer.kind === 'refused') post.refusal = { at: this.time.now, error };
	}

	private checkToken(posts: TokenPost[]): void {
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
		if (earlier.some((post) => post.inFlight && isUndisturbed(post))) {
			this.violated('two requests for one refresh token at once');
		}
	}

	/**
	 * Whether the service has said no so often that nothing need be sent for now, whoever asks: refusals of
	 * a log-in that was not identified yet come to the identity with it.
	 */
	get isExhausted(): boolean {
		const { inLife, errors } = this.refusalsOf(this.all);
		return inLife.length >= REFUSALS_PER_LIFE || errors.length >= ERRORS_PER_HOUR;
	}

	private refusalsOf(posts: readonly TokenPost[]) {
		const { now } = this.time;
		const refusals = posts.flatMap(({ refusal }) => (refusal === undefined ? [] : [refusal]));
		return {
			inLife: refusals.filter(({ at }) => at > now - LIFE_MS),
			errors: refusals.filter(({ at, error }) => error && at > now - HOUR_MS),
		};
	}

	/** What a process that died or stood still has heard, the others may not know. */
	private checkLimits(): void {
		if (this.clockMoved) return;
		const { now } = this.time;
		const known = this.all.filter((post) => post.ofIdentity && isUndisturbed(post));
		const { inLife, errors } = this.refusalsOf(known);
		const perHour =
			this.personAskedAt > now - HOUR_MS ? ERRORS_PER_HOUR_WITH_A_PERSON : ERRORS_PER_HOUR;
		if (inLife.length >= REFUSALS_PER_LIFE) {
			this.violated('a request after three refusals within one life');
		}
		if (errors.length >= perHour) {
			this.violated(`a request after ${errors.length} errors within one hour`);
		}
	}
}

function isUndisturbed({ sender, disturbances }: TokenPost): boolean {
	return sender.alive && sender.disturbances === disturbances;
}
