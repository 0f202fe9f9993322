import { processState } from '../../nodes/shared/process/processState';

/** No receiver is woken later any more, as where the process has ended; else it happens behind the end of the test. */
export function forgetPlannedWakes(): void {
	const planned = processState('plannedWakes1', () => new Map<string, { timer: NodeJS.Timeout }>());
	for (const { timer } of planned.values()) clearTimeout(timer);
	planned.clear();
}
