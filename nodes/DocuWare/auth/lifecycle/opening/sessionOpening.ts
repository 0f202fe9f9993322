import { setTimeout as delay } from 'node:timers/promises';

import { isConnectorError, passOn } from '../../../../shared/errors';
import { holdExitDuring } from '../../../../shared/process/exitHold';
import { singleFlight } from '../../../../shared/process/singleFlight';
import type { LeaseHolding } from '../../../../shared/vault/leaseHolding';
import { LEASE_WAIT_MS } from '../../../../shared/vault/leaseHolding';
import { recordLease } from '../../../../shared/vault/rows/leases';
import type { SpendOrder } from '../../../../shared/vault/spending/spendSecret';
import { spendSecret } from '../../../../shared/vault/spending/spendSecret';
import type { Vault } from '../../../../shared/vault/vault';
import {
	docuWareError,
	sessionEnded,
	tokenUsed,
	tooManyLogOns,
} from '../../../platform/docuWareErrors';
import { permissionsOf } from '../../../platform/serverAddress';
import { licencePause } from '../../../platform/throttle';
import type { SessionAccount } from '../../account/sessionAccount';
import { logInLease, logInOf, proofOf, secretOf } from '../../account/sessionAccount';
import {
	forgetSession,
	rememberSession,
	rememberedSession,
	sessionInView,
} from '../../record/openSession';
import type { SessionView } from '../../record/sessionRecord';
import { readSession, refillSourceToken } from '../../record/sessionRecord';
import type { TimedLogOnAnswer } from '../../wire/logOnRequests';
import { takeTurn } from '../../wire/minuteTurns';
import { isInUse } from '../../record/sessionUses';
import { closeSession } from '../sessionClosing';
import { knownRecordOf } from '../sessionRecords';
import { knownTokens } from './knownTokens';
import { concludeLogOn } from './logOnConclusion';
import { recordAnew } from './lostRecord';
import { OpeningAnswers } from './openingAnswers';
import type { OpeningMeans } from './openingMeans';
import { attemptKind, chooseMeans, sendLogOn } from './openingMeans';
import type { OpenedSession, OpeningAttempt, OpeningRequest, OpeningStep } from './openingTypes';
import { AGAIN } from './openingTypes';
import { failedLogOn, isElsewhere, openingWay } from './openingWay';
import { RefusedLogOn } from './refusedLogOn';
import { revivedSession } from './revivedSession';
import { markTokenSpent, markTokenUnspent } from './tokenMarks';

/** Who waits longer for a turn fails, and says when to come back. */
const LONGEST_LOG_ON_WAIT_MS = 120_000;

/**
 * A session of this record that is good: the open one, one that another process has opened, or a new
 * one, opened under the lease with the attempt written ahead. One flight per process and secret: a
 * wrong password cannot fail those who hold the right one.
 *
 * Where the generation that was called dead still lives, that very session is returned. Where another
 * spelling of the account has proved itself meanwhile, it is the session of that one's record.
 */
export async function openSession(
	vault: Vault,
	account: SessionAccount,
	recordId: string,
	request: OpeningRequest,
): Promise<OpenedSession> {
	const key = [
		'docuware',
		vault.vaultId,
		recordId,
		proofOf(vault, account, recordId),
		account.licenceWaitMs,
		account.wayIn,
		JSON.stringify(request),
		...permissionsOf(account),
	].join('|');
	return await singleFlight(
		key,
		async () => await new SessionOpening(vault, account, recordId, request).run(),
	);
}

class SessionOpening {
	private readonly proof: string;

	private readonly answers: OpeningAnswers;

	private readonly refused: RefusedLogOn;

	/** The server was asked once more where it is; what it says uncertainly is not kept, so not again. */
	private wasSoughtAgain = false;

	/** The generation at which the record stood when this opening looked first. */
	private stood: number | undefined;

	/** For a turn among the log-ons of all processes, in milliseconds. */
	private waitedMs = 0;

	constructor(
		private readonly vault: Vault,
		private readonly account: SessionAccount,
		private readonly recordId: string,
		private readonly request: OpeningRequest,
	) {
		this.proof = proofOf(vault, account, recordId);
		const { ignoreSslIssues: unchecked } = account;
		const logIn = { logIn: logInOf(vault, account), proof: this.proof, unchecked };
		this.refused = new RefusedLogOn(vault, account, request, logIn);
		this.answers = new OpeningAnswers(vault, account, recordId, request, this.proof, this.refused);
	}

