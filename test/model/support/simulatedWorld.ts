import { DatabaseSync } from 'node:sqlite';

import { systemProcessTable } from '../../../nodes/shared/process/holder';
import { SqliteDatabase } from '../../../nodes/shared/vault/database/sqliteDatabase';
import type { SqlStatement } from '../../../nodes/shared/vault/database/transaction';
import { query } from '../../../nodes/shared/vault/database/transaction';
import type { LeaseHolding } from '../../../nodes/shared/vault/leaseHolding';
import { DEFAULT_LEASE_TIMING } from '../../../nodes/shared/vault/leaseHolding';
import { TABLES } from '../../../nodes/shared/vault/rows/schema';
import { Sealer } from '../../../nodes/shared/vault/sealing';
import type { Spill } from '../../../nodes/shared/vault/spending/spillFrame';
import { Vault } from '../../../nodes/shared/vault/vault';
import { LeftSpills } from './leftSpills';
import { clearDisks } from './modelDisk';
import type { StoreReach } from './modelDatabase';
import { ModelDatabase } from './modelDatabase';
import { StoreBackup } from './storeBackup';
import { restartCrypto } from './seededCrypto';
import { installProcessStates, runningProcess, SimulatedProcess } from './simulatedProcess';
import { VirtualTime } from './virtualTime';

/** Something the contract forbids has happened. */
export class Violation extends Error {}

const HOSTS = ['host a', 'host a', 'host b'] as const;

/** How many processes every world has. */
export const PROCESSES = HOSTS.length;

export const MINUTE = 60_000;

const KEY = { secret: 'the key of the model', source: 'the model' };

/** Work under way in one process. */
export interface Pending {
	process: SimulatedProcess;
	since: number;
	/** Those of the process when it began. */
	disturbances: number;
}

/** Work under a lease. */
interface Inside extends Pending {
	holding: LeaseHolding;
}

/** How a world is broken on purpose, as far as every world can be. */
export interface WorldMutations extends Pick<StoreReach, 'changed' | 'shown'> {
	/** Work under a lease begins without waiting for it. */
	withoutLease?: boolean;
	/** Spill files are lost as soon as they are written. */
	disksLost?: boolean;
}

/** Several processes on two hosts, one store, virtual time; what the worlds of both services share. */
export abstract class SimulatedWorld {
	readonly time: VirtualTime;

	/** Whether anything but plain use has happened. */
	disturbed = false;

	/** The processes whose next spills are their last deed. */
	crashAtSpill = 0;

	/** For the statistics: how often each thing happened. */
	readonly counts: Record<string, number> = {};

	protected readonly store: SqliteDatabase;

	private readonly file = new DatabaseSync(':memory:');

	/** What the store held when it was last backed up. */
	private backup: StoreBackup | undefined;

	protected readonly sealer = new Sealer(KEY);

	protected readonly processes: SimulatedProcess[] = [];

	protected readonly pending = new Set<Pending>();

	private readonly insideLease = new Map<string, Inside[]>();

	/** Leases that are given back with a save, from the moment that save is sent. */
	private readonly leaving = new WeakSet<LeaseHolding>();

	private readonly alivePids = new Set<number>();

	private readonly leftSpills: LeftSpills;

	private nextPid = 100;

	private violation: Violation | undefined;

	private uninstall = () => {};

	/** @param isUnseen whether no process can see whether another one lives, so that leases have to run out. */
	constructor(
		seed: number,
		private readonly mutations: WorldMutations,
		private readonly isUnseen: boolean,
	) {
		this.time = new VirtualTime(seed);
		this.store = new SqliteDatabase(this.file, ':memory:', { now: this.time.wall });
		this.leftSpills = new LeftSpills(this.store, () => this.time.now);
	}

	abstract begin(): Promise<void>;

	/** Ends all disturbances, waits for everything, and looks whether all is as it must be. */
	abstract finish(): Promise<void>;

	/** A process has opened its vault; it may have been started again after a crash. */
	protected abstract opened(vault: Vault, process: SimulatedProcess, index: number): void;

	/** Runs after each write of any process. */
	protected abstract checkStore(statements: readonly SqlStatement[]): Promise<void>;

	/** Told of each process that begins, before anything runs in it. */
	protected prepare(_process: SimulatedProcess): void {}

	/** Told of each process that has died. */
	protected died(_process: SimulatedProcess): void {}

	/** A secret has reached a disk. */
	protected spilled(_spill: Spill): void {}

	end(): void {
		for (const process of this.processes) process.alive = false;
		this.uninstall();
		void this.store.close();
	}

	process(index: number): SimulatedProcess | undefined {
		return this.processes[index];
	}

	/** The store as it is now may be what it falls back to. */
	takeSnapshot(): void {
		this.backup = new StoreBackup(this.file);
	}

	/** Sets the store back. @returns false where nothing was backed up */
	protected restoreSnapshot(): boolean {
		this.backup?.restore();
		return this.backup !== undefined;
	}

	count(what: string, times = 1): void {
		this.counts[what] = (this.counts[what] ?? 0) + times;
	}

	/** Lets time pass and reports what went wrong meanwhile. */
	async advance(ms: number, stop: () => boolean = () => false): Promise<void> {
		await this.time.advance(ms, () => this.violation !== undefined || stop());
		this.throwViolation();
	}

	protected violate(what: string): void {
		this.violation ??= new Violation(what);
	}

