import type { SqlDatabase } from '../../../../nodes/shared/vault/database/sqlDatabase';
import { InForceDatabase } from '../../../../nodes/shared/vault/inForceDatabase';

/** A store whose transactions end when the test says so. */
function heldStore() {
	const ends: Array<(ends: 'well' | 'badly') => void> = [];
	const held = async () =>
		await new Promise<never>((resolve, reject) => {
			ends.push((how) => (how === 'well' ? resolve(undefined as never) : reject(new Error('no'))));
		});
	const store = { engine: 'sqlite', location: 'here', read: held, write: held };
	return { database: new InForceDatabase(store as unknown as SqlDatabase, 'check'), ends };
}

function* nothing() {}

it('is working a queue off while more wait than run and the store answers', async () => {
	const { database, ends } = heldStore();
	const asked = [1, 2, 3, 4, 5].map(async () => await database.read(nothing).catch(() => 'failed'));
	// It has answered nothing yet: nobody knows whether it is there.
	expect(database.isWorkingOff).toBe(false);
	ends.shift()?.('badly');
	await asked[0];
	expect(database.isWorkingOff).toBe(false);
	ends.shift()?.('well');
	await asked[1];
	expect(database.isWorkingOff).toBe(true);
	ends.shift()?.('well');
	await asked[2];
	// The other two have their turn.
	expect(database.isWorkingOff).toBe(false);
	for (const end of ends) end('well');
	await Promise.all(asked);
});

it('is not where the store has fallen silent', async () => {
	const { database, ends } = heldStore();
	const asked = [1, 2, 3, 4].map(async () => await database.write(nothing));
	ends.shift()?.('well');
	await asked[0];
	expect(database.isWorkingOff).toBe(true);
	const now = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 5_001);
	expect(database.isWorkingOff).toBe(false);
	now.mockRestore();
	for (const end of ends) end('well');
	await Promise.all(asked);
});
