import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { findSecrets, findSecretsIn } from '../../../support/n8n/secretSearch';

const secret = 'canary/4711+secret=value';

describe('search for secrets', () => {
	let folder: string;

	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'secret-search-'));
	});

	afterEach(() => {
		rmSync(folder, { recursive: true, force: true });
	});

	it.each(['', 'a', 'ab'])('finds a secret inside base64 after %p', (before) => {
		const text = `x ${Buffer.from(`${before}${secret}:rest`).toString('base64')} y`;
		expect(findSecretsIn(text, [secret], 'log')).toEqual([{ secret, place: 'log' }]);
	});

	it('finds a secret URL encoded', () => {
		expect(findSecretsIn(`?a=${encodeURIComponent(secret)}`, [secret], 'log')).toHaveLength(1);
	});

	it('finds nothing in a text without it', () => {
		expect(findSecretsIn('canary/4711 and value', [secret], 'log')).toEqual([]);
	});

	it('finds a long value in a database table that is still in the write-ahead log', async () => {
		const database = new DatabaseSync(join(folder, 'database.sqlite'));
		database.exec('PRAGMA journal_mode = WAL; CREATE TABLE execution_data (id INT, data TEXT)');
		const long = `${'x'.repeat(20_000)}${secret}${'x'.repeat(20_000)}`;
		database.prepare('INSERT INTO execution_data VALUES (1, ?)').run(long);
		expect(await findSecrets(folder, [secret])).toEqual([
			{ secret, place: 'database.sqlite: execution_data.data' },
		]);
		database.close();
	});

	it('looks into files in sub-folders, but not into installed packages', async () => {
		mkdirSync(join(folder, 'storage/node_modules'), { recursive: true });
		writeFileSync(join(folder, 'storage/data.json'), `{"token":"${secret}"}`);
		writeFileSync(join(folder, 'storage/node_modules/index.js'), secret);
		expect(await findSecrets(folder, [secret])).toEqual([{ secret, place: 'storage/data.json' }]);
	});
});
