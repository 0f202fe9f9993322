import { ChainProcess } from './chainProcess';
import type { ChainStore, ChainStores, Engine, OpenedChain } from './chainStore';
import { openChain, startChainStores } from './chainStore';
import { connect, forgetMemory, passTime } from './chainFixture';
import type { WorkerOptions } from './workerMessages';
import type { Authorization } from '../../../nodes/shared/tokenChain/types';
import type { LeaseTiming } from '../../../nodes/shared/vault/leaseHolding';
import {
	ExactOnlineSimulator,
	type ExactOnlineSimulatorOptions,
} from '../../simulators/ExactOnline';

/** What a test gets: a simulator, a store of its own, and the processes that share it. */
export interface ChainBench {
	readonly simulator: ExactOnlineSimulator;
	/** What made the store. */
	readonly stores: ChainStores;
	readonly store: ChainStore;
	/** Opens the store in this process; each further time stands for another process of one n8n. */
	open(timing?: LeaseTiming): Promise<OpenedChain>;
	/** Starts a worker process on the store. */
	start(options?: Partial<Omit<WorkerOptions, 'spillFolder'>>): Promise<ChainProcess>;
	/** A registered connection whose access token has ended, and nobody in this process knows it. */
	expiredConnection(): Promise<Authorization>;
}

/**
 * Gives each test of a file or `describe` its own bench and cleans up after it.
 * @param engine or how its stores are started.
 */
export function useChain(
	engine: Engine | (() => Promise<ChainStores>) = 'sqlite',
	options: ExactOnlineSimulatorOptions = {},
): ChainBench {
	let stores: ChainStores;
	let store: ChainStore;
	let simulator: ExactOnlineSimulator;
	const opened: OpenedChain[] = [];
	const workers: ChainProcess[] = [];
	beforeAll(async () => {
		stores = await (typeof engine === 'string' ? startChainStores(engine) : engine());
	});
	beforeEach(async () => {
		simulator = await ExactOnlineSimulator.start(options);
		store = await stores.create();
	});
	afterEach(async () => {
		for (const worker of workers.splice(0)) await worker.end();
		for (const one of opened.splice(0).reverse()) await one.close();
		await simulator.close();
		await store.close();
		forgetMemory();
	});
	afterAll(async () => await stores.close());
	return {
		get simulator() {
			return simulator;
		},
		get stores() {
			return stores;
		},
		get store() {
			return store;
		},
		open: async (timing) => kept(opened, await openChain(store, timing)),
		start: async (worker) => kept(workers, await ChainProcess.start(store, worker)),
		expiredConnection: async () => await expiredConnection(simulator, store),
	};
}

async function expiredConnection(
	simulator: ExactOnlineSimulator,
	store: ChainStore,
): Promise<Authorization> {
	const authorization = connect(simulator);
	const opened = await openChain(store);
	await opened.chain.getToken(authorization, 'normal');
	const { accessTokenLifeSeconds } = simulator.switches;
	await passTime(simulator, opened, authorization, accessTokenLifeSeconds + 1);
	await opened.close();
	forgetMemory();
	return authorization;
}

function kept<T>(list: T[], one: T): T {
	list.push(one);
	return one;
}
