import {
	chainKey,
	type ExactOnlineSimulator,
	type LogEntry,
} from '../../../simulators/ExactOnline';
import type { DocuWareSimulator } from '../../../simulators/DocuWare';
import type { Issued, LateCall, TokenPost } from './explanations';

const TOKEN_PATH = '/api/oauth2/token';

/** Watches both simulators from their start: what they were asked for, and what they gave out. */
export class SoakWitness {
	/** Oldest first. */
	readonly posts: TokenPost[] = [];

	readonly lateCalls: LateCall[] = [];

	private readonly byEntry = new Map<LogEntry, TokenPost>();

	/** Pairs by chain and generation. */
	private readonly pairs = new Map<string, Issued>();

	private granted = 0;

	private tooEarly = 0;

	constructor(
		private readonly exact: ExactOnlineSimulator,
		private readonly docuWare: DocuWareSimulator,
		/** How long before its end a token is handed out at the latest, in milliseconds. */
		private readonly marginMs: number,
	) {
		exact.log.on('received', (entry) => {
			if (entry.path === TOKEN_PATH) this.noteToken(entry);
			else this.noteCall(entry);
		});
		exact.log.on('processed', (entry) => this.noteOutcome(entry));
		exact.log.on('answered', (entry) => this.noteAnswer(entry));
	}

	/** All sessions of DocuWare, oldest first. */
	get sessions(): Issued[] {
		return this.docuWare.state.sessions.history.map(
			({ requestedAt, createdAt, firstUsedAt, endedAt, answerLost = false }) => ({
				...{ requestedAt, issuedAt: createdAt, answerLost },
				...(firstUsedAt !== undefined && { firstUsedAt }),
				...(endedAt !== undefined && { endedAt }),
			}),
		);
	}

	private noteToken(entry: LogEntry): void {
		const { tags, receivedAt } = entry;
		const { clientId = '', userId = '', standing } = tags;
		const post: TokenPost = {
			...{ chain: chainKey(clientId, userId), receivedAt, tooEarly: false },
			...(standing !== undefined && { standing }),
		};
		this.posts.push(post);
		this.byEntry.set(entry, post);
	}

	/** Called in the same turn as the service's work, so that a counter that has grown has grown by this request. */
	private noteOutcome(entry: LogEntry): void {
		const post = this.byEntry.get(entry);
		if (post === undefined) return;
		const { refreshesGranted, tooEarly } = this.exact.counters;
		if (refreshesGranted > this.granted) {
			post.issued = { requestedAt: post.receivedAt, issuedAt: Date.now() };
			const generation = this.exact.chains()[post.chain]?.generation;
			this.pairs.set(`${post.chain} ${generation}`, post.issued);
		}
		post.tooEarly = tooEarly > this.tooEarly;
		this.granted = refreshesGranted;
		this.tooEarly = tooEarly;
	}

	private noteAnswer(entry: LogEntry): void {
		const post = this.byEntry.get(entry);
		if (post === undefined) return;
		this.byEntry.delete(entry);
		post.answeredAt = entry.answeredAt ?? Date.now();
		if (entry.status !== undefined) post.status = entry.status;
		if (post.issued !== undefined) post.issued.answerLost = entry.status === undefined;
	}

	private noteCall({ tags, receivedAt, userAgent }: LogEntry): void {
		const { clientId = '', userId = '', generation = '', tokenEndsAt } = tags;
		const pair = this.pairs.get(`${chainKey(clientId, userId)} ${generation}`);
		if (pair !== undefined) pair.firstUsedAt ??= receivedAt;
		const told = (name: string) => Number(new RegExp(`${name}/(\\d+)`).exec(userAgent)?.[1] ?? NaN);
		const startedAt = told('started');
		const tokenEndedAt = Number(tokenEndsAt ?? Infinity);
		if (!(startedAt >= tokenEndedAt)) return;
		const givenAt = tokenEndedAt - this.marginMs;
		this.lateCalls.push({ givenAt, startedAt, tokenEndedAt, stoodStillMs: told('stood') });
	}
}
