import { DatabaseSync } from 'node:sqlite';

import { isConnectorError } from '../../../../../nodes/shared/errors';
import { TokenChain } from '../../../../../nodes/shared/tokenChain/tokenChain';
import type { Authorization, TokenPair } from '../../../../../nodes/shared/tokenChain/types';
import type { DuplicatePolicy } from '../../../../../nodes/shared/vault/rows/authorizations';
import { query } from '../../../../../nodes/shared/vault/database/transaction';
import { SqliteDatabase } from '../../../../../nodes/shared/vault/database/sqliteDatabase';
import { systemProcessTable } from '../../../../../nodes/shared/process/holder';
import { DEFAULT_LEASE_TIMING } from '../../../../../nodes/shared/vault/leaseHolding';
import { TABLES } from '../../../../../nodes/shared/vault/rows/schema';
import { Sealer } from '../../../../../nodes/shared/vault/sealing';
import { secretSubject } from '../../../../../nodes/shared/vault/spending/secretSave';
import { Vault } from '../../../../../nodes/shared/vault/vault';
import { clearDisks } from './modelDisk';
import type { Mutation } from './modelDatabase';
import { ModelDatabase } from './modelDatabase';
import type { Grace } from './modelService';
import { CLIENT_ID, HOST, LIFE_MS, ModelService, RIGHT_SECRET } from './modelService';
import { installProcessStates, runningProcess, SimulatedProcess } from './simulatedProcess';
import { VirtualTime } from './virtualTime';

/** What a run of the model begins with. */
export interface WorldSetup {
	seed: number;
	grace: Grace;
	/** What the second credential says about a duplicate registration. */
	policy: DuplicatePolicy;
	mutation?: Mutation;
}

/** Something the contract forbids has happened. */
export class Violation extends Error {}

/** The credentials of the model: `owner` is connected from the start, `second` by its first log-in. */
export const CREDENTIALS = ['owner', 'second', 'hook', 'wrongSecret'] as const;
export type CredentialName = (typeof CREDENTIALS)[number];

const HOSTS = ['host a', 'host a', 'host b'] as const;
export const PROCESSES = HOSTS.length;

const MINUTE = 60_000;
const KNOWN_SKEW_MS = 25_000;
const CHAIN_LOST = new Set([
	'EXACT_OLD_REFRESH_TOKEN',
	'EXACT_CHAIN_BROKEN',
	'EXACT_REFRESH_TOKEN_REFUSED',
	'EXACT_VAULT_MISSING_OR_RESTORED',
	'EXACT_UNAUTHORIZED',
]);

interface ModelProcess {
	process: SimulatedProcess;
	chain: TokenChain;
}

interface Pending {
	process: SimulatedProcess;
	credential: CredentialName;
	since: number;
	disturbances: number;
}

/**
 * Several processes on one store, one service, some credentials for one app and user, and the
 * contract of the vault (DESIGN.md, "The vault") checked at every step.
 */
export class ModelWorld {
	readonly time: VirtualTime;

	readonly service: ModelService;

	/** Whether anything but plain requests has happened. */
	disturbed = false;

	/** Whether the wall clock has been set back: ages and log-in times in the store are not to be trusted. */
	clockSetBack = false;

	/** By how much the wall clock has been set on; beyond the part of a life after the window, ages are guesses. */
	clockAheadMs = 0;

	/** For the statistics: how often each thing happened. */
	readonly counts: Record<string, number> = {};

	private readonly store: SqliteDatabase;

	private readonly sealer = new Sealer({ secret: 'the key of the model', source: 'the model' });

	private readonly processes: ModelProcess[] = [];

	private readonly alivePids = new Set<number>();

	private nextPid = 100;

	private readonly pairs: Partial<Record<CredentialName, { pair: TokenPair; issuedAt: number }>> =
		{};

	private readonly pending = new Set<Pending>();

	private readonly insideLease = new Map<string, Pending[]>();

	/** By record, the newest secret it has held. */
	private readonly newestStored = new Map<string, number>();

	/** What the identity's record, or the only record, holds now. */
	private storedGeneration = -1;

	private mismatchAt = -Infinity;

	/** Generation that the last log-in brought. */
	private lastLogIn = -1;

	private violation: Violation | undefined;

	private uninstall = () => {};

	constructor(private readonly setup: WorldSetup) {
		this.time = new VirtualTime(setup.seed);
		this.service = new ModelService(this.time, setup.grace, (what) => this.violate(what));
		this.store = new SqliteDatabase(new DatabaseSync(':memory:'), ':memory:', {
			now: this.time.wall,
		});
	}

