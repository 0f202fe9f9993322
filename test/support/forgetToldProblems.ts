import { processState } from '../../nodes/shared/process/processState';

/** As after the hour in which the same problem of a node is logged once. */
export function forgetToldProblems(): void {
	processState('toldProblems1', () => new Map<string, number>()).clear();
}
