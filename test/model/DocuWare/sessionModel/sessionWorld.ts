import { sessionOf } from '../../../../nodes/DocuWare/auth/nodeSession';
import { isConnectorError } from '../../../../nodes/shared/errors';
import type { SqlStatement } from '../../../../nodes/shared/vault/database/transaction';
import type { Vault } from '../../../../nodes/shared/vault/vault';
import type { SimulatedProcess } from '../../support/simulatedProcess';
import { runningProcess } from '../../support/simulatedProcess';
import type { Pending } from '../../support/simulatedWorld';
import { MINUTE, PROCESSES, SimulatedWorld } from '../../support/simulatedWorld';
import type { AccountName } from './accounts';
import { credentialOf, GUEST, isWrongPassword, userOf } from './accounts';
import type { LicenceSetup, LogOnPost } from './modelServer';
import { ModelServer } from './modelServer';
import type { Mutation } from './mutations';
import { breakVault, mutationsOf } from './mutations';
import { placeServer, placeVault } from './places';
import { StoreChecks } from './storeChecks';
import { StoreReader } from './storedSessions';

/** What a run of the model begins with. */
export interface WorldSetup extends LicenceSetup {
	seed: number;
	/** Whether the accounts have had a session before the program begins. */
	isUsedBefore: boolean;
	isUnseen: boolean;
	mutation?: Mutation;
}

/** A session as a node gets it. */
type Session = Awaited<ReturnType<typeof sessionOf>>;

/** What one execution does with a session. */
export type Work = (session: Session, process: SimulatedProcess) => Promise<unknown>;

/** One execution under way. */
type Execution = Pending & {
	account: AccountName;
	useId: string;
	kind: 'use' | 'logOff' | 'forcedLogOff' | 'forcedLogOn' | 'tokenLogOn';
	refusedBefore: number;
};

const DAY_MS = 86_400_000;
const LICENCE_HOLD_MS = 121_000;

/** The shortest pause after the plain 401 that a wrong password gets. */
const REFUSED_PAUSE_MS = 300_000;
const PRESENTER = { credentialId: null, credentialName: null, instanceId: null };

/**
 * Several processes on one store, a DocuWare server up to 7.10, some credentials, and the contract of
 * the vault (docs/architecture.md, "The vault contract") for sessions checked at every step.
 */
export class SessionWorld extends SimulatedWorld {
	readonly server: ModelServer;

	private readonly checks: StoreChecks;

	private readonly executions = new Set<Execution>();

	private readonly tokens: Partial<Record<AccountName, string>> = {};

	private nextExecution = 1;

	/** Whether somebody has been told that the wrong password is wrong, since it was sent. */
	private refusalKnown = false;

	/** When the wrong password was sent, on the wall clock. */
	private wrongSentAt = -Infinity;

	constructor(private readonly setup: WorldSetup) {
		super(setup.seed, mutationsOf(setup.mutation), setup.isUnseen);
		const { time } = this;
		const violate = (what: string) => this.violate(what);
		this.server = new ModelServer(
			time,
			{ logOn: (post, isToken) => this.beforeLogOn(post, isToken), violated: violate },
			setup,
			setup.mutation === 'markTakenBack',
		);
		this.checks = new StoreChecks({
			time,
			server: this.server,
			reader: new StoreReader(this.store, this.sealer),
			violate,
			isPidAlive: (pid) => this.isPidAlive(pid),
			logOffWithoutLease: () => {
				this.count('log-offs without the lease');
				violate('a log-off without the lease');
			},
			logOffsUnderWay: (label) => this.logOffsUnderWay(label),
			isForced: (label) =>
				[...this.executions].some(
					({ kind, account }) => kind === 'forcedLogOn' && isLabelOf(label, account),
				),
		});
	}

	/** Starts the processes and hands out the login tokens. */
	override async begin(): Promise<void> {
		placeServer(this.server);
		await this.startAll();
		this.tokens.single = this.server.issueToken('single', 'Single', 30 * DAY_MS);
		this.tokens.multi = this.server.issueToken('multi', 'Multi', 30 * DAY_MS);
		if (!this.setup.isUsedBefore) return;
		for (const account of ['keeper', 'idler', 'multi'] as const) {
			this.request(0, account);
			await this.settled();
		}
	}