	async run(): Promise<OpenedSession> {
		const { deadGeneration, forcedFrom } = this.request;
		const remembered = rememberedSession(this.vault, this.recordId)?.generation;
		if (remembered !== undefined && [deadGeneration, forcedFrom].includes(remembered)) {
			forgetSession(this.vault, this.recordId);
		}
		for (;;) {
			const step = await this.turn();
			if (step.kind === 'session') {
				const { session } = step;
				return { ...session, isNew: session.generation > (this.stood ?? Infinity) };
			}
			if (step.kind === 'joins') return await this.join(step.recordId);
			if (step.kind === 'endEarlier') {
				await this.endEarlier(step.proof);
				continue;
			}
			// The lease is given back for the pause: somebody else may be luckier, or fail sooner.
			if (step.pauseMs > 0) await delay(step.pauseMs);
		}
	}

	/**
	 * One turn under the lease of the record; and before, where a password may go out, under that of the log-in
	 * data. Two spellings of one user queue for one another, so that the second joins the first one's session.
	 */
	private async turn(): Promise<OpeningStep> {
		const { vault, account, recordId } = this;
		const options = {
			waitMs: LEASE_WAIT_MS,
			doneMeanwhile: async () => this.usable(await this.load()),
		};
		const own = async () =>
			await vault.withLease<OpeningStep>(
				recordLease(recordId),
				options,
				async (holding) => await this.step(holding),
			);
		if (account.kind !== 'password') return await own();
		const { credentialId = null } = this.request;
		return await vault.withLease<OpeningStep>(logInLease(vault, account), options, async () => {
			const present = await knownRecordOf(vault, account, credentialId);
			const joins = present !== undefined && present !== recordId;
			return joins ? { kind: 'joins', recordId: present } : await own();
		});
	}

	/** The session of another record. What the request says of the sessions of this one is not about that. */
	private async join(recordId: string): Promise<OpenedSession> {
		const { deadGeneration: _dead, forcedFrom, ...request } = this.request;
		const byPerson = forcedFrom === undefined ? {} : { ignoreRefusal: true };
		return await openSession(this.vault, this.account, recordId, { ...request, ...byPerson });
	}

	/**
	 * Ends the own session of an earlier secret, as soon as no execution uses it: those who wait for the new
	 * one mark no use. A login token is made first, for the earlier secret alone: should the new one be
	 * wrong, the earlier one gets its licence back.
	 */
	private async endEarlier(proof: string): Promise<void> {
		const closing = closeSession(this.vault, this.account, this.recordId, {
			createTokenFirst: true,
			proof,
			hinders: isInUse,
			waitMs: LEASE_WAIT_MS,
		});
		// What came of it, the next log-on tells.
		const ended = await closing.catch(() => undefined);
		if (ended?.kind !== 'inUse') return;
		this.answers.earlierIsInUse();
		await delay(licencePause(this.account.licenceWaitMs));
	}

	/** Holds the lease: reads again, decides, sends at most one log-on. */
	private async step(holding: LeaseHolding): Promise<OpeningStep> {
		// Who held the lease before may have died with a session on this disk; and a token that never left is
		// good again before the means are chosen.
		const isBroughtIn = await this.vault.replayUnsaved(this.recordId, holding);
		// What was received before this opening is no new session, though the store has it only now.
		if (isBroughtIn) this.stood = undefined;
		const view = await this.loadWhole();
		if (view === undefined) return await this.joinAnew();
		const present = this.usable(view) ?? (await this.revived(view));
		if (present) return present;
		await this.refused.throwIfStanding(this.owns(view)).catch(async (error: unknown) => {
			// A token that has gone out is never tried again, whatever is remembered of what was said to it.
			const isOfToken = isConnectorError(error) && error.code === 'DOCUWARE_TOKEN_REFUSED';
			if (this.account.kind === 'loginToken' && !isOfToken) await this.meansFor(view);
			passOn(error);
		});
		const { vault, account, request } = this;
		const { facts, way } = await openingWay(vault, account, request.ignoreRefusal === true);
		const means = await this.meansFor(view);
		const { failedToken } = this.answers;
		const attempt: OpeningAttempt = { view, means, way, facts, failedToken };
		await this.refused.confirmPassword(attempt);
		const waitMs = way.wayIn === 'cookie' ? await this.turnOfLogOn() : 0;
		if (waitMs > 0) return { kind: 'again', pauseMs: waitMs };
		// An orderly end of the process waits: an answer that nobody reads would leave a licence booked.
		return await holdExitDuring(async () => {
			const spent = spendSecret(this.order(attempt, holding));
			const result = await spent.catch(async (error: unknown) => {
				const failure = failedLogOn(account, way, error);
				if (this.wasSoughtAgain) passOn(failure);
				this.wasSoughtAgain = await isElsewhere(vault, account, facts, error);
				return this.wasSoughtAgain ? 'overtaken' : passOn(failure);
			});
			return typeof result === 'string' ? AGAIN : await this.answers.handle(attempt, result);
		});
	}

