import type { ExactOnlineSimulator, LogEntry } from '../../simulators/ExactOnline';
import { packageName } from '../../support/n8n';

/** What the calls of the workers tell of themselves; see `workerPreload.js`. */
export class StartedCalls {
	/** Calls by worker. */
	readonly byWorker: Record<string, number> = {};

	/** Versions of the package that workers had, in the order of their calls. */
	readonly versions: Record<string, string[]> = {};

	/** Calls that were started when their token had ended, as texts. */
	readonly withEndedToken: string[] = [];

	private readonly end: () => void;

	/** Counts from now on. */
	constructor(simulator: ExactOnlineSimulator) {
		this.end = simulator.log.on('processed', (entry) => this.count(entry));
	}

	stop(): void {
		this.end();
	}

	private noteVersion(worker: string, version: string): void {
		const earlier = (this.versions[worker] ??= []);
		if (earlier.at(-1) !== version) earlier.push(version);
	}

	private count(entry: LogEntry): void {
		const endsAt = Number(entry.tags['tokenEndsAt'] ?? Infinity);
		const started = /started\/(\d+)/.exec(entry.userAgent)?.[1];
		if (started === undefined || entry.path === '/api/oauth2/token') return;
		const worker = workerOf(entry);
		this.byWorker[worker] = (this.byWorker[worker] ?? 0) + 1;
		this.noteVersion(worker, versionOf(entry));
		if (Number(started) >= endsAt) {
			this.withEndedToken.push(`${entry.path} ${Number(started) - endsAt} ms after its token`);
		}
	}
}

/** Version of the package that has made a call. */
function versionOf({ userAgent }: LogEntry): string {
	const [name, version] = userAgent.split(' ')[0]?.split('/') ?? [];
	if (name !== packageName || version === undefined) throw new Error(`Not ours: ${userAgent}`);
	return version;
}

/** Name of the worker that has made a call. */
export function workerOf({ userAgent }: Pick<LogEntry, 'userAgent'>): string {
	const name = /worker-\d+/.exec(userAgent)?.[0];
	if (name === undefined) throw new Error(`No worker of the fleet: ${userAgent}`);
	return name;
}