	/** Takes the place of clocks and process state, starts the processes, connects the owner. */
	async begin(): Promise<void> {
		const { time } = this;
		const realStartTimeOf = systemProcessTable.startTimeOf;
		const uninstallStates = installProcessStates();
		time.install({ set: (ms, run) => runningProcess().timer(ms, run) });
		systemProcessTable.startTimeOf = (pid) => (this.alivePids.has(pid) ? String(pid) : undefined);
		this.uninstall = () => {
			systemProcessTable.startTimeOf = realStartTimeOf;
			time.uninstall();
			uninstallStates();
		};
		clearDisks(({ save }) => {
			const subject = secretSubject(save.recordId, save.spentGeneration + 1);
			runningProcess().unsaved.delete(this.generationIn(save.sealed, subject));
		}, this.setup.mutation === 'failedSaveDropped');
		for (let index = 0; index < PROCESSES; index += 1) await this.start(index);
		this.logIn('owner');
		// Copied now; a copy does not follow later log-ins.
		this.pairs.wrongSecret = this.pairs.owner;
		// The identity is registered to the first credential that uses it.
		this.request(0, 'owner');
		await this.advance(MINUTE, () => this.pending.size === 0);
	}

	end(): void {
		for (const { process } of this.processes) process.alive = false;
		this.uninstall();
		void this.store.close();
	}

