import type { DocuWareSimulator } from '../../../simulators/DocuWare/docuWareSimulator';
import type { SwitchChanges } from '../../../simulators/DocuWare/switches';
import { fileClient, type FileClient } from './fileClient';
import { useSimulator } from './useSimulator';

/** Gives each test of a file its own simulator, and what sends JSON there as `api`. */
export function useSignedIn(): (
	switches?: SwitchChanges,
) => Promise<{ simulator: DocuWareSimulator; call: FileClient['json'] }> {
	const { start } = useSimulator();
	return async (switches) => {
		const simulator = await start(switches);
		return { simulator, call: (await fileClient(simulator)).json };
	};
}
