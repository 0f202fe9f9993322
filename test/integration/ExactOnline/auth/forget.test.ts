import { readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';

import { forget } from '../../../../nodes/ExactOnline/auth/authorizationActions';
import { NodeAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { chainMemory } from '../../../../nodes/shared/tokenChain/memory';
import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { query } from '../../../../nodes/shared/vault/database/transaction';
import type { VaultRecord } from '../../../../nodes/shared/vault/rows/records';
import { listRecords } from '../../../../nodes/shared/vault/rows/records';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import { logInOf } from '../../../../nodes/shared/vault/spending/healing';
import { rememberedSave, rememberSave } from '../../../../nodes/shared/vault/spending/lastSecrets';
import type { SecretSave } from '../../../../nodes/shared/vault/spending/secretSave';
import {
	connect,
	CREDENTIAL_A,
	CREDENTIAL_B,
	failureOf,
	forgetMemory,
	passTime,
} from '../../../support/chain/chainFixture';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { ENGINES } from '../../../support/chain/chainStore';
import { useChain } from '../../../support/chain/useChain';
import { awayFromMidnight } from '../../../support/awayFromMidnight';

const ORIGIN = { workflowId: 'workflow-1', executionId: 'execution-7' };

describe.each(ENGINES)('Forget on %s', (engine) => {
	const bench = useChain(engine);
	let opened: OpenedChain;
	let owner: Authorization;

	beforeEach(async () => {
		// The errors name the day.
		await awayFromMidnight();
		opened = await bench.open();
		owner = connect(bench.simulator);
	});

	async function token(authorization: Authorization) {
		return await opened.chain.getToken(authorization, 'normal');
	}

	async function forgetBy(authorization: Authorization) {
		const readAgain = async () => await Promise.resolve(authorization);
		const source = new NodeAccessTokenSource(opened.chain, authorization, readAgain);
		return await forget(source, undefined, ORIGIN);
	}

	async function refreshed(): Promise<string> {
		await token(owner);
		await passTime(bench.simulator, opened, owner, 601);
		forgetMemory();
		return (await token(owner)).accessToken;
	}

	async function recordNow(): Promise<VaultRecord> {
		const [record] = await opened.vault.read(() => listRecords('exactonline'));
		return record!;
	}

	async function rows(table: string) {
		return await opened.vault.read(() => query(`SELECT * FROM ${table}`));
	}

	/** Every sealed text in the store, and in files on this host. */
	async function sealedTexts(): Promise<string[]> {
		const stored = [...(await rows(TABLES.record)), ...(await rows(TABLES.rival))];
		const { spillFolder } = bench.store;
		const names = await readdir(spillFolder).catch(() => []);
		const files = names.map(async (name) => await readFile(join(spillFolder, name), 'utf8'));
		const spilled = (await Promise.all(files)).filter((text) => text.includes('"sealed"'));
		return [
			...stored.map(({ sealed }) => String(sealed)).filter((text) => text !== ''),
			...spilled,
		];
	}

	async function expectForgotten(authorization: Authorization): Promise<void> {
		forgetMemory();
		const before = bench.simulator.counters.tokenPosts;
		const error = await failureOf(token(authorization));
		expect(error).toMatchObject({ code: 'EXACT_FORGOTTEN', retryable: false });
		expect(error.message).toContain(`Forget on ${new Date().toISOString().slice(0, 10)}`);
		expect(bench.simulator.counters.tokenPosts).toBe(before);
	}

	/** As a process that stood still brings it in: what it received for the generation it had spent. */
	function lateSave(record: VaultRecord): SecretSave {
		const { id: recordId, generation: spentGeneration } = record;
		const pair = { accessToken: 'late', refreshToken: 'late', lifeMs: 600_000 };
		return {
			recordId,
			spentGeneration,
			sealed: opened.vault.sealSecret(recordId, spentGeneration + 1, pair),
			meta: {},
			requestedAt: Date.now(),
			receivedAt: Date.now(),
			attemptId: 'attempt of a process that stood still',
			logIn: logInOf(record),
		};
	}

	it('ends the log-in for good: nothing sealed is left, nothing is sent, and the log tells who did it', async () => {
		await refreshed();
		await expect(forgetBy(owner)).resolves.toMatchObject({ forgotten: true, scope: 'connection' });
		expect(await sealedTexts()).toEqual([]);
		await expectForgotten(owner);
		await expectForgotten({ ...owner, presenter: CREDENTIAL_B });
		const events = (await rows(TABLES.attempt)).filter(({ kind }) => kind === 'forget');
		expect(events).toMatchObject([
			{ outcome: 'noted', detail: 'workflow workflow-1, execution execution-7' },
		]);
		await expect(forgetBy(owner)).resolves.toMatchObject({ forgotten: true });
	});

	// Red before: what a process has left on the disk that nobody can see was left to it.
	it('forgets a pair too that a process has left on the disk when it died', async () => {
		await refreshed();
		await passTime(bench.simulator, opened, owner, 601);
		forgetMemory();
		const dying = await bench.start({ killAt: 'saving', isUnseen: true });
		await expect(dying.getToken(owner)).rejects.toThrow();
		await dying.exited;
		await expect(forgetBy(owner)).resolves.toMatchObject({ forgotten: true, scope: 'connection' });
		const refreshes = (await rows(TABLES.attempt)).filter(({ kind }) => kind === 'refresh');
		expect(refreshes.map(({ outcome }) => outcome)).toEqual(['saved', 'saved']);
		const { spillFolder } = bench.store;
		const old = new Date(Date.now() - 31_000);
		for (const name of await readdir(spillFolder)) await utimes(join(spillFolder, name), old, old);
		await opened.vault.replayUnsaved();
		expect(await sealedTexts()).toEqual([]);
		await expectForgotten(owner);
	});

	if (engine === 'sqlite') {
		it('leaves no sealed text of before in the file of the database, or in its log', async () => {
			await refreshed();
			const { sealed } = await recordNow();
			const { location } = bench.store;
			const file = location.engine === 'sqlite' ? location.file : '';
			const bytes = async () =>
				Buffer.concat(
					await Promise.all(
						['', '-wal'].map(
							async (end) => await readFile(`${file}${end}`).catch(() => Buffer.alloc(0)),
						),
					),
				);
			expect((await bytes()).includes(sealed)).toBe(true);
			await forgetBy(owner);
			expect((await bytes()).includes(sealed)).toBe(false);
			// Nor a part of it.
			expect((await bytes()).includes(sealed.slice(40, 80))).toBe(false);
		});
	}

	it('frees the identity: a new Connect begins a fresh record, for another credential too', async () => {
		await refreshed();
		const before = await recordNow();
		await forgetBy(owner);
		const next = connect(bench.simulator, CREDENTIAL_B);
		await token(next);
		const record = await recordNow();
		expect(record).toMatchObject({ identity: before.identity, generation: 1 });
		expect(record.id).not.toBe(before.id);
		expect(record.owner?.credentialId).toBe('credential-b');
		await expectForgotten(owner);
		await passTime(bench.simulator, opened, next, 601);
		forgetMemory();
		await expect(token(next)).resolves.toMatchObject({ generation: 2 });
		expect(bench.simulator.counters.oldTokenUses).toBe(0);
	});

	it('is not undone by what comes in late, or by what another process remembers', async () => {
		await refreshed();
		const record = await recordNow();
		const remembered = rememberedSave(opened.vault.vaultId, record.id)!;
		await forgetBy(owner);
		rememberSave(opened.vault.vaultId, remembered);
		const age = () => ({ requestedAgoMs: 1, receivedAgoMs: 0 });
		await expect(opened.vault.saveSecret(lateSave(record), age)).resolves.toBe('superseded');
		await expectForgotten(owner);
		expect(await sealedTexts()).toEqual([]);
	});

	it('ends what another process has in memory with its next check', async () => {
		const present = await refreshed();
		const { tokens, authorizations } = chainMemory();
		const elsewhere = [[...tokens], [...authorizations]] as const;
		await forgetBy(owner);
		for (const [key, value] of elsewhere[0]) tokens.set(key, value);
		for (const [key, value] of elsewhere[1]) authorizations.set(key, value);
		await expect(token(owner)).resolves.toMatchObject({ accessToken: present });
		for (const known of authorizations.values()) known.checkUntil = -Infinity;
		expect(await failureOf(token(owner))).toMatchObject({ code: 'EXACT_FORGOTTEN' });
	});

	it('waits for a refresh under way, and forgets what it brought', async () => {
		await token(owner);
		await passTime(bench.simulator, opened, owner, 601);
		forgetMemory();
		const hold = bench.simulator.hold('tokenProcessed');
		const refresh = token(owner);
		const held = await hold.waiting();
		const forgotten = forgetBy(owner);
		held.release();
		await expect(refresh).resolves.toMatchObject({ generation: 2 });
		await expect(forgotten).resolves.toMatchObject({ forgotten: true });
		expect(await sealedTexts()).toEqual([]);
		await expectForgotten(owner);
	});

	it('takes in a spill of a dead process first, and leaves none', async () => {
		await token(owner);
		await passTime(bench.simulator, opened, owner, 601);
		const worker = await bench.start({ killAt: 'saving' });
		await expect(worker.getToken(owner)).rejects.toThrow();
		forgetMemory();
		expect((await sealedTexts()).length).toBe(2);
		await forgetBy(owner);
		expect(await sealedTexts()).toEqual([]);
		await expectForgotten(owner);
	});

	it('ends the pairs beside the own one; their log-ins are known as forgotten', async () => {
		await refreshed();
		const second = connect(bench.simulator, CREDENTIAL_B);
		expect(await failureOf(token(second))).toMatchObject({ code: 'EXACT_DUPLICATE_IDENTIFIER' });
		expect(await rows(TABLES.rival)).toHaveLength(1);
		await forgetBy(owner);
		expect(await rows(TABLES.rival)).toHaveLength(0);
		await expectForgotten({ ...second, presenter: CREDENTIAL_A });
		expect(await sealedTexts()).toEqual([]);
	});

	it('ends no more than the pair that a newcomer without proof has brought', async () => {
		const leaked = await refreshed();
		const forger = {
			...owner,
			pair: { ...owner.pair, accessToken: leaked, refreshToken: 'invented' },
			presenter: { ...CREDENTIAL_B, duplicatePolicy: 'share' as const },
		};
		await token(forger);
		expect(await failureOf(opened.chain.release(forger))).toMatchObject({ code: 'EXACT_UNPROVED' });
		expect((await recordNow()).owner?.credentialId).toBe('credential-a');
		await expect(forgetBy(forger)).resolves.toMatchObject({ scope: 'ownLogIn' });
		forgetMemory();
		expect(await failureOf(token(forger))).toMatchObject({ code: 'EXACT_FORGOTTEN' });
		await expect(token(owner)).resolves.toMatchObject({ accessToken: leaked });
	});

	it('asks for a client secret that the service has accepted', async () => {
		const present = await refreshed();
		const wrong = { ...owner, clientSecret: 'a wrong one' };
		expect(await failureOf(forgetBy(wrong))).toMatchObject({ code: 'EXACT_UNPROVED' });
		await expect(token(owner)).resolves.toMatchObject({ accessToken: present });
	});

	it('ends a log-in that nobody has used yet without asking the service', async () => {
		await forgetBy(owner);
		expect(bench.simulator.counters).toMatchObject({ tokenPosts: 0 });
		await expectForgotten(owner);
		expect(await sealedTexts()).toEqual([]);
		expect(await opened.vault.read(() => listRecords('exactonline'))).toEqual([]);
	});
});