	override end(): void {
		super.end();
		for (const [what, count] of Object.entries(this.server.struck)) this.count(what, count);
		const { logOns, logOffs } = this.server.state.counts;
		this.count('log-ons by password', logOns.password);
		this.count('log-ons by token', logOns.token);
		this.count('log-offs', logOffs);
	}

	/** One execution of a workflow in one process. */
	execute(index: number, account: AccountName, kind: Execution['kind'], work: Work): void {
		const process = this.processes[index];
		if (!process?.isRunning) return;
		const useId = `execution ${this.nextExecution++}`;
		const refusedBefore = this.server.state.licences.figures().refused;
		const execution = this.begun(process, { account, kind, useId, refusedBefore });
		this.executions.add(execution);
		this.count('executions');
		void process.run(async () => {
			try {
				await this.work(execution, work);
				this.count(`served ${account}`);
			} catch (error) {
				this.judgeFailure(execution, error);
			} finally {
				this.pending.delete(execution);
				this.executions.delete(execution);
			}
		});
	}

	/** One execution sends one request. */
	request(index: number, account: AccountName): void {
		this.execute(index, account, 'use', async (session) => await this.ask(session));
	}

	/** One request with a session; must be answered as the server answers who is logged on. */
	async ask(session: Session): Promise<void> {
		const answer = await session.request({ method: 'GET', url: 'FileCabinets' });
		this.count(`answered ${answer.status}`);
		if (answer.status !== 200 && !this.disturbed) {
			this.violate(`a request was answered with HTTP ${answer.status}`);
		}
	}

	/** A token that an administrator hands to *Token Log On*. */
	handedToken(usage: 'Single' | 'Multi'): string {
		return this.server.issueToken(GUEST, usage, DAY_MS);
	}

	/** Ends all disturbances, waits for everything, and looks whether all sessions are as they must be. */
	override async finish(): Promise<void> {
		this.server.faults.length = 0;
		this.server.atAnswer.length = 0;
		this.server.unavailableUntil = 0;
		this.crashAtSpill = 0;
		for (const process of this.processes) {
			this.count('answers to COMMIT lost', process.commitsLost);
			process.leaveAlone();
		}
		await this.quiet();
		await this.judgeTokens();
		this.judgeOrphans();
		for (const account of ['single', 'keeper', 'multi', 'idler', 'wrong'] as const) {
			await this.useEverywhere(account);
		}
		await this.advance(5 * MINUTE);
		if (this.server.state.sessions.all().some(({ user }) => user.name === 'idler')) {
			this.violate('a session that nobody uses was not logged off');
		}
		this.throwViolation();
	}

	protected override prepare(process: SimulatedProcess): void {
		// The real process's SIGTERM is none of a simulated process.
		process.states.docuWareIdle2 = { watches: new Map() };
	}

	protected override opened(vault: Vault, process: SimulatedProcess): void {
		breakVault(vault, this.setup.mutation);
		placeVault(process, vault);
	}

	protected override died(process: SimulatedProcess): void {
		for (const execution of this.executions) {
			if (execution.process === process) this.executions.delete(execution);
		}
	}

	protected override async checkStore(statements: readonly SqlStatement[]): Promise<void> {
		await this.checks.afterWrite(statements);
	}

	private async work({ account, useId, process }: Execution, work: Work): Promise<void> {
		const { type, data } = credentialOf(account, this.tokens[account] ?? '');
		const session = await sessionOf({ type, credential: data, useId, presenter: PRESENTER });
		try {
			await work(session, process);
		} finally {
			await session.release();
		}
	}

	private beforeLogOn(post: LogOnPost, isToken: boolean): void {
		if (isToken) return;
		if (isWrongPassword(post.form)) {
			const isEarly = this.time.wall() < this.wrongSentAt + REFUSED_PAUSE_MS;
			if (this.refusalKnown && isEarly) this.violate('a refused password was sent again');
			this.refusalKnown = false;
			this.wrongSentAt = this.time.wall();
			return;
		}
		this.checks.beforePassword(post);
	}

