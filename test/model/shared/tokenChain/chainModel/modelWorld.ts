import { isConnectorError } from '../../../../../nodes/shared/errors';
import { TokenChain } from '../../../../../nodes/shared/tokenChain/tokenChain';
import type { Authorization, TokenPair } from '../../../../../nodes/shared/tokenChain/types';
import type { DuplicatePolicy } from '../../../../../nodes/shared/vault/rows/authorizations';
import { query } from '../../../../../nodes/shared/vault/database/transaction';
import { TABLES } from '../../../../../nodes/shared/vault/rows/schema';
import { secretSubject } from '../../../../../nodes/shared/vault/spending/secretSave';
import type { Spill } from '../../../../../nodes/shared/vault/spending/spillFrame';
import type { Vault } from '../../../../../nodes/shared/vault/vault';
import type { SimulatedProcess } from '../../../support/simulatedProcess';
import { runningProcess } from '../../../support/simulatedProcess';
import type { Pending } from '../../../support/simulatedWorld';
import { MINUTE, PROCESSES, SimulatedWorld } from '../../../support/simulatedWorld';
import type { Mutation } from './modelMutations';
import { ForgetfulSet, mutationsOf, pagesAsRefusals } from './modelMutations';
import type { Grace } from './modelService';
import { CLIENT_ID, HOST, LIFE_MS, ModelService, RIGHT_SECRET } from './modelService';

/** What a run of the model begins with. */
export interface WorldSetup {
	seed: number;
	grace: Grace;
	/** What the second credential says about a duplicate registration. */
	policy: DuplicatePolicy;
	mutation?: Mutation;
}

/** The credentials of the model: `owner` is connected from the start, `second` by its first log-in. */
export const CREDENTIALS = ['owner', 'second', 'hook', 'wrongSecret'] as const;
export type CredentialName = (typeof CREDENTIALS)[number];

const KNOWN_SKEW_MS = 25_000;
const CHAIN_LOST = new Set([
	'EXACT_OLD_REFRESH_TOKEN',
	'EXACT_CHAIN_BROKEN',
	'EXACT_REFRESH_TOKEN_REFUSED',
	'EXACT_VAULT_MISSING_OR_RESTORED',
	'EXACT_UNAUTHORIZED',
]);

/** One request and for whom it is made. */
type Request = Pending & { credential: CredentialName };

/**
 * Several processes on one store, one service, some credentials for one app and user, and the
 * contract of the vault (docs/architecture.md, "The vault contract") checked at every step.
 */
export class ModelWorld extends SimulatedWorld {
	readonly service: ModelService;

	/** Whether the wall clock has been set back: ages and log-in times in the store are not to be trusted. */
	clockSetBack = false;

	/** By how much the wall clock has been set on; beyond the part of a life after the window, ages are guesses. */
	clockAheadMs = 0;

	private readonly chains: TokenChain[] = [];

	private readonly pairs: Partial<Record<CredentialName, { pair: TokenPair; issuedAt: number }>> =
		{};

	/** By record, the newest secret it has held. */
	private readonly newestStored = new Map<string, number>();

	/** What the identity's record, or the only record, holds now. */
	private storedGeneration = -1;

	private mismatchAt = -Infinity;

	/** Generation that the last log-in brought. */
	private lastLogIn = -1;

	constructor(private readonly setup: WorldSetup) {
		super(setup.seed, mutationsOf(setup.mutation));
		this.service = new ModelService(this.time, setup.grace, (what) => this.violate(what));
	}

	/** Starts the processes and connects the owner. */
	override async begin(): Promise<void> {
		await this.startAll();
		this.logIn('owner');
		// Copied now; a copy does not follow later log-ins.
		this.pairs.wrongSecret = this.pairs.owner;
		// The identity is registered to the first credential that uses it.
		this.request(0, 'owner');
		await this.advance(MINUTE, () => this.pending.size === 0);
	}

	override end(): void {
		super.end();
		this.count('token requests', this.service.posts);
		this.count('answered "not expired"', this.service.tooEarly);
		this.count('old tokens presented', this.service.oldTokenUses);
	}

	/** One execution asks for a token and uses it at once. */
	request(index: number, credential: CredentialName): void {
		const process = this.processes[index];
		const chain = this.chains[index];
		const authorization = this.authorization(credential);
		if (!process?.isRunning || chain === undefined || authorization === undefined) return;
		const pending = this.begun(process, { credential });
		this.count('requests');
		void process.run(async () => {
			try {
				const { accessToken } = await chain.getToken(authorization, 'normal');
				this.judgeGrant(pending, accessToken);
			} catch (error) {
				this.judgeFailure(pending, error);
			} finally {
				this.pending.delete(pending);
			}
		});
	}

	/** A press on Connect in one of the credentials. */
	logIn(credential: 'owner' | 'second'): void {
		const pair = this.service.logIn();
		this.lastLogIn = this.service.generationOf(pair.refreshToken);
		this.pairs[credential] = { pair, issuedAt: this.time.wall() };
		this.count('log-ins');
		this.noteMismatch();
	}

