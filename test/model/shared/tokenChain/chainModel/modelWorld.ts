import { TokenChain } from '../../../../../nodes/shared/tokenChain/tokenChain';
import type { DuplicatePolicy } from '../../../../../nodes/shared/vault/rows/authorizations';
import { recordLease } from '../../../../../nodes/shared/vault/rows/leases';
import type { SqlStatement } from '../../../../../nodes/shared/vault/database/transaction';
import { secretSubject } from '../../../../../nodes/shared/vault/spending/secretSave';
import type { Spill } from '../../../../../nodes/shared/vault/spending/spillFrame';
import type { Vault } from '../../../../../nodes/shared/vault/vault';
import { watchedStatement } from '../../../../support/chain/watchedDatabase';
import type { SimulatedProcess } from '../../../support/simulatedProcess';
import { runningProcess } from '../../../support/simulatedProcess';
import { MINUTE, SimulatedWorld } from '../../../support/simulatedWorld';
import type { CredentialName, Forgery, IssueNote } from './credentials';
import { ModelCredentials } from './credentials';
import type { ModelRequest } from './judgement';
import { codeOf, Judgement } from './judgement';
import type { Mutation } from './modelMutations';
import { ForgetfulSet, mutatedPolicy, mutationsOf } from './modelMutations';
import type { Grace } from './modelService';
import { ModelService, USER } from './modelService';
import { Registration } from './registration';
import { RememberedSecrets } from './rememberedSecrets';
import { settle } from './settling';
import { StoredChain } from './storedChain';

/** What a run of the model begins with. */
export interface WorldSetup {
	seed: number;
	grace: Grace;
	/** What the second credential says about a duplicate registration. */
	policy: DuplicatePolicy;
	isUnseen: boolean;
	mutation?: Mutation;
}

/** What a caller does with the chain. */
type Use = 'getToken' | 'refreshNow' | 'release' | 'takeOver';

/**
 * Several processes on one store, one service, some credentials for one app and user, and the
 * contract of the vault (docs/architecture.md, "The vault contract") checked at every step.
 */
export class ModelWorld extends SimulatedWorld {
	readonly service: ModelService;

	readonly credentials: ModelCredentials;

	readonly stored: StoredChain;

	readonly registration: Registration;

	/** What excuses a failure; see `Circumstances`. */
	readonly past = {
		clockSetBack: false,
		clockAheadMs: 0,
		mismatchAt: -Infinity,
		secretChangedAt: -Infinity,
		lastLogIn: -1,
		lostLogIns: new Set<number>(),
	};

	/** So many of the next attempts stand written down when their processes stand still. */
	freezeAtAttempt = 0;

	/** Whether n8n has told a wrong age. */
	agesMislead = false;

	/** When the store was last set back. */
	fellBackAt = -Infinity;

	/**
	 * What the store held when it was set back. The answer to an earlier request that has spent another
	 * secret belongs to a record that no longer is: it is set aside.
	 */
	private keptAtFallBack: ReadonlySet<number> = new Set();

	private readonly judgement: Judgement;

	private readonly remembered = new RememberedSecrets();

	private readonly chains: TokenChain[] = [];

	/** By the refresh token that was brought, the authorizations that were given a token. */
	private readonly served = new Set<string>();

	constructor(readonly setup: WorldSetup) {
		super(setup.seed, mutationsOf(setup.mutation), setup.isUnseen);
		const { time, store, sealer } = this;
		this.service = new ModelService(
			time,
			setup.grace,
			(what) => this.violate(what),
			(refreshToken) => this.stored.isKept(refreshToken),
			({ at }, spent) => at > this.fellBackAt || this.keptAtFallBack.has(spent),
		);
		const { service } = this;
		this.credentials = new ModelCredentials(service, time, setup.policy);
		this.stored = new StoredChain(store, sealer, (token) => service.generationOf(token));
		this.registration = new Registration(this.credentials, () => time.now);
		this.judgement = new Judgement(
			service,
			this.credentials,
			this.stored,
			this.registration,
			() => ({
				...this.past,
				fellBackAt: this.fellBackAt,
				disturbed: this.disturbed,
				now: time.now,
			}),
		);
		if (setup.policy === 'takeOver') this.registration.wantedBy('second');
	}

