import { readFileSync } from 'node:fs';

import { until } from '../until';

/** Resolves once the system shows the process as stopped (SIGSTOP). */
export async function untilStopped(pid: number): Promise<void> {
	await until(() => /^\d+ \(.*\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
}
