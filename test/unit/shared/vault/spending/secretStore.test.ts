import { DatabaseSync } from 'node:sqlite';

import type { SqlDatabase } from '../../../../../nodes/shared/vault/database/sqlDatabase';
import { SqliteDatabase } from '../../../../../nodes/shared/vault/database/sqliteDatabase';
import { forgetRival } from '../../../../../nodes/shared/vault/rows/forgotten';
import { insertRecord, readRecord } from '../../../../../nodes/shared/vault/rows/records';
import { insertRival } from '../../../../../nodes/shared/vault/rows/rivals';
import { prepareSchema } from '../../../../../nodes/shared/vault/rows/schema';
import { Sealer } from '../../../../../nodes/shared/vault/sealing';
import { SecretStore } from '../../../../../nodes/shared/vault/spending/secretStore';
import { secretSubject } from '../../../../../nodes/shared/vault/spending/secretSave';
import type { Vault } from '../../../../../nodes/shared/vault/vault';
import { sampleRecord } from '../../../../integration/shared/vault/support/sampleRecord';
import { asItIs, eachStatement } from '../../../../support/chain/eachStatement';
import { openFaultyVault } from './support/faultyVault';

const SLOW_MS = 700;

it('never takes a secret for older than it is, however slow the store answers', async () => {
	let now = 1_000_000;
	const inner = new SqliteDatabase(new DatabaseSync(':memory:'), ':memory:', { now: () => now });
	const sealer = new Sealer({ secret: 'key', source: 'test' });
	await prepareSchema(inner, sealer);
	const sealSecret: Vault['sealSecret'] = (id, generation, secret) =>
		sealer.seal(JSON.stringify(secret), secretSubject(id, generation));
	const record = sampleRecord({ sealSecret });
	await inner.write(() => insertRecord(record));
	const slow: SqlDatabase = {
		engine: inner.engine,
		location: inner.location,
		read: async (transaction) => await inner.read(transaction),
		close: async () => await inner.close(),
		write: async (transaction) =>
			await inner.write(() =>
				eachStatement(transaction(), function* (statement) {
					const rows = yield* asItIs(statement);
					now += SLOW_MS;
					return rows;
				}),
			),
	};
	const receivedAt = now;
	const save = {
		recordId: record.id,
		spentGeneration: record.generation,
		sealed: sealer.seal('{}', secretSubject(record.id, record.generation + 1)),
		meta: {},
		requestedAt: receivedAt - 50,
		receivedAt,
		attemptId: 'attempt-1',
	};
	const ages = () => ({ requestedAgoMs: now - receivedAt + 50, receivedAgoMs: now - receivedAt });
	const store = new SecretStore(slow, sealer);
	expect(await store.store(save, ages)).toBe('saved');
	const saved = await inner.read(() => readRecord(record.id));
	expect(saved?.generation).toBe(record.generation + 1);
	expect(saved?.receivedAt).toBeGreaterThanOrEqual(receivedAt);
	expect(saved?.receivedAt).toBeLessThanOrEqual(now);
	expect(saved?.requestedAt).toBe((saved?.receivedAt ?? 0) - 50);
	await inner.close();
});

it('drops what comes in late for a pair beside a record that was forgotten', async () => {
	const { vault, record } = await openFaultyVault();
	const rival = { id: 'rival-1', recordId: record.id, generation: 1, fingerprint: 'digest' };
	const nothing = { authorization: null, secretFingerprint: null, lifeMs: null, at: null };
	await vault.write(() =>
		insertRival({
			...rival,
			...nothing,
			origin: 'claimed',
			state: 'waiting',
			reconnect: false,
			sealed: vault.sealSecret(rival.id, 1, 'pair'),
			triedAt: null,
			note: null,
		}),
	);
	await vault.write(() => forgetRival(rival));
	const late = {
		recordId: rival.id,
		spentGeneration: 1,
		sealed: vault.sealSecret(rival.id, 2, 'late pair'),
		meta: {},
		requestedAt: 1,
		receivedAt: 2,
		attemptId: 'attempt-1',
	};
	await expect(new SecretStore(vault.database, vault.sealer).store(late)).resolves.toBe(
		'forgotten',
	);
	await vault.close();
});
