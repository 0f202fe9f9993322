import { version as presentVersion } from '../../../package.json';
import { LATER_VERSION } from '../../support/n8n';
import { until } from '../../support/until';
import type { Fleet } from '../support/fleet';
import { expectOnePostPerLife, overTokenLives } from '../support/overTokenLives';
import { StartedCalls } from '../support/startedCalls';

/** Lives in which each worker gets an execution after the update, unless something is wrong. */
const LIVES_AFTER = 10;

/** Each of three workers has had an execution within this time, from the first connection on, in ms. */
const ALL_WORK_WITHIN_MS = 150_000;

/** Workers get a later version one after another while executions go on; main keeps the present one. */
export function rollingUpdate(fleet: () => Fleet): void {
	it('a later version rolled out under load: each worker ends in order, no execution fails, no token is lost', async () => {
		let updatedAt: number | undefined;
		let lives = 0;
		const calls = new StartedCalls(fleet().exact.simulator);
		const haveLater = () =>
			fleet().workers.every(({ name }) => calls.versions[name]?.at(-1) === LATER_VERSION);
		const load = overTokenLives(fleet(), 'Rolling update', (count) => {
			lives = count;
			if (updatedAt === undefined || count < 2) return true;
			return !haveLater() && count < updatedAt + LIVES_AFTER;
		});
		const ends: unknown[] = [];
		const update = async () => {
			const have = () => fleet().workers.every(({ name }) => calls.versions[name] !== undefined);
			await until(have, { pollMs: 200, limitMs: ALL_WORK_WITHIN_MS });
			for (const worker of fleet().workers) {
				ends.push(await worker.stop());
				await worker.installLater();
				await worker.startAgain();
			}
		};
		await Promise.all([load, update().finally(() => (updatedAt = lives))]);
		calls.stop();
		expect(ends).toEqual(fleet().workers.map(() => ({ code: 0, signal: null })));
		expectOnePostPerLife(await load, lives);
		// Each worker worked before and after, with the version that it had.
		const both = [presentVersion, LATER_VERSION];
		expect(calls.versions).toEqual(
			Object.fromEntries(fleet().workers.map(({ name }) => [name, both])),
		);
		expect(await schemaVersion()).toBe('3');
	});

	/** The later version has brought the vault to its own schema. */
	async function schemaVersion(): Promise<string> {
		const [row] = await fleet().database.sql(
			"SELECT value FROM exactonline_docuware_meta WHERE name = 'schema_version'",
		);
		return String(row?.value);
	}
}
