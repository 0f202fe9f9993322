/** A time by the wall clock, in milliseconds. */
export interface Span {
	from: number;
	until: number;
}

/** What was done to processes and their store. */
export interface Strikes {
	/** From the signal to the end of the process. */
	kills: readonly Span[];
	/** While a process stood still. */
	freezes: readonly Span[];
	/** While the store took nothing. */
	storeAway: readonly Span[];
}

/** What a service has given out, a session or a pair of tokens. Times by the wall clock, in milliseconds. */
export interface Issued {
	requestedAt: number;
	issuedAt: number;
	/** The first request that came with it; somebody had it and had kept it by then. */
	firstUsedAt?: number;
	/** The service was cut off from who had asked for it. */
	answerLost?: boolean;
	/** When the service ended it. */
	endedAt?: number;
}

/** A token request as the service saw it. */
export interface TokenPost {
	chain: string;
	receivedAt: number;
	/** When the service was done with it; undefined while it is not. */
	answeredAt?: number;
	/** What its refresh token was worth; undefined of one that the service does not know. */
	standing?: string;
	/** Status that the client was sent; undefined where it was sent none. */
	status?: number;
	tooEarly: boolean;
	/** The pair that it brought. */
	issued?: Issued;
}

/** A call of Exact Online that was begun when its token had ended; times by the wall clock, in milliseconds. */
export interface LateCall {
	/** When its process was handed the token, at the latest. */
	givenAt: number;
	startedAt: number;
	tokenEndedAt: number;
	/** How long its process was given no core in the second before the start, in milliseconds. */
	stoodStillMs: number;
}

/**
 * Whether all who knew of something may have lost it: its answer was cut off, or between its request and its first use
 * somebody was killed or the store was away.
 *
 * @param by only what began until then counts
 */
export function mayBeUnknown(issued: Issued, { kills, storeAway }: Strikes, by: number): boolean {
	const { requestedAt, firstUsedAt = Infinity, answerLost } = issued;
	const struck = ({ from, until }: Span) =>
		from <= by && from <= firstUsedAt && until >= requestedAt;
	return answerLost === true || [...kills, ...storeAway].some(struck);
}

/** Log-ons that were asked for while an earlier session lived that somebody knew. In the order in which they were asked for. */
export function unexplainedLogOns(sessions: readonly Issued[], strikes: Strikes): Issued[] {
	// A log-on that takes its time begins its session after those of log-ons that were asked for later.
	const asked = [...sessions].sort((one, other) => one.requestedAt - other.requestedAt);
	return asked.filter(({ requestedAt }, index) =>
		asked
			.slice(0, index)
			.some(
				(earlier) =>
					(earlier.endedAt ?? Infinity) > requestedAt &&
					!mayBeUnknown(earlier, strikes, requestedAt),
			),
	);
}

/** How many licences there may be in use at once: that of the session in use, and those of sessions that nobody may know. */
export function licencesExplained(sessions: readonly Issued[], strikes: Strikes): number {
	const atOnce = sessions.map(({ issuedAt: at }) => {
		const live = sessions.filter(
			({ issuedAt, endedAt = Infinity }) => issuedAt <= at && endedAt > at,
		);
		const lost = live.filter((session) => mayBeUnknown(session, strikes, at));
		return Math.min(live.length, lost.length + 1);
	});
	return Math.max(0, ...atOnce);
}

/**
 * Token requests with a token that is not the live one, unless its successor may have reached nobody, and then only
 * the first, one more after each that was not answered, and one more after the one that is told "too early". Oldest
 * first.
 */
export function unexplainedOldTokenUses(
	posts: readonly TokenPost[],
	strikes: Strikes,
): TokenPost[] {
	return posts.filter((post, index) => {
		if (post.standing === 'live') return false;
		const before = posts.slice(0, index).filter(({ chain }) => chain === post.chain);
		const last = before.findLastIndex(({ issued }) => issued !== undefined);
		const successor = before[last]?.issued;
		if (successor === undefined || !mayBeUnknown(successor, strikes, post.receivedAt)) return true;
		const asked = before.slice(last + 1);
		const tooEarly = asked.filter((one) => one.tooEarly);
		return tooEarly.length > 1 || asked.some((one) => !one.tooEarly && !wasInVain(one));
	});
}

/** Whether a token request has to be sent once more: no answer, or one that says nothing of the token. */
function wasInVain({ status }: TokenPost): boolean {
	return status === undefined || status === 429 || status >= 500;
}

/**
 * Refreshes that the service found too early although their token was the live one: not only when they came, but until they
 * were answered, since the service may have taken up another one of the chain first.
 */
export function unexplainedTooEarly(posts: readonly TokenPost[]): TokenPost[] {
	return posts.filter(
		({ chain, receivedAt, answeredAt = Infinity, standing, tooEarly }) =>
			tooEarly &&
			standing === 'live' &&
			!posts.some(
				({ chain: same, issued }) =>
					same === chain &&
					issued !== undefined &&
					issued.issuedAt >= receivedAt &&
					issued.issuedAt <= answeredAt,
			),
	);
}

/** Token requests sent while another one of the same chain was under way whose process had not been killed. */
export function unexplainedAtOnce(posts: readonly TokenPost[], { kills }: Strikes): TokenPost[] {
	return posts.filter((post, index) =>
		posts
			.slice(0, index)
			.some(
				({ chain, receivedAt, answeredAt = Infinity }) =>
					chain === post.chain &&
					answeredAt > post.receivedAt &&
					!kills.some(({ from, until }) => from <= post.receivedAt && until >= receivedAt),
			),
	);
}

/**
 * Calls begun with an ended token by a process that had not stood still over its end: neither was it stopped, nor did the
 * machine keep it from its work for most of the time that it had.
 */
export function unexplainedLateCalls(calls: readonly LateCall[], { freezes }: Strikes): LateCall[] {
	return calls.filter(
		({ givenAt, startedAt, tokenEndedAt, stoodStillMs }) =>
			!(stoodStillMs >= (startedAt - givenAt) / 2) &&
			!freezes.some(
				({ from, until }) => from <= tokenEndedAt && tokenEndedAt <= until && until <= startedAt,
			),
	);
}
