/**
 * One n8n process as the token chain sees it: opens a vault on a given store, hands out tokens,
 * serves callers, and dies where a test wants it to. Answers `chainProcess.ts`.
 */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

// Loaded at the start, as in an n8n that has sent before: loading it with the first request holds the
// heartbeat up, which then writes at the very moment at which a test freezes this process.
import 'axios';

import { ExactOnlineClient } from '../../../nodes/ExactOnline/api/exactOnlineClient';
import { NodeAccessTokenSource } from '../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { exactChainPolicy } from '../../../nodes/ExactOnline/auth/chainPolicy';
import { gateRequests, send } from '../../../nodes/shared/http';
import { thisHolder } from '../../../nodes/shared/process/holder';
import { TokenChain } from '../../../nodes/shared/tokenChain/tokenChain';
import type {
	AccessToken,
	Authorization,
	ChainPolicy,
} from '../../../nodes/shared/tokenChain/types';
import type { SqlDatabase } from '../../../nodes/shared/vault/database/sqlDatabase';
import { SqliteDatabase } from '../../../nodes/shared/vault/database/sqliteDatabase';
import { passTimeInMemory } from './chainFixture';
import { openChainVault, openStoreDatabase, TELL_OWNER } from './chainStore';
import { answerCalls, asProcessError, notify } from '../processes/answerCalls';
import { WatchedDatabase } from './watchedDatabase';
import type {
	KillPoint,
	Posting,
	RequestOrder,
	RequestOutcome,
	ServeCounts,
	ServeOrder,
	WorkerNotice,
	WorkerOptions,
} from './workerMessages';

const API_LIMIT_MS = 30_000;
const COUNTS_EVERY_MS = 200;
const LOCKED_LIMIT_MS = 5_000;

let killAt: KillPoint | undefined;
/** Kind of the attempt that was written down last. */
let attemptKind: Posting = null;
let chain: TokenChain;
let database: SqlDatabase;
let serving: Promise<unknown> | undefined;
let stopServing = new AbortController();

const counts: ServeCounts = {
	calls: 0,
	unauthorized: 0,
	heldBack: 0,
	lastStarts: {},
	otherAnswers: 0,
	failures: {},
	messages: {},
	highestGeneration: 0,
};

answerCalls({
	open,
	async getToken(authorization: Authorization) {
		const token = await chain.getToken(authorization, 'normal');
		dieAt('notReturned');
		return token;
	},
	request,
	/** Lets time pass in what this process remembers. */
	passTime(seconds: number) {
		passTimeInMemory(seconds);
	},
	serve,
	async stopServing() {
		stopServing.abort();
		await serving;
		return counts;
	},
	/** SQLite: runs SQL on the worker's own connection, for faults that bind this process alone. */
	async sql(text: string) {
		if (!(database instanceof SqliteDatabase)) throw new Error('only with SQLite');
		const { connection } = database;
		await whileLocked(() => connection.exec(text));
	},
});

/** Another process may write at this very moment, its heartbeat for instance. */
async function whileLocked(run: () => void): Promise<void> {
	const giveUpAt = performance.now() + LOCKED_LIMIT_MS;
	for (;;) {
		try {
			run();
			return;
		} catch (error) {
			const isLocked = error instanceof Error && error.message === 'database is locked';
			if (!isLocked || performance.now() >= giveUpAt) throw error;
		}
		await delay(5);
	}
}

async function open(options: WorkerOptions): Promise<void> {
	killAt = options.killAt;
	if (options.isUnseen === true) Object.assign(thisHolder(), { pidNamespace: null });
	database = await openStoreDatabase(options);
	const watched = new WatchedDatabase(database, {
		before: (statement, params) => {
			if (statement !== 'attemptRow') return;
			attemptKind = params.includes('probe') ? 'probe' : 'refresh';
			// A probe is told as long as its fate may be unknown to the store, a refresh while it is sent.
			if (attemptKind === 'probe') tell({ posting: 'probe' });
			dieAt('beforeAttemptRow');
		},
		inside: (statement) => {
			if (statement === 'secretSave') dieAt('saving');
		},
		committed: (statement) => {
			if (statement === 'attemptEnd') tell({ posting: null });
			else dieAt(statement === 'attemptRow' ? 'afterAttemptRow' : 'saved');
		},
	});
	chain = new TokenChain(await openChainVault(watched, options), policy, TELL_OWNER);
}

