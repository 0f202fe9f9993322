import { passOn } from '../../errors';
import { wallTime } from '../../process/wallTime';
import type { LeaseHolding } from '../leaseHolding';
import type { VaultRecord } from '../rows/records';
import type { Acceptance } from './acceptance';
import type { AttemptBasics, AttemptEnd, NotBegun, TimedAnswer } from './attempt';
import { concludeAttempt, endAttempt, runAttempt } from './attempt';
import { logInOf } from './healing';
import type { SaveResult } from './secretSave';

/** A new secret that an answer brought; times on this process's monotonic clock, in milliseconds. */
export interface GrantedSecret<Secret = unknown> {
	secret: Secret;
	/** Laid over the record's own facts. */
	meta: Record<string, unknown>;
	requestedAt: number;
	receivedAt: number;
	/** What the answer proves besides. */
	accepted?: Acceptance;
}

/** What an answer means for the record: a new secret, or the end of the attempt without one. */
export type Conclusion<Secret = unknown> =
	{ kind: 'granted'; granted: GrantedSecret<Secret> } | { kind: 'ended'; end: AttemptEnd };

/** One request that spends the secret of a record, under the record's lease. */
export interface SpendOrder<Answer, Secret = unknown> extends AttemptBasics {
	holding: LeaseHolding;
	/** The pair beside the record's own whose secret is spent, and where the new one is saved. */
	saveTo?: Pick<VaultRecord, 'id' | 'generation'>;
	/** The lease is given back together with the save: nothing else is done under it. */
	givesLeaseBack?: boolean;
	/** Whether what an earlier spending of the same secret has brought goes on living; by default it dies. */
	earlierLives?: boolean;
	/** Sends the secret; throws only where there is no answer at all. */
	send: () => Promise<Answer>;
	/** Reads the answer; must not throw, because a secret in it would be lost. */
	conclude: (answer: Answer) => Conclusion<Secret> | Promise<Conclusion<Secret>>;
}

/**
 * What came of it. `saved`: the new secret is in the vault as this generation and may be used.
 * `superseded`: a new secret came, but a later generation stands already. `ended`: no new secret.
 */
export type SpendResult<Answer, Secret = unknown> =
	| NotBegun
	| ({ kind: 'saved'; generation: number; granted: GrantedSecret<Secret> } & TimedAnswer<Answer>)
	| ({ kind: 'superseded'; granted: GrantedSecret<Secret> } & TimedAnswer<Answer>)
	| ({ kind: 'ended' } & TimedAnswer<Answer>);

/**
 * Spends a secret once and saves what came (docs/architecture.md, "The vault contract", 4 and 5):
 * the new secret is in the vault before anybody may use it.
 * @throws what `send` throws; ConnectorError of the vault.
 */
export async function spendSecret<Answer, Secret = unknown>(
	order: SpendOrder<Answer, Secret>,
): Promise<SpendResult<Answer, Secret>> {
	return await order.vault.expectSecret(
		async () =>
			await runAttempt<Answer, SpendResult<Answer, Secret>>(
				order,
				order.send,
				async (attemptId, timed) => {
					const conclusion = await order.conclude(timed.answer);
					if (conclusion.kind === 'ended') {
						await concludeAttempt(order, attemptId, conclusion.end);
						return { kind: 'ended', ...timed };
					}
					const { granted } = conclusion;
					const result = await saveGranted(order, attemptId, granted);
					return result === 'saved'
						? { kind: 'saved', generation: placeOf(order).generation + 1, granted, ...timed }
						: { kind: 'superseded', granted, ...timed };
				},
			),
	);
}

/** One request that spends no secret but is written ahead all the same, for instance a log-off. */
export interface LoggedOrder<Answer> extends AttemptBasics {
	send: () => Promise<Answer>;
	conclude: (answer: Answer) => AttemptEnd | Promise<AttemptEnd>;
}

/**
 * Runs a request that changes something at the service without spending the record's secret (a new
 * login token, a log-off): written down before, and closed after together with what it changed. It
 * has no generation of its own; a log-off without an answer is resolved by a probe of the session.
 * @throws what `send` throws; ConnectorError of the vault.
 */
export async function runLogged<Answer>(
	order: LoggedOrder<Answer>,
): Promise<NotBegun | ({ kind: 'ended' } & TimedAnswer<Answer>)> {
	return await runAttempt<Answer, { kind: 'ended' } & TimedAnswer<Answer>>(
		order,
		order.send,
		async (attemptId, timed) => {
			const end = await order.conclude(timed.answer);
			try {
				await concludeAttempt(order, attemptId, end);
			} catch (error) {
				// What was to change with it has not: what became of the request nobody knows any more.
				const unknown = {
					outcome: 'unknown',
					detail: 'the store did not take the answer',
				} as const;
				await endAttempt(order, attemptId, unknown).catch(() => undefined);
				passOn(error);
			}
			return { kind: 'ended', ...timed };
		},
	);
}

/** The record, or the pair beside it, that the new secret belongs to. */
function placeOf({ record, saveTo }: Pick<SpendOrder<unknown>, 'record' | 'saveTo'>) {
	return saveTo ?? record;
}

async function saveGranted(
	order: Pick<
		SpendOrder<unknown>,
		'vault' | 'record' | 'saveTo' | 'earlierLives' | 'holding' | 'givesLeaseBack'
	>,
	attemptId: string,
	{ secret, meta, requestedAt, receivedAt, accepted }: GrantedSecret,
): Promise<SaveResult> {
	const { vault, record, earlierLives } = order;
	const place = placeOf(order);
	const generation = place.generation + 1;
	return await vault.saveSecret(
		{
			recordId: place.id,
			spentGeneration: place.generation,
			sealed: vault.sealSecret(place.id, generation, secret),
			meta,
			requestedAt: wallTime(requestedAt),
			receivedAt: wallTime(receivedAt),
			attemptId,
			logIn: logInOf(record),
			...(accepted === undefined ? {} : { accepted }),
			...(earlierLives === true && { earlierLives }),
		},
		() => ({
			requestedAgoMs: performance.now() - requestedAt,
			receivedAgoMs: performance.now() - receivedAt,
		}),
		order.givesLeaseBack === true ? order.holding : undefined,
	);
}
