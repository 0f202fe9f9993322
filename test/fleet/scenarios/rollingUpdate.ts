import type { Fleet } from '../support/fleet';
import { expectOnePostPerLife, overTokenLives } from '../support/overTokenLives';

/** Workers get a later version one after another while executions go on; main keeps the present one. */
export function rollingUpdate(fleet: () => Fleet): void {
	it('a later version rolled out under load: each worker ends in order, no execution fails, no token is lost', async () => {
		let isUpdating = true;
		let lives = 0;
		const load = overTokenLives(fleet(), 'Rolling update', (count) => {
			lives = count;
			return isUpdating || count < 2;
		});
		const ends: unknown[] = [];
		const update = async () => {
			for (const worker of fleet().workers) {
				ends.push(await worker.stop());
				await worker.installLater();
				await worker.startAgain();
			}
		};
		await Promise.all([load, update().finally(() => (isUpdating = false))]);
		expect(ends).toEqual(fleet().workers.map(() => ({ code: 0, signal: null })));
		expectOnePostPerLife(await load, lives);
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
