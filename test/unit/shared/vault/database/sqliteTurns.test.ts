import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loopShare } from '../../../../../nodes/shared/vault/database/loopShare';
import { SqliteDatabase } from '../../../../../nodes/shared/vault/database/sqliteDatabase';
import { query } from '../../../../../nodes/shared/vault/database/transaction';

const LIMIT_MS = 100;

it('a write that has waited long for its turn waits for another process all the same', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'turns-'));
	const file = join(folder, 'vault.sqlite');
	const [own, other] = [new DatabaseSync(file), new DatabaseSync(file)];
	own.exec('PRAGMA busy_timeout = 0');
	own.exec('CREATE TABLE one (value INTEGER)');
	other.exec('BEGIN IMMEDIATE');
	const database = new SqliteDatabase(own, file, { busyLimitMs: LIMIT_MS });
	// The turn is taken, so that what comes now has to wait.
	const taken = loopShare().run(() => undefined);
	const others = loopShare().run(() => {
		const until = performance.now() + LIMIT_MS;
		while (performance.now() < until);
	});
	let hasTried = false;
	const written = database.write(() => {
		hasTried = true;
		return query('INSERT INTO one VALUES (1)');
	});
	// The lock is met, and given back, only after the turn has come.
	const exec = own.exec.bind(own);
	own.exec = (sql) => {
		own.exec = exec;
		setImmediate(() => other.exec('COMMIT'));
		exec(sql);
	};
	await Promise.all([taken, others]);
	await expect(written).resolves.toEqual([]);
	expect(hasTried).toBe(true);
	for (const one of [own, other]) one.close();
	rmSync(folder, { recursive: true });
});
