import { resetProcess } from './resetProcess';
import type { Engine, SessionStore, SessionStores } from './sessionStore';
import { startSessionStores, useStore } from './sessionStore';
import { WorkerProcess } from './workerProcess';
import type { SwitchChanges } from '../../../simulators/DocuWare';
import { DocuWareSimulator } from '../../../simulators/DocuWare';

/** What a test gets: a simulator, a store of its own, and worker processes on it. */
export interface DocuWareBench {
	/** Starts the simulator of this test. */
	simulator(switches?: SwitchChanges): Promise<DocuWareSimulator>;
	/** The store of this test. */
	readonly store: SessionStore;
	/** Starts a worker process on the store, with further variables and a command. */
	worker(env?: NodeJS.ProcessEnv, args?: string[]): Promise<WorkerProcess>;
	/** Forgets what this process knows, as a restart of it does. */
	restart(): Promise<void>;
}

/** Gives each test of a `describe` its own bench and cleans up after it. */
export function useDocuWare(engine: Engine = 'sqlite'): DocuWareBench {
	let stores: SessionStores;
	let store: SessionStore;
	let leave = () => {};
	const simulators: DocuWareSimulator[] = [];
	const workers: WorkerProcess[] = [];
	beforeAll(async () => {
		stores = await startSessionStores(engine);
	});
	beforeEach(async () => {
		store = await stores.create();
		leave = useStore(store);
	});
	afterEach(async () => {
		await Promise.all(workers.splice(0).map(async (worker) => await worker.end('SIGKILL')));
		await resetProcess();
		await Promise.all(simulators.splice(0).map(async (simulator) => await simulator.close()));
		leave();
		await store.close();
	});
	afterAll(async () => await stores.close());
	return {
		get store() {
			return store;
		},
		simulator: async (switches = {}) => {
			const simulator = await DocuWareSimulator.start({ switches });
			simulators.push(simulator);
			return simulator;
		},
		worker: async (env, args) => {
			const worker = await WorkerProcess.start(store, env, args);
			workers.push(worker);
			return worker;
		},
		restart: resetProcess,
	};
}
