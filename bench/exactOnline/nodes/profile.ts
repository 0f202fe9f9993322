import { mkdirSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';

/** Where profiles go, if they are wanted. */
const FOLDER = process.env.BENCH_PROFILE;

/** Begins a CPU profile; ends it, writes `<name>-<time>.cpuprofile`. Nothing where none is wanted. */
export function startProfile(): (name: string) => void {
	if (FOLDER === undefined) return () => undefined;
	const session = new Session();
	session.connect();
	session.post('Profiler.enable');
	session.post('Profiler.setSamplingInterval', { interval: 500 });
	session.post('Profiler.start');
	return (name) => {
		session.post('Profiler.stop', (error, answer) => {
			if (error) throw error;
			mkdirSync(FOLDER, { recursive: true });
			const file = join(FOLDER, `${name}-${Date.now()}.cpuprofile`);
			writeFileSync(file, JSON.stringify(answer.profile));
		});
		session.disconnect();
	};
}