	/** Sets the wall clock; the monotonic one goes on as it was. */
	setClock(byMs: number): void {
		this.time.wallOffset += byMs;
		if (byMs < 0) this.clockSetBack = true;
		this.clockAheadMs += byMs;
		this.service.clockMoved = true;
		this.disturbed = true;
	}

	/** Ends all disturbances, waits for everything, and looks whether the chain is as it must be. */
	override async finish(): Promise<void> {
		this.service.faults.length = 0;
		this.service.atAnswer.length = 0;
		for (const process of this.processes) process.leaveAlone();
		await this.quiet();
		await this.useEverywhere(CREDENTIALS);
		const { received, knownDead } = this.service;
		const newest = Math.max(...[...received].filter((generation) => !knownDead.has(generation)));
		// A log-in's secret is in a provisional record until it is identified, and beside the record then.
		const stored = Math.max(...this.newestStored.values(), ...this.keptGenerations);
		if (!this.clockSetBack && stored < newest) {
			this.violate(`the store holds secret ${stored}, but ${newest} was received and not lost`);
		}
		await this.useAfterWindow();
		await this.reconnect();
		if (!this.setup.mutation && !this.disturbed && this.service.tooEarly > 0) {
			this.violate('a token request came too early');
		}
		this.throwViolation();
	}

	private async useEverywhere(credentials: readonly CredentialName[]): Promise<void> {
		for (const credential of credentials) {
			for (let index = PROCESSES - 1; index >= 0; index -= 1) {
				this.request(index, credential);
				await this.settled();
			}
		}
	}

	/** While the store holds the live secret, its owner must be served. */
	private async useAfterWindow(): Promise<void> {
		const owner = await this.ownerCredential();
		if (this.storedGeneration !== this.service.liveGeneration) return;
		await this.advance(LIFE_MS + MINUTE);
		await this.useEverywhere(['wrongSecret', owner]);
		// "In doubt" may have to wait for a window, and may in the end be left to a person.
		await this.advance(LIFE_MS + MINUTE);
		await this.useEverywhere([owner]);
		if (this.storedGeneration !== this.service.liveGeneration && !this.disturbed) {
			this.violate('the chain was lost without any disturbance');
		}
	}

	private async reconnect(): Promise<void> {
		if (this.clockSetBack) return;
		const owner = await this.ownerCredential();
		this.logIn(owner);
		const granted = this.counts.granted ?? 0;
		await this.useEverywhere([owner]);
		if ((this.counts.granted ?? 0) - granted !== PROCESSES) {
			this.violate('a reconnect did not heal the connection in every process');
		}
		if (!this.keptGenerations.has(this.service.liveGeneration)) {
			this.violate('after a reconnect the store does not hold the live secret');
		}
	}

	private async ownerCredential(): Promise<'owner' | 'second'> {
		const rows = await this.store.read(() =>
			query(
				`SELECT owner_credential_id AS id FROM ${TABLES.record} WHERE provisional = 0 AND state <> 'merged'`,
			),
		);
		return rows[0]?.id === 'second' ? 'second' : 'owner';
	}

	protected override prepare(process: SimulatedProcess): void {
		if (this.setup.mutation !== 'failedSaveDropped') return;
		process.states.unsavedSecrets1 = new ForgetfulSet();
	}

	protected override opened(vault: Vault, _process: SimulatedProcess, index: number): void {
		const hide = { ownerAlways: false, ownerFromHook: false };
		const { policy } = this.service;
		const read = this.setup.mutation === 'pageIsRefusal' ? pagesAsRefusals(policy) : policy;
		this.chains[index] = new TokenChain(vault, read, hide);
	}

	protected override died(process: SimulatedProcess): void {
		for (const generation of process.unsaved) {
			if (generation > this.storedGeneration) this.service.received.delete(generation);
		}
	}

	protected override spilled({ save }: Spill): void {
		const subject = secretSubject(save.recordId, save.spentGeneration + 1);
		runningProcess().unsaved.delete(this.generationIn(save.sealed, subject));
	}

	private authorization(credential: CredentialName): Authorization | undefined {
		const known = this.pairs[credential === 'hook' ? 'owner' : credential];
		if (known === undefined) return undefined;
		return {
			host: HOST,
			clientId: CLIENT_ID,
			clientSecret: credential === 'wrongSecret' ? 'wrong secret' : RIGHT_SECRET,
			pair: known.pair,
			issuedAt: known.issuedAt,
			ignoreSslIssues: false,
			presenter: {
				credentialId: credential === 'hook' ? null : credential,
				credentialName: credential,
				instanceId: credential === 'hook' ? null : 'instance',
				duplicatePolicy: credential === 'second' ? this.setup.policy : 'refuse',
			},
		};
	}

	private judgeGrant(pending: Request, accessToken: string): void {
		this.count('granted');
		const wasUndisturbed = pending.process.disturbances === pending.disturbances;
		const left = this.service.lifeLeft(accessToken);
		const knowsAges = !this.clockSetBack && this.clockAheadMs < KNOWN_SKEW_MS;
		if (left <= 0 && wasUndisturbed && knowsAges) {
			this.violate(`a caller was given a token that ended ${Math.round(-left)} ms ago`);
		}
		this.service.use(accessToken);
	}