	/** Uses of explicit log-offs of the running process; undefined where one of them is forced. */
	private logOffsUnderWay(label: string): Set<string> | undefined {
		const process = runningProcess();
		const mine = [...this.executions].filter(
			(one) => one.process === process && isLabelOf(label, one.account),
		);
		if (mine.some(({ kind }) => kind === 'forcedLogOff')) return undefined;
		return new Set(mine.filter(({ kind }) => kind === 'logOff').map(({ useId }) => useId));
	}

	private judgeFailure(execution: Execution, error: unknown): void {
		const code = isConnectorError(error) ? error.code : String(error);
		this.count(`failed ${code}`);
		const isNew = !String(error).includes('nothing was sent since');
		if (code === 'DOCUWARE_WRONG_PASSWORD' && isNew) this.refusalKnown = true;
		if (this.isJustified(code, execution)) return;
		const detail = error instanceof Error ? (error.stack ?? error.message) : '';
		this.violate(`"${execution.account}" (${execution.kind}) was told ${code}: ${detail}`);
	}

	private isJustified(code: string, { account, kind, refusedBefore }: Execution): boolean {
		if (code === 'DOCUWARE_WRONG_PASSWORD') return account === 'wrong';
		if (code === 'DOCUWARE_NO_LICENCE') {
			return this.server.state.licences.figures().refused > refusedBefore;
		}
		if (code === 'DOCUWARE_SESSION_IN_USE') return kind === 'logOff';
		if (code === 'DOCUWARE_NO_LOGIN_TOKEN') return kind === 'tokenLogOn';
		if (code === 'DOCUWARE_TOKEN_USED' || code === 'DOCUWARE_SESSION_ENDED') {
			return account === 'single' && this.isSingleGone();
		}
		return (
			this.disturbed &&
			(/^(?:VAULT|HTTP)_/.test(code) ||
				code === 'DOCUWARE_SERVER_UNAVAILABLE' ||
				code === 'DOCUWARE_LOGON_FAILED' ||
				code === 'DOCUWARE_LOGOFF_FAILED' ||
				code === 'DOCUWARE_LOGIN_TOKEN_FAILED' ||
				code === 'DOCUWARE_SESSION_REFUSED')
		);
	}

	/** Whether the single-use token has gone out, or may have as far as anybody can tell. */
	private isSingleGone(): boolean {
		return this.disturbed || this.server.tokensSent.has(this.tokens.single ?? '');
	}

	private async judgeTokens(): Promise<void> {
		const burnt = await this.checks.burntTokens();
		this.count('single-use tokens burnt unsent', burnt.length);
		if (burnt.length > 0) {
			this.violate(`the single-use token of ${burnt[0]} was spent without having been sent`);
		}
	}

	/** A session that the server holds and that never came into the store needs an excuse. */
	private judgeOrphans(): void {
		for (const session of this.server.state.sessions.all()) {
			const post = this.server.postOf(session);
			if (post === undefined || this.checks.everStored.has(session.id)) continue;
			this.count('sessions nobody knows');
			const { sender, disturbances, answered } = post;
			const isExcused = !answered || !sender.alive || sender.disturbances !== disturbances;
			if (!isExcused) this.violate('a session was opened, answered for, and not kept');
		}
	}

	/** Once nobody else holds a licence, every process is served. */
	private async useEverywhere(account: AccountName): Promise<void> {
		const others = this.server.end(({ user }) => user.name !== userOf(account));
		this.count('sessions ended at the end', others);
		this.disturbed = true;
		await this.advance(LICENCE_HOLD_MS);
		for (let index = 0; index < PROCESSES; index += 1) {
			const served = this.counts[`served ${account}`] ?? 0;
			this.request(index, account);
			await this.settled();
			const isServed = (this.counts[`served ${account}`] ?? 0) > served;
			if (isServed || account === 'wrong') continue;
			if (account === 'single' && this.isSingleGone()) continue;
			this.violate(`"${account}" was not served by process ${index} at quiet time`);
		}
		await this.advance(0);
	}
}

function isLabelOf(label: string, account: AccountName): boolean {
	const isToken = account === 'single' || account === 'multi';
	return isToken ? label.startsWith('the owner') : label.startsWith(userOf(account));
}
