import {
	DocuWareSimulator,
	type DocuWareSimulatorOptions,
} from '../../../simulators/DocuWare/docuWareSimulator';
import type { SwitchChanges } from '../../../simulators/DocuWare/switches';
import { ManualClock } from '../../../simulators/shared/clock';

/** Gives each test of a file its own simulator, on a clock that moves only when told to. */
export function useSimulator(): {
	start: (
		switches?: SwitchChanges,
		options?: DocuWareSimulatorOptions,
	) => Promise<DocuWareSimulator>;
	clock: ManualClock;
} {
	const clock = new ManualClock();
	let running: DocuWareSimulator[] = [];
	afterEach(async () => {
		await Promise.all(running.map(async (simulator) => await simulator.close()));
		running = [];
	});
	return {
		clock,
		start: async (switches = {}, options = {}) => {
			const simulator = await DocuWareSimulator.start({ clock: clock.read, switches, ...options });
			running.push(simulator);
			return simulator;
		},
	};
}