	/** One execution asks for a token and uses it at once. */
	request(index: number, credential: CredentialName): void {
		const entry = this.processes[index];
		const authorization = this.authorization(credential);
		if (!entry?.process.isRunning || authorization === undefined) return;
		const { process, chain } = entry;
		const pending: Pending = {
			process,
			credential,
			since: this.time.now,
			disturbances: process.disturbances,
		};
		this.pending.add(pending);
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

	process(index: number): SimulatedProcess | undefined {
		return this.processes[index]?.process;
	}

	/** Sets the wall clock; the monotonic one goes on as it was. */
	setClock(byMs: number): void {
		this.time.wallOffset += byMs;
		if (byMs < 0) this.clockSetBack = true;
		this.clockAheadMs += byMs;
		this.disturbed = true;
	}

	count(what: string): void {
		this.counts[what] = (this.counts[what] ?? 0) + 1;
	}

	/** Lets time pass and reports what went wrong meanwhile. */
	async advance(ms: number, stop: () => boolean = () => false): Promise<void> {
		await this.time.advance(ms, () => this.violation !== undefined || stop());
		if (this.violation) throw this.violation;
	}

	/** Ends all disturbances, waits for everything, and looks whether the chain is as it must be. */
	async finish(): Promise<void> {
		this.service.faults.length = 0;
		this.service.atAnswer.length = 0;
		for (const { process } of this.processes) {
			process.crashAfter = undefined;
			process.storeFailsUntil = 0;
		}
		await this.quiet();
		await this.useEverywhere(CREDENTIALS);
		const { received, knownDead } = this.service;
		const newest = Math.max(...[...received].filter((generation) => !knownDead.has(generation)));
		// Where a log-in could not be identified yet, its secret is in a provisional record.
		const stored = Math.max(...this.newestStored.values());
		if (!this.clockSetBack && stored < newest) {
			this.violate(`the store holds secret ${stored}, but ${newest} was received and not lost`);
		}
		await this.useAfterWindow();
		await this.reconnect();
		if (!this.setup.mutation && !this.disturbed && this.service.tooEarly > 0) {
			this.violate('a token request came too early');
		}
		if (this.violation) throw this.violation;
	}

	private async quiet(): Promise<void> {
		const thawed = () => this.processes.every(({ process }) => process.isRunning || !process.alive);
		await this.advance(60 * MINUTE, thawed);
		await this.advance(60 * MINUTE, () => this.pendingOfTheLiving() === 0);
		if (this.pendingOfTheLiving() > 0) this.violate('a request never ended');
		// Restarts of crashed processes and background saves.
		await this.advance(MINUTE);
		await this.advance(60 * MINUTE, () => this.pendingOfTheLiving() === 0);
	}

	private async useEverywhere(credentials: readonly CredentialName[]): Promise<void> {
		for (const credential of credentials) {
			for (let index = PROCESSES - 1; index >= 0; index -= 1) {
				this.request(index, credential);
				await this.advance(60 * MINUTE, () => this.pendingOfTheLiving() === 0);
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
		if (this.storedGeneration !== this.service.liveGeneration) {
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

	private pendingOfTheLiving(): number {
		return [...this.pending].filter(({ process }) => process.alive).length;
	}

	private async start(index: number): Promise<void> {
		const pid = this.nextPid++;
		const process = new SimulatedProcess(
			`process ${index}`,
			HOSTS[index] ?? 'host a',
			pid,
			this.time,
			() => this.crashed(index),
		);
		this.alivePids.add(pid);
		const { mutation } = this.setup;
		const database = new ModelDatabase(
			this.store,
			process,
			() => this.time.now,
			() => 1 + this.time.random.next() * 8,
			async () => await this.checkStore(),
			mutation,
		);
		if (mutation === 'failedSaveDropped') process.states.unsavedSecrets1 = new ForgetfulSet();
		const opening = process.run(async () => {
			const sealer = new Sealer({ secret: 'the key of the model', source: 'the model' });
			const vault = await Vault.open(database, sealer, {}, { timing: DEFAULT_LEASE_TIMING });
			this.watchLeases(vault, process);
			const hide = { ownerAlways: false, ownerFromHook: false };
			this.processes[index] = { process, chain: new TokenChain(vault, this.service.policy, hide) };
		});
		let open = false;
		void opening.then(() => {
			open = true;
		});
		if (this.pending.size === 0 && this.processes.length <= index) {
			await this.advance(MINUTE, () => open);
		}
	}

	private crashed(index: number): void {
		this.count('crashes');
		this.disturbed = true;
		const entry = this.processes[index];
		if (!entry) return;
		this.alivePids.delete(entry.process.pid);
		for (const generation of entry.process.unsaved) {
			if (generation > this.storedGeneration) this.service.received.delete(generation);
		}
		this.time.schedule(3_000, () => void this.start(index));
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

	private judgeGrant(pending: Pending, accessToken: string): void {
		this.count('granted');
		const wasUndisturbed = pending.process.disturbances === pending.disturbances;
		const left = this.service.lifeLeft(accessToken);
		const knowsAges = !this.clockSetBack && this.clockAheadMs < KNOWN_SKEW_MS;
		if (left <= 0 && wasUndisturbed && knowsAges) {
			this.violate(`a caller was given a token that ended ${Math.round(-left)} ms ago`);
		}
		this.service.use(accessToken);
	}

	private judgeFailure(pending: Pending, error: unknown): void {
		const code = isConnectorError(error) ? error.code : String(error);
		this.count(`failed ${code}`);
		if (this.isJustified(code, pending)) return;
		const detail = error instanceof Error ? (error.stack ?? error.message) : '';
		this.violate(`the credential "${pending.credential}" was told ${code}: ${detail}`);
	}

	private isJustified(code: string, { credential, since }: Pending): boolean {
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

	/** Runs after each write of any process. */
	private async checkStore(): Promise<void> {
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
			// Which of two log-ins is the newer one is told by the wall clock alone.
			const byLogIn = this.clockSetBack && this.service.logIns.has(generation);
			if (generation < newest && !byLogIn) {
				this.violate(`the older secret ${generation} replaced ${newest} in the store`);
			}
			this.newestStored.set(id, generation);
			for (const { process } of this.processes) process.unsaved.delete(generation);
			if (first) this.storedGeneration = generation;
			first = false;
		}
		await this.checkAttempts();
		this.noteMismatch();
	}

	private async checkAttempts(): Promise<void> {
		const rows = await this.store.read(() =>
			query(
				`SELECT count(*) AS attempts FROM ${TABLES.attempt} WHERE outcome IN ('open', 'unknown')
				GROUP BY record_id, generation ORDER BY attempts DESC LIMIT 1`,
			),
		);
		if (Number(rows[0]?.attempts ?? 0) > 2) {
			this.violate('a third attempt of unknown fate at one generation');
		}
	}

	private readonly opened = new Map<string, number>();

	private generationIn(sealed: string, subject: string): number {
		const known = this.opened.get(sealed);
		if (known !== undefined) return known;
		const pair = JSON.parse(this.sealer.open(sealed, subject)) as TokenPair;
		const generation = this.service.generationOf(pair.refreshToken);
		this.opened.set(sealed, generation);
		return generation;
	}

	private watchLeases(vault: Vault, process: SimulatedProcess): void {
		const withLease = vault.withLease.bind(vault);
		const enter = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
			const mine: Pending = {
				process,
				credential: 'owner',
				since: this.time.now,
				disturbances: process.disturbances,
			};
			const inside = this.insideLease.get(name) ?? [];
			const rival = inside.find(
				(other) => other.process.alive && other.process.disturbances === other.disturbances,
			);
			if (rival) this.violate(`${process.name} and ${rival.process.name} hold one lease`);
			this.insideLease.set(name, [...inside, mine]);
			try {
				return await work();
			} finally {
				const left = (this.insideLease.get(name) ?? []).filter((other) => other !== mine);
				this.insideLease.set(name, left);
			}
		};
		vault.withLease = async (name, options, work) => {
			if (this.setup.mutation !== 'refreshWithoutLease') {
				return await withLease(name, options, async (holding) =>
					enter(name, async () => await work(holding)),
				);
			}
			const holding = { name, token: `${process.name} without a lease` };
			await vault.write(() =>
				query(
					`INSERT INTO ${TABLES.lease} (name, token, holder, acquired_at, expires_at, renewals)
					VALUES ($1, $2, '{}', 0, 0, 0) ON CONFLICT (name) DO UPDATE SET token = excluded.token`,
					[name, holding.token],
				),
			);
			return await work(holding);
		};
	}

	private isMismatched(): boolean {
		return this.storedGeneration !== this.service.liveGeneration;
	}

	private noteMismatch(): void {
		if (this.isMismatched()) this.mismatchAt = this.time.now;
	}

	private violate(what: string): void {
		this.violation ??= new Violation(what);
	}
}

/** For the mutation that loses what a failed save has brought. */
class ForgetfulSet<T> extends Set<T> {
	override add(): this {
		return this;
	}
}