	protected throwViolation(): void {
		if (this.violation) throw this.violation;
	}

	/** Takes the place of clocks and process state and starts the processes. */
	protected async startAll(): Promise<void> {
		const { time } = this;
		restartCrypto();
		const realStartTimeOf = systemProcessTable.startTimeOf;
		const uninstallStates = installProcessStates();
		time.install({ set: (ms, run) => runningProcess().timer(ms, run) });
		systemProcessTable.startTimeOf = (pid) => (this.alivePids.has(pid) ? String(pid) : undefined);
		this.uninstall = () => {
			systemProcessTable.startTimeOf = realStartTimeOf;
			time.uninstall();
			uninstallStates();
		};
		clearDisks((spill) => this.spillWritten(spill), this.mutations.disksLost === true);
		for (let index = 0; index < PROCESSES; index += 1) await this.start(index);
	}

	/** Waits until every process runs and nothing is under way. */
	protected async quiet(): Promise<void> {
		const thawed = () => this.processes.every((process) => process.isRunning || !process.alive);
		await this.advance(60 * MINUTE, thawed);
		await this.settled();
		if (this.pendingOfTheLiving() > 0) this.violate('a request never ended');
		// Restarts of crashed processes and background saves.
		await this.advance(MINUTE);
		await this.settled();
	}

	protected async settled(): Promise<void> {
		await this.advance(60 * MINUTE, () => this.pendingOfTheLiving() === 0);
	}

	protected begun<T extends object>(process: SimulatedProcess, more: T): Pending & T {
		const { disturbances } = process;
		const pending = { process, since: this.time.now, disturbances, ...more };
		this.pending.add(pending);
		return pending;
	}

	protected isPidAlive(pid: number): boolean {
		return this.alivePids.has(pid);
	}

	/** Whether something runs in a process under this lease. */
	protected isUnderLease(process: SimulatedProcess, name: string): boolean {
		return this.insideLease.get(name)?.some((one) => one.process === process) === true;
	}

	private pendingOfTheLiving(): number {
		return [...this.pending].filter(({ process }) => process.alive).length;
	}

	private spillWritten(spill: Spill): void {
		this.spilled(spill);
		if (this.crashAtSpill === 0) return;
		this.crashAtSpill -= 1;
		this.count('crashes right after a spill');
		runningProcess().crashAfter = 0;
	}

	private async start(index: number): Promise<void> {
		const pid = this.nextPid++;
		const process = new SimulatedProcess(
			`process ${index}`,
			HOSTS[index] ?? 'host a',
			pid,
			!this.isUnseen,
			this.time,
			() => this.crashed(index),
		);
		this.alivePids.add(pid);
		const { changed, shown } = this.mutations;
		const database = new ModelDatabase({
			store: this.store,
			process,
			now: () => this.time.now,
			latency: () => 1 + this.time.random.next() * 8,
			written: async (statements) => {
				const violation = await this.leftSpills.look(process, statements);
				if (violation !== undefined) this.violate(violation);
				await this.checkStore(statements);
			},
			...(changed ? { changed } : {}),
			...(shown ? { shown } : {}),
		});
		this.prepare(process);
		const opening = process.run(async () => {
			const vault = await Vault.open(
				database,
				new Sealer(KEY),
				{},
				{
					timing: DEFAULT_LEASE_TIMING,
				},
			);
			this.watchLeases(vault, process);
			this.processes[index] = process;
			this.opened(vault, process, index);
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
		const process = this.processes[index];
		if (!process) return;
		this.alivePids.delete(process.pid);
		this.leftSpills.died(process);
		this.died(process);
		this.time.schedule(3_000, () => void this.start(index));
	}

	private watchLeases(vault: Vault, process: SimulatedProcess): void {
		const saveSecret = vault.saveSecret.bind(vault);
		vault.saveSecret = async (save, age, lease) => {
			if (lease !== undefined) this.leaving.add(lease);
			return await saveSecret(save, age, lease);
		};
		const withLease = vault.withLease.bind(vault);
		vault.withLease = async (name, options, work) => {
			const { disturbances } = process;
			if (this.mutations.withoutLease !== true) {
				return await withLease(name, options, async (holding, begun) =>
					this.enter({ process, disturbances }, holding, async () => await work(holding, begun)),
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
			return await work(holding, undefined);
		};
	}

	/** @param holder as it was when it asked: a store that falls back after that may have lost its lease. */
	private async enter<T>(
		holder: { process: SimulatedProcess; disturbances: number },
		holding: LeaseHolding,
		work: () => Promise<T>,
	): Promise<T> {
		const { process } = holder;
		const { name } = holding;
		const mine = { ...holder, since: this.time.now, holding };
		const inside = this.insideLease.get(name) ?? [];
		// Who stood still after the lease was his may have lost it: he finds that out before he sends anything.
		const isSure = (one: Inside) =>
			one.process.alive &&
			one.process.disturbances === one.disturbances &&
			!this.leaving.has(one.holding);
		const rival = isSure(mine) ? inside.find(isSure) : undefined;
		if (rival) this.violate(`${process.name} and ${rival.process.name} hold one lease`);
		this.insideLease.set(name, [...inside, mine]);
		try {
			return await work();
		} finally {
			const left = (this.insideLease.get(name) ?? []).filter((other) => other !== mine);
			this.insideLease.set(name, left);
		}
	}
}