	/**
	 * Takes a turn among the log-ons that a server allows in a minute (docs/facts/docuware.md 8.4).
	 * @returns 0, or in how many milliseconds to try again
	 * @throws ConnectorError DOCUWARE_THROTTLED where too many wait for theirs, or this one does not wait
	 */
	private async turnOfLogOn(): Promise<number> {
		const { baseUrl } = this.account.address;
		const waitMs = await takeTurn(this.vault, 'logOns', baseUrl);
		this.waitedMs += waitMs;
		const isHasty = this.request.waits === false && waitMs > 0;
		if (isHasty || this.waitedMs > LONGEST_LOG_ON_WAIT_MS) throw tooManyLogOns(baseUrl, waitMs);
		return waitMs;
	}

	/** The record as it stands; undefined where the store has fallen back behind it. */
	private async load(): Promise<SessionView | undefined> {
		const view = await readSession(this.vault, this.recordId);
		this.stood ??= view?.record.generation;
		return view;
	}

	private async joinAnew(): Promise<OpeningStep> {
		const { vault, account, request } = this;
		const { credentialId = null } = request;
		const recordId = await recordAnew(vault, account, this.recordId, credentialId);
		return recordId === this.recordId ? AGAIN : { kind: 'joins', recordId };
	}

	/** Where the secrets of a record were overwritten, the login token of its credential is put back. */
	private async loadWhole(): Promise<SessionView | undefined> {
		const view = await this.load();
		if (view?.record.sealed !== '') return view;
		await refillSourceToken(this.vault, this.account, view);
		return await this.load();
	}

	/** The session in the store, where it will do. */
	private usable(view: SessionView | undefined): OpeningStep | undefined {
		if (view === undefined) return undefined;
		const { generation } = view.record;
		const { deadGeneration, forcedFrom } = this.request;
		if (generation === deadGeneration || generation === forcedFrom) return undefined;
		const session = this.owns(view) ? sessionInView(this.vault, view) : undefined;
		return session && { kind: 'session', session: rememberSession(this.vault, session) };
	}

	/**
	 * Whether the account has proved that it may use what the record holds
	 * (docs/architecture.md, rule 10).
	 */
	private owns(view: SessionView): boolean {
		return view.meta.proof === this.proof;
	}

	/** The session of a record that is called dead, or was left half ended, where it lives all the same. */
	private async revived(view: SessionView): Promise<OpeningStep | undefined> {
		const { record, meta } = view;
		const isDoubtful = record.generation === this.request.deadGeneration;
		if (meta.state === 'none' || !this.owns(view)) return undefined;
		if (meta.state === 'open' && !isDoubtful) return undefined;
		const session = await revivedSession(this.vault, this.account, view);
		return session && { kind: 'session', session };
	}

	private async meansFor(view: SessionView): Promise<OpeningMeans> {
		const { vault, account, request } = this;
		const { secret, given } = await knownTokens(vault, account, view, request.storedTokenOnly);
		const means = chooseMeans(account, view, secret, {
			ownsTokens: this.owns(view),
			storedTokenOnly: given ?? request.storedTokenOnly === true,
			without: this.answers.failedToken,
		});
		if (means !== undefined) return means;
		if (given?.spent === true) throw tokenUsed(account.label);
		if (request.storedTokenOnly !== undefined) {
			throw docuWareError(
				'DOCUWARE_NO_LOGIN_TOKEN',
				`There is no login token to begin with: the vault holds no usable one for ${account.label}.`,
				'Run Session > Create Login Token (or Log Off with "Create Login Token First") ' +
					'before, or give Token Log On a token.',
			);
		}
		const { usage, spent } = secret.sourceToken ?? {};
		if (usage === 'Single' && spent === true) throw tokenUsed(account.label);
		throw sessionEnded(account.label, 'and the vault holds no login token to begin it anew');
	}

	/** The log-on as it is written ahead: a single-use token is spent from that moment on. */
	private order(attempt: OpeningAttempt, holding: LeaseHolding): SpendOrder<TimedLogOnAnswer> {
		const { vault, account, proof, request } = this;
		const opener = { vault, account, proof, credentialId: request.credentialId ?? null };
		const { facts, way, means, view } = attempt;
		return {
			vault,
			record: view.record,
			kind: attemptKind(means),
			spentFingerprint: vault.sealer.fingerprint('docuware spent', spentText(attempt, account)),
			holding,
			// A log-on ends no earlier session: that one would book its licence on, and nobody would know it.
			earlierLives: true,
			mark: () => markTokenSpent(vault, attempt),
			unmark: () => markTokenUnspent(vault, attempt),
			send: async () => await sendLogOn(account, facts, way, means, view.meta.hostId),
			conclude: (timed) => concludeLogOn(opener, attempt, timed),
		};
	}
}

function spentText({ means }: OpeningAttempt, account: SessionAccount): string {
	return 'token' in means ? means.token.value : (secretOf(account) ?? '');
}