	/** Starts the processes and connects the owner. */
	override async begin(): Promise<void> {
		await this.startAll();
		this.logIn('owner', 'told');
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

	/** One execution asks for a token and uses it at once, or a person does something with the registration. */
	request(index: number, credential: CredentialName, use: Use = 'getToken'): void {
		const process = this.processes[index];
		const chain = this.chains[index];
		const authorization = this.credentials.authorization(credential);
		if (!process?.isRunning || chain === undefined || authorization === undefined) return;
		const byHand = use !== 'getToken';
		const pending: ModelRequest = this.begun(process, { credential, authorization, byHand });
		this.count(use === 'getToken' ? 'requests' : use);
		if (use === 'refreshNow') this.service.book.personAsks();
		if (use === 'takeOver') this.registration.wantedBy(credential);
		if (use === 'release') this.registration.released();
		void process.run(async () => {
			try {
				if (use === 'release' || use === 'takeOver') await chain[use](authorization);
				else await this.take(pending, async () => await callOf(chain, pending, use));
			} catch (error) {
				this.count(`failed ${codeOf(error)}`);
				this.note(this.judgement.ofFailure(pending, error));
			} finally {
				this.pending.delete(pending);
			}
		});
	}

	/** A press on Connect in one of the credentials. */
	logIn(credential: 'owner' | 'second' | 'stranger', note: IssueNote): void {
		const { refreshToken } = this.credentials.logIn(credential, note);
		this.count('log-ins');
		if (credential === 'stranger') return;
		this.past.lastLogIn = this.service.generationOf(refreshToken);
		if (note === 'leftOver') this.agesMislead = true;
		this.noteMismatch();
	}

	/** Somebody puts a pair together that the service never gave out. */
	forge(forgery: Forgery): void {
		if (!this.credentials.forge(forgery)) return;
		if (forgery.policy === 'takeOver') this.registration.wantedBy('forger');
		this.count('forged pairs');
	}

	/** The app registration gets another secret. @param corrected whether people know it at once */
	rotateSecret(corrected: boolean): void {
		this.service.rotateSecret();
		this.past.secretChangedAt = this.time.now;
		if (corrected) this.credentials.correctSecrets();
		this.count('client secrets rotated');
	}

	/** The second credential says something else about a duplicate registration. */
	choose(policy: DuplicatePolicy): void {
		this.credentials.policies.second = policy;
		if (policy === 'takeOver') this.registration.wantedBy('second');
	}

	/** Sets the wall clock; the monotonic one goes on as it was. */
	setClock(byMs: number): void {
		this.time.wallOffset += byMs;
		if (byMs < 0) this.past.clockSetBack = true;
		this.past.clockAheadMs += byMs;
		this.service.book.clockMoved = true;
		this.disturbed = true;
	}

	/** The store is set back to its latest snapshot; what the processes remember and their disks stay. */
	async fallBack(): Promise<void> {
		if (!this.restoreSnapshot()) return;
		this.disturbed = true;
		this.fellBackAt = this.time.now;
		this.count('stores that fell back');
		for (const process of this.processes) process.disturbances += 1;
		this.service.book.forget();
		this.judgement.forget();
		this.stored.forget();
		await this.stored.look();
		this.keptAtFallBack = new Set(this.stored.kept);
		// What it had not identified before another log-in ended it, it has lost as well.
		const newest = Math.max(-1, ...this.stored.identified);
		for (const { refreshToken } of this.credentials.present) {
			const logIn = this.service.generationOf(refreshToken);
			if (logIn > newest) this.past.lostLogIns.add(logIn);
		}
		this.registration.forget(this.stored.record?.ownerId ?? null, this.processes);
		this.keepWhatCanHeal();
		this.noteMismatch();
	}

	/** Ends all disturbances, waits for everything, and looks whether the chain is as it must be. */
	override async finish(): Promise<void> {
		const { service } = this;
		service.faults.length = 0;
		service.atAnswer.length = 0;
		service.identityFaults = 0;
		this.crashAtSpill = 0;
		this.freezeAtAttempt = 0;
		for (const process of this.processes) process.leaveAlone();
		this.credentials.correctSecrets();
		await this.quiet();
		await settle(this);
		this.note(await this.stored.unsealed());
		this.throwViolation();
	}

	/** Whether a credential was ever given a token for what it holds now. */
	hasServed(credential: CredentialName): boolean {
		const pair = this.credentials.authorization(credential)?.pair;
		return pair !== undefined && this.served.has(pair.refreshToken);
	}

	/** Whether a store that fell back has lost the log-in that a credential holds now. */
	hasLost(credential: CredentialName): boolean {
		const pair = this.credentials.authorization(credential)?.pair;
		const logIn = pair === undefined ? -1 : this.service.generationOf(pair.refreshToken);
		return this.past.lostLogIns.has(logIn);
	}

	/** For the end: waits until nothing is under way. */
	override async settled(): Promise<void> {
		await super.settled();
	}

	/** Something the contract forbids has happened. */
	note(violation: string | undefined): void {
		if (violation !== undefined) this.violate(violation);
	}

	protected override prepare(process: SimulatedProcess): void {
		if (this.setup.mutation !== 'failedSaveDropped') return;
		process.states.unsavedSecrets1 = new ForgetfulSet();
	}

	protected override opened(vault: Vault, process: SimulatedProcess, index: number): void {
		if (this.setup.mutation === 'spillsReadBeforeLease') {
			const replay = vault.replayUnsaved.bind(vault);
			vault.replayUnsaved = async (recordId = '') => {
				if (this.isUnderLease(process, recordLease(recordId))) return false;
				return await replay(recordId);
			};
		}
		if (this.setup.mutation === 'spillsLeftToWriter') {
			const replay = vault.replayUnsaved.bind(vault);
			vault.replayUnsaved = async (recordId) => await replay(recordId);
		}
		const hide = { ownerAlways: false, ownerFromHook: false };
		const policy = mutatedPolicy(this.service.policy, this.setup.mutation);
		this.chains[index] = new TokenChain(vault, policy, hide);
	}

	protected override died(process: SimulatedProcess): void {
		this.remembered.died(process);
		const others = this.processes.filter((one) => one !== process && one.alive);
		for (const generation of process.unsaved) {
			const isElsewhere = others.some(({ unsaved }) => unsaved.has(generation));
			if (generation > this.stored.generation && !isElsewhere) {
				this.service.received.delete(generation);
			}
		}
	}

	protected override spilled({ save }: Spill): void {
		const process = runningProcess();
		const subject = secretSubject(save.recordId, save.spentGeneration + 1);
		process.unsaved.delete(this.stored.generationIn(save.sealed, subject));
		// The vault hears of what was accepted only once somebody has brought the spill in.
		if (this.crashAtSpill > 0) this.service.secretProvedAt = Infinity;
	}

	protected override async checkStore(statements: readonly SqlStatement[]): Promise<void> {
		this.note(await this.stored.look());
		for (const process of this.processes) {
			for (const generation of this.stored.kept) process.unsaved.delete(generation);
		}
		if (statements.some((one) => watchedStatement(one) === 'secretSave')) {
			this.remembered.saved(runningProcess(), this.stored.record);
		}
		if (statements.some((one) => watchedStatement(one) === 'attemptRow')) {
			this.freezeAtAttempts();
			await this.checkWindow();
		}
		this.note(this.registration.look(this.stored.record?.ownerId ?? null, this.processes));
		if (!this.service.book.clockMoved) this.note(await this.stored.probesTooClose());
		this.noteMismatch();
	}

	/** In plain use, whoever is proved leaves the first half of a window to whoever has something to prove. */
	private async checkWindow(): Promise<void> {
		if (this.disturbed || this.agesMislead || this.service.book.hasPersonAsked) return;
		const process = runningProcess();
		const here = [...this.pending].filter((one) => one.process === process) as ModelRequest[];
		if (here.length === 0 || !here.every((one) => this.judgement.isProved(one))) return;
		if (await this.stored.isWindowTaken()) {
			this.note('a proved credential took the half of a window that is left to newcomers');
		}
	}

	private freezeAtAttempts(): void {
		if (this.freezeAtAttempt === 0) return;
		this.freezeAtAttempt -= 1;
		this.count('freezes at an attempt');
		runningProcess().freeze(40_000);
	}

	private async take(pending: ModelRequest, ask: () => Promise<string>): Promise<void> {
		const accessToken = await ask();
		this.count('granted');
		if (pending.credential === 'owner') this.count('granted to the owner');
		this.served.add(pending.authorization.pair.refreshToken);
		this.note(this.judgement.ofGrant(pending, accessToken));
		this.service.use(accessToken);
	}

	/** Of what the store has lost, what a process or a person can bring in again. */
	private keepWhatCanHeal(): void {
		const { received } = this.service;
		const held = this.credentials.present.map(({ refreshToken }) =>
			this.service.generationOf(refreshToken),
		);
		for (const generation of [...received]) {
			if (this.stored.kept.has(generation) || held.includes(generation)) continue;
			const healers = this.remembered.healersOf(generation, this.stored.record);
			for (const process of healers) process.unsaved.add(generation);
			const isOnItsWay =
				this.stored.kept.has(this.service.ledger.parentOf(USER, generation)) &&
				this.processes.some(({ alive, unsaved }) => alive && unsaved.has(generation));
			if (healers.length === 0 && !isOnItsWay) received.delete(generation);
		}
	}

	private noteMismatch(): void {
		if (!this.stored.kept.has(this.service.liveGeneration)) this.past.mismatchAt = this.time.now;
	}
}

async function callOf(
	chain: TokenChain,
	{ authorization }: ModelRequest,
	use: 'getToken' | 'refreshNow',
): Promise<string> {
	const token =
		use === 'getToken'
			? await chain.getToken(authorization, 'normal')
			: await chain.refreshNow(authorization);
	return token.accessToken;
}
