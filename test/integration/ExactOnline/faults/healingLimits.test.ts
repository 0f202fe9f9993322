import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { exactChainPolicy } from '../../../../nodes/ExactOnline/auth/chainPolicy';
import type { Environment } from '../../../../nodes/shared/process/environment';
import { TokenChain } from '../../../../nodes/shared/tokenChain/tokenChain';
import type { Authorization, Presenter } from '../../../../nodes/shared/tokenChain/types';
import { closeVaults, openVault } from '../../../../nodes/shared/vault/place/openVault';
import { closeAttempt, insertAttempt } from '../../../../nodes/shared/vault/rows/attempts';
import type { VaultRecord } from '../../../../nodes/shared/vault/rows/records';
import { listRecords, updateRecord } from '../../../../nodes/shared/vault/rows/records';
import { rivalsOf } from '../../../../nodes/shared/vault/rows/rivals';
import { rememberedSave } from '../../../../nodes/shared/vault/spending/lastSecrets';
import type { Vault } from '../../../../nodes/shared/vault/vault';
import { ExactOnlineSimulator } from '../../../simulators/ExactOnline';
import {
	connect,
	failureOf,
	forgetMemory,
	HOOK,
	passTime,
} from '../../../support/chain/chainFixture';
import { ChainProcess } from '../../../support/chain/chainProcess';
import { TELL_OWNER } from '../../../support/chain/chainStore';

const VAULT = 'N8N_EXACTONLINE_DOCUWARE_VAULT';
const KEY = 'N8N_EXACTONLINE_DOCUWARE_VAULT_KEY';
const PREVIOUS = 'N8N_EXACTONLINE_DOCUWARE_VAULT_KEY_PREVIOUS';
const MOVE_FROM = 'N8N_EXACTONLINE_DOCUWARE_VAULT_MOVE_FROM';

/** The access token has ended. */
const OVER_SECONDS = 601;

const OTHER: Presenter = {
	credentialId: 'credential-b',
	credentialName: 'Exact Online B',
	instanceId: 'instance-1',
	duplicatePolicy: 'takeOver',
};

/**
 * A process remembers the pair of generation 2, and the store it uses knows only the first one: what
 * people have decided in that store stands (docs/architecture.md, rule 6).
 */