/** What a run of the node does for its items: one request after another, through the client. */
async function request(order: RequestOrder): Promise<RequestOutcome[]> {
	const { authorization, credentialId, division, paths, parallel } = order;
	const read = async () => await Promise.resolve(authorization);
	const source = new NodeAccessTokenSource(chain, authorization, read);
	const outcomes: RequestOutcome[] = [];
	for (const [item, path] of paths.entries()) {
		const client = new ExactOnlineClient(source, {
			credentialId,
			item,
			...(parallel !== undefined && { parallel }),
		});
		const outcome = client
			.request({ method: 'GET', path, ...(division !== undefined && { division }) })
			.then(
				() => 'ok',
				(error: unknown) => asProcessError(error).code ?? asProcessError(error).message,
			);
		outcomes.push(await outcome);
	}
	return outcomes;
}

const policy: ChainPolicy = {
	...exactChainPolicy,
	async requestTokens(client, refreshToken) {
		tell({ posting: attemptKind });
		const read = await exactChainPolicy.requestTokens(client, refreshToken);
		if (read.kind === 'granted') dieAt('answerRead');
		if (attemptKind === 'refresh') tell({ posting: null });
		return read;
	},
};

/** SIGKILL arrives before the next line of this process runs. */
function dieAt(point: KillPoint): void {
	if (killAt === point) process.kill(process.pid, 'SIGKILL');
}

function serve(request: ServeOrder): void {
	stopServing = new AbortController();
	const { signal } = stopServing;
	const callers = Array.from({ length: request.callers }, async () => {
		while (!signal.aborted) {
			await callOnce(request.authorization);
			await delay(request.pauseMs * (0.5 + Math.random()), undefined, { signal }).catch(() => {});
		}
	});
	const report = setInterval(() => tell({ counts }), COUNTS_EVERY_MS);
	serving = Promise.all(callers).finally(() => clearInterval(report));
}

/** What a node does for one item: a token, then one API call with it, again with another token where it must. */
async function callOnce(authorization: Authorization): Promise<void> {
	try {
		let token: AccessToken = await chain.getToken(authorization, 'normal');
		let status = await callWith(authorization, token);
		if (status === 'heldBack') {
			counts.heldBack += 1;
			token = await chain.getToken(authorization, 'normal');
			status = await callWith(authorization, token);
		}
		if (status === 401) {
			const other = await chain.replaceRefused(authorization, token, 'normal');
			if (other !== undefined) status = await callWith(authorization, other);
		}
		if (status === 200) counts.calls += 1;
		else if (status === 401) counts.unauthorized += 1;
		else counts.otherAnswers += 1;
	} catch (error) {
		const { code = 'NO_CONNECTOR_ERROR', message } = asProcessError(error);
		counts.failures[code] = (counts.failures[code] ?? 0) + 1;
		counts.messages[code] ??= message;
		tell({ counts });
	}
}

/** One API call, whose token is looked at as the node does: when its connection stands. */
async function callWith(
	{ host }: Authorization,
	{ accessToken, generation, validUntil }: AccessToken,
): Promise<number | 'heldBack'> {
	counts.highestGeneration = Math.max(counts.highestGeneration, generation);
	const name = createHash('sha256').update(accessToken).digest('hex').slice(0, 16);
	const mayLeave = () => {
		if (performance.now() >= validUntil) return false;
		counts.lastStarts[name] = Date.now();
		return true;
	};
	const request = {
		method: 'GET',
		url: `${host}/api/v1/current/Me?$select=UserID`,
		headers: {
			Accept: 'application/json',
			'User-Agent': name,
			Authorization: `Bearer ${accessToken}`,
		},
		timeoutMs: API_LIMIT_MS,
	} as const;
	return await gateRequests(mayLeave, async () => await send(request)).then(
		({ status }) => status,
		(error: unknown) => (asProcessError(error).code === 'HTTP_HELD_BACK' ? 'heldBack' : 0),
	);
}

function tell(notice: WorkerNotice): void {
	notify(notice);
}