	private judgeFailure(pending: Request, error: unknown): void {
		const code = isConnectorError(error) ? error.code : String(error);
		this.count(`failed ${code}`);
		if (this.isJustified(code, pending)) return;
		const detail = error instanceof Error ? (error.stack ?? error.message) : '';
		this.violate(`the credential "${pending.credential}" was told ${code}: ${detail}`);
	}

	private isJustified(code: string, { credential, since }: Request): boolean {
		if (code === 'EXACT_INVALID_CLIENT') return credential === 'wrongSecret';
		if (CHAIN_LOST.has(code) && (this.mismatchAt >= since || this.isMismatched())) return true;
		// By a clock that was set back, a token that has ended looks young.
		if (code === 'EXACT_UNAUTHORIZED' && this.clockSetBack) return true;
		// Never identified before the next log-in killed it: nobody can tell any more whose it is.
		if (CHAIN_LOST.has(code) && this.isOverhauled(credential)) return true;
		if (code === 'EXACT_DUPLICATE_IDENTIFIER') {
			// A stale copy that is still in use makes a reconnect look like a second credential to the
			// hook, until node code that knows the owner has presented it.
			const falseMark = credential === 'hook' && this.lastLogIn > 0;
			return credential === 'second' || falseMark || this.setup.policy === 'takeOver';
		}
		return (
			this.disturbed &&
			(code.startsWith('VAULT_') ||
				code === 'EXACT_TOKEN_IN_DOUBT' ||
				code === 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE')
		);
	}

	/** Whether there was a log-in after the one this credential holds. */
	private isOverhauled(credential: CredentialName): boolean {
		const { pair } = this.pairs[credential === 'hook' ? 'owner' : credential] ?? {};
		return pair !== undefined && this.service.generationOf(pair.refreshToken) < this.lastLogIn;
	}

	protected override async checkStore(): Promise<void> {
		const rows = await this.store.read(() =>
			query(
				`SELECT id, generation, provisional, sealed FROM ${TABLES.record} WHERE state <> 'merged' ORDER BY provisional`,
			),
		);
		let first = true;
		this.newestStored.forEach((_newest, id) => {
			if (!rows.some((row) => row.id === id)) this.newestStored.delete(id);
		});
		for (const row of rows) {
			const id = String(row.id);
			const subject = secretSubject(id, Number(row.generation));
			const generation = this.generationIn(String(row.sealed), subject);
			const newest = this.newestStored.get(id) ?? -1;
			if (generation < newest) {
				this.violate(`the older secret ${generation} replaced ${newest} in the store`);
			}
			this.newestStored.set(id, generation);
			for (const process of this.processes) process.unsaved.delete(generation);
			if (first) this.storedGeneration = generation;
			first = false;
		}
		await this.checkRivals();
		await this.checkAttempts();
		this.noteMismatch();
	}

	/** The pairs beside the record's own count as kept: which of them lives only the service can tell. */
	private async checkRivals(): Promise<void> {
		const rivals = await this.store.read(() =>
			query(`SELECT id, generation, sealed FROM ${TABLES.rival}`),
		);
		this.keptGenerations = new Set([this.storedGeneration]);
		for (const { id, generation, sealed } of rivals) {
			const subject = secretSubject(String(id), Number(generation));
			const kept = this.generationIn(String(sealed), subject);
			this.keptGenerations.add(kept);
			for (const process of this.processes) process.unsaved.delete(kept);
		}
	}

	/** At one generation: one attempt that may have been accepted, its probe, and one per window after. */
	private async checkAttempts(): Promise<void> {
		if (this.service.clockMoved) return;
		const rows = await this.store.read(() =>
			query(
				`SELECT max(started_at) - min(started_at) AS span, count(*) AS attempts
				FROM ${TABLES.attempt} WHERE outcome IN ('open', 'unknown', 'doubtful')
				GROUP BY record_id, generation HAVING count(*) > 2`,
			),
		);
		for (const { span, attempts } of rows) {
			if (Number(span) < (Number(attempts) - 2) * LIFE_MS * 0.9) {
				this.violate('two probes of unknown fate in one window');
			}
		}
	}

	/** Generations of the service that the store holds, as a record's own pair or beside it. */
	private keptGenerations = new Set<number>();

	private readonly generationsSealed = new Map<string, number>();

	private generationIn(sealed: string, subject: string): number {
		const known = this.generationsSealed.get(sealed);
		if (known !== undefined) return known;
		const pair = JSON.parse(this.sealer.open(sealed, subject)) as TokenPair;
		const generation = this.service.generationOf(pair.refreshToken);
		this.generationsSealed.set(sealed, generation);
		return generation;
	}

	private isMismatched(): boolean {
		return !this.keptGenerations.has(this.service.liveGeneration);
	}

	private noteMismatch(): void {
		if (this.isMismatched()) this.mismatchAt = this.time.now;
	}
}