describe('a store that fell back', () => {
	let folder: string;
	let env: Environment;
	let simulator: ExactOnlineSimulator;
	let authorization: Authorization;
	let vault: Vault;
	let chain: TokenChain;
	/** As it stood with the first pair. */
	let first: VaultRecord;

	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'healing-'));
		env = { N8N_USER_FOLDER: folder, [KEY]: 'the first key' };
		simulator = await ExactOnlineSimulator.start();
		// Where "too early" is checked first the same answer comes a window later (`auth/readings`).
		simulator.configure({ tooEarlyCheckedFirst: false });
		authorization = connect(simulator);
		await open(env);
		await chain.getToken(authorization, 'normal');
		await passTime(simulator, { vault }, authorization, OVER_SECONDS);
		first = await stored();
		await chain.getToken(authorization, 'normal');
		expect(rememberedSave(vault.vaultId, first.id)?.spentGeneration).toBe(1);
	});
	afterEach(async () => {
		await closeVaults();
		await simulator.close();
		forgetMemory();
		await rm(folder, { recursive: true, force: true });
	});

	async function open(place: Environment): Promise<void> {
		await closeVaults();
		vault = await openVault(place);
		chain = new TokenChain(vault, exactChainPolicy, TELL_OWNER);
		forgetMemory();
	}

	async function stored(): Promise<VaultRecord> {
		const [record] = await vault.read(() => listRecords('exactonline'));
		return record!;
	}

	async function fallBack(): Promise<void> {
		await vault.write(() => updateRecord(first));
		forgetMemory();
	}

	/** Whoever spends the first pair is told that it is old: the pair in memory was not brought in. */
	async function expectNotHealed(code = 'EXACT_OLD_REFRESH_TOKEN'): Promise<void> {
		expect(await failureOf(chain.getToken(authorization, 'normal'))).toMatchObject({ code });
		expect(simulator.counters).toMatchObject({ refreshesGranted: 1, oldTokenUses: 1 });
		const rivals = await vault.read(() => rivalsOf(first.id));
		expect(rivals.filter(({ origin }) => origin === 'healed')).toEqual([]);
	}

	it('is healed where nobody has decided anything', async () => {
		await fallBack();
		await expect(chain.getToken(authorization, 'normal')).resolves.toMatchObject({ generation: 3 });
		expect(simulator.counters).toMatchObject({ tokenPosts: 1, oldTokenUses: 0 });
	});

	it('and whose pair another process has met as "too early" hands no ended token out', async () => {
		await fallBack();
		const attempt = { id: 'another', recordId: first.id, identity: first.identity, generation: 1 };
		await vault.write(function* () {
			yield* insertAttempt({ ...attempt, kind: 'refresh', spentFingerprint: '', holder: null });
			yield* closeAttempt('another', 'tooEarly', null);
		});
		const otherSecret = { ...authorization, clientSecret: 'another', presenter: HOOK };
		const served = await chain.getToken(otherSecret, 'normal').catch(() => undefined);
		expect(served?.accessToken).not.toBe(authorization.pair.accessToken);
	});

	it('is not healed where it was begun anew (MOVE_FROM=none)', async () => {
		const { issuedAt } = authorization;
		authorization = { ...authorization, issuedAt: issuedAt! - OVER_SECONDS * 1000 };
		const database = `sqlite:${join(folder, 'other.sqlite')}`;
		await open({ ...env, [VAULT]: database, [MOVE_FROM]: 'none' });
		await expectNotHealed('EXACT_VAULT_MISSING_OR_RESTORED');
		expect(await vault.read(() => listRecords('exactonline'))).toEqual([]);
	});

	it('is not healed where its key was changed', async () => {
		await open({ ...env, [KEY]: 'the second key', [PREVIOUS]: 'the first key' });
		const { id } = first;
		const secret = authorization.pair;
		first = { ...first, sealed: vault.sealSecret(id, 1, secret) };
		await fallBack();
		await expectNotHealed();
	});

	it('is not healed over Release', async () => {
		await fallBack();
		await chain.release(authorization);
		const released = await stored();
		expect(released).toMatchObject({ owner: null, generation: 1 });
		await expect(vault.heal(released)).resolves.toBe(false);
		expect(await stored()).toEqual(released);
	});

	it('is not healed over Take Over', async () => {
		await fallBack();
		const takes = connect(simulator, OTHER);
		await chain.getToken(takes, 'normal');
		await passTime(simulator, { vault }, takes, OVER_SECONDS);
		const { accessToken } = await chain.getToken(takes, 'normal');
		const taken = await stored();
		expect(taken.owner).toMatchObject({ credentialId: OTHER.credentialId });
		await expect(vault.heal(taken)).resolves.toBe(false);
		expect(await stored()).toEqual(taken);
		await expect(chain.getToken(takes, 'normal')).resolves.toMatchObject({ accessToken });
	});

	it('is not healed over a reconnect', async () => {
		await fallBack();
		const again = connect(simulator);
		const { accessToken } = await chain.getToken(again, 'normal');
		expect(accessToken).toBe(again.pair.accessToken);
		await vault.heal(await stored());
		forgetMemory();
		await expect(chain.getToken(again, 'normal')).resolves.toMatchObject({ accessToken });
		await passTime(simulator, { vault }, again, OVER_SECONDS);
		await expect(chain.getToken(again, 'normal')).resolves.toBeDefined();
		expect(simulator.counters).toMatchObject({ refreshesGranted: 2, oldTokenUses: 0 });
	});

	it('that is a restored backup gets the pair that waits in a spill file', async () => {
		const file = join(folder, '.n8n', 'exactonline-docuware-vault.sqlite');
		await passTime(simulator, { vault }, authorization, OVER_SECONDS);
		await closeVaults();
		await copyFile(file, join(folder, 'backup'));
		const spillFolder = join(folder, '.n8n', 'exactonline-docuware-spill');
		const dying = await ChainProcess.start(
			{ location: { engine: 'sqlite', file }, spillFolder, close: async () => {} },
			{ key: 'the first key', killAt: 'saving' },
		);
		await expect(dying.getToken(authorization)).rejects.toThrow();
		for (const end of ['', '-wal', '-shm']) await rm(`${file}${end}`, { force: true });
		await copyFile(join(folder, 'backup'), file);
		await open(env);
		await expect(chain.getToken(authorization, 'normal')).resolves.toMatchObject({ generation: 3 });
		const { userId } = simulator.world.users[0]!;
		const live = simulator.liveRefreshToken(authorization.clientId, userId);
		expect(vault.openSecret(await stored())).toMatchObject({ refreshToken: live });
		expect(simulator.counters).toMatchObject({ tokenPosts: 2, oldTokenUses: 0 });
	});
});
