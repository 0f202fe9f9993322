import { join } from 'node:path';

import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { openPostgresPool } from '../../../nodes/shared/vault/database/postgresPool';
import { settingsFromUrl } from '../../../nodes/shared/vault/database/postgresSettings';
import { holdExitDuring } from '../../../nodes/shared/process/exitHold';
import { resetProcess } from '../../integration/DocuWare/support/resetProcess';
import { presentFields } from '../../support/exactStandIn';
import { Placeholders } from '../../support/recordings/placeholders';
import {
	PROCESS_STATE,
	ProcessShapes,
	processStates,
} from '../../support/recordings/processShapes';
import { publishedCredential } from '../../support/recordings/publishedTypes';
import { expectAsRecorded } from '../../support/recordings/recording';
import { runPublishedNode } from '../../support/recordings/runPublishedNode';
import {
	fingerprintAsRecorded,
	openAsRecorded,
	RECORDED_HOLDER,
} from '../../support/recordings/storedFormat';
import type { CredentialFields, RestoredVault } from './support/restoredVault';
import { hookToken, openRestoredVault, session } from './support/restoredVault';

/**
 * n8n loads an updated package beside the one that runs. Here the older copy was first: what it has
 * left behind the keys of the process has the members of its time and no others, and this copy has
 * to go on with that. What this copy leaves is compared in the recorded runs (test/integration).
 */

let vault: RestoredVault<unknown> | undefined;

/** What the older copy has made, by key. */
function left(states: Record<string, unknown>): void {
	Object.assign(processStates(), states);
}

async function opened<Recording>(name: string): Promise<RestoredVault<Recording>> {
	const restored = await openRestoredVault<Recording>(name);
	vault = restored;
	return restored;
}

beforeEach(() => {
	(globalThis as { [PROCESS_STATE]?: unknown })[PROCESS_STATE] = {};
});

afterEach(async () => {
	await resetProcess();
	await vault?.close();
	vault = undefined;
});

const vaultIdOf = ({ recording }: RestoredVault<unknown>) =>
	String(recording.rows.meta.find(({ name }) => name === 'vault_id')?.value);

describe('connections to Exact Online', () => {
	const TYPE = 'exactOnlineOAuth2Api';

	interface Recorded {
		connections: Record<'shared', CredentialFields>;
	}

	const APP = '6f1d4c1e-1f0a-4c55-9d0e-2f3a5b7c9d02';
	const IDENTITY_END = `${APP}#0b7c3a52-7d1e-4f6b-8a90-c1d2e3f40501`;

	it('hands out the token that the older copy remembers', async () => {
		const restored = await opened<Recorded>('exactOnline.vault');
		const shared = presentFields(restored.recording.connections.shared);
		const { id } = restored.recorded(IDENTITY_END);
		const tokens = shared.oauthTokenData as { refresh_token: string };
		const fingerprint = fingerprintAsRecorded(
			restored.recording.key,
			...(['authorization', String(shared.baseUrl), APP, tokens.refresh_token] as const),
		);
		const [recordId, now] = [id, performance.now()];
		const remembered = {
			...{ recordId, generation: 2, accessToken: 'remembered', lifeMs: 600_000 },
			...{ requestedAt: now, receivedAt: now, ageUncertain: false },
			validUntilWall: Date.now() + 600_000,
		};
		left({
			tokenChain1: {
				tokens: new Map([[`${vaultIdOf(restored)}|${id}`, remembered]]),
				authorizations: new Map([
					[`${vaultIdOf(restored)}|${fingerprint}`, { recordId, checkUntil: now + 30_000 }],
				]),
				flights: new Map(),
			},
		});
		expect(await hookToken(TYPE, shared)).toBe('remembered');
	});

	it('saves the token that the older copy could not', async () => {
		const restored = await opened<{
			fields: CredentialFields;
			spill: { content: string };
		}>('spill');
		const { recording } = restored;
		const { vaultId, save } = JSON.parse(recording.spill.content) as {
			vaultId: string;
			save: { recordId: string; spentGeneration: number; sealed: string };
		};
		const unsaved = { vaultId, save: { ...save, requestedAt: Date.now(), receivedAt: Date.now() } };
		left({ unsavedSecrets1: new Set([unsaved]) });
		const subject = `${save.recordId}:${save.spentGeneration + 1}`;
		const spilled = openAsRecorded(recording.key, save.sealed, subject);
		const { accessToken } = JSON.parse(spilled) as { accessToken: string };
		expect(await hookToken(TYPE, presentFields(recording.fields))).toBe(accessToken);
		expect(processStates().unsavedSecrets1).toEqual(new Set());
	});

	it.each([
		['the calls of the day', 'divisions', 'EXACT_RATE_LIMIT_DAY'],
		['the errors of the hour', 'errors', 'EXACT_ERROR_BUDGET'],
	] as const)('keeps to %s that the older copy has counted', async (_what, counted, code) => {
		const { recording } = await opened<Recorded>('exactOnline.vault');
		const shared = presentFields(recording.connections.shared);
		const [app, later] = [`${String(shared.baseUrl)}|${APP}`, Date.now() + 3_000_000];
		const day = { remaining: 0, resetAt: later };
		const spent = {
			divisions: new Map([[`${app}|3100007`, { tail: Promise.resolve(), day }]]),
			errors: new Map([
				[`${app}|credential-c|3100007|crm/Accounts`, { recent: [], blockedUntil: later }],
			]),
			divisionLists: new Map(),
		};
		const nothing = { divisions: new Map(), errors: new Map(), divisionLists: new Map() };
		left({ exact1: { ...nothing, [counted]: spent[counted] } });
		const division = { __rl: true, mode: 'id', value: '3100007' };
		const run = runPublishedNode('exactOnline', {
			parameters: { resource: 'account', operation: 'getAll', division },
			credentials: { [TYPE]: { id: 'credential-c', data: shared } },
			executionId: 'execution-1',
		});
		await expect(run).rejects.toThrow(`[${code}]`);
	});
});

describe('sessions at DocuWare', () => {
	interface Recorded {
		connections: Record<'password' | 'token', CredentialFields>;
	}

	const logOn = async (fields: CredentialFields) =>
		await session('logOn', 'docuWareApi', fields, {
			...{ authentication: 'userPassword', includeSecret: true },
		});

	it('uses session, record and server that the older copy remembers', async () => {
		const restored = await opened<Recorded>('docuWare.vault');
		const { password } = restored.recording.connections;
		const { id, identity, generation, meta } = restored.recorded('/platform||api');
		const own = restored.secretOf('/platform||api') as { session: { cookies: string } };
		const cookies = own.session.cookies.replace(
			/("key":"\.DWPLATFORMAUTH","value":")[^"]*/,
			'$1new',
		);
		const { proof, baseUrl } = JSON.parse(String(meta)) as { proof: string; baseUrl: string };
		const vaultId = vaultIdOf(restored);
		left({
			docuWareRecords1: new Map([[`${vaultId}|${identity}`, id]]),
			docuWareSessions1: new Map([
				[
					`${vaultId}|${id}`,
					{
						...{ recordId: id, generation, proof, validUntil: Infinity },
						credential: { kind: 'cookie', cookies },
					},
				],
			]),
			docuWareServers1: new Map([
				[
					`${vaultId}|${baseUrl}`,
					{
						...{ version: '7.9.9', cookieLogOn: true, identityService: null },
						...{ logOnUrl: baseUrl, tokenLogOnUrl: baseUrl, logOffUrl: baseUrl },
					},
				],
			]),
			holder1: RECORDED_HOLDER,
		});
		const found = await logOn(password);
		expect(found.cookie).toMatch(/^\.DWPLATFORMAUTH=new;/);
		expect(found.serverVersion).toBe('7.9.9');
		const marks = restored.raw.written().filter(({ table }) => table === 'use');
		const holders = marks.map(({ row }) => JSON.parse(String(row.holder)) as unknown);
		expect(holders).toContainEqual(RECORDED_HOLDER);
	});

	it('goes to the record that the older copy names', async () => {
		const restored = await opened<Recorded>('docuWare.vault');
		const { identity } = restored.recorded('/platform||api');
		const other = restored.recorded('/platform||peggy.jenkins');
		left({ docuWareRecords1: new Map([[`${vaultIdOf(restored)}|${identity}`, other.id]]) });
		const { password } = restored.recording.connections;
		const status = { authentication: 'userPassword' };
		const found = await session('getStatus', 'docuWareApi', password, status);
		// The session of that record was begun with other log-in data, and that is what is told of it.
		expect(other.id).not.toBe('');
		expect(found).toMatchObject({ sessionReference: null, state: 'open', generation: 0 });
	});

	it('joins a use that the older copy has begun, and does not end it', async () => {
		const restored = await opened<Recorded>('docuWare.vault');
		const { id } = restored.recorded('/platform||api');
		const useId = `http:${RECORDED_HOLDER.uuid}`;
		const use = {
			...{ vault: await openVault(), recordId: id, useId, open: 1, inFlight: 0 },
			...{ lastUsedAt: 0, markedAt: null },
		};
		const uses = new Map([[`${vaultIdOf(restored)}|${id}|${useId}`, use]]);
		left({ docuWareUses1: { uses, heartbeat: undefined }, holder1: RECORDED_HOLDER });
		const { password } = restored.recording.connections;
		const { preAuthentication } = publishedCredential('docuWareApi');
		await preAuthentication!.call({} as never, { ...password, sessionGeneration: '' });
		expect([...uses.values()]).toEqual([use]);
		expect(use).toMatchObject({ open: 1, markedAt: expect.any(Number) as number });
	});

	it('knows what the older copy has noted of a request', async () => {
		const { recording } = await opened<Recorded>('docuWare.vault');
		const credential = { ...recording.connections.password, sessionGeneration: '' };
		left({ docuWareRequests1: new WeakMap<object, unknown>([[credential, 'nothing']]) });
		const { preAuthentication } = publishedCredential('docuWareApi');
		expect(await preAuthentication!.call({} as never, credential)).toEqual({});
	});

	it('takes over what the older copy watches, and keeps it from ending the process', async () => {
		const restored = await opened<Recorded>('docuWare.vault');
		const recorded = restored.recording.connections.password;
		await logOn({ ...recorded, sessionPolicy: 'logOffWhenIdle' });
		const own = processStates().docuWareIdle2 as { watches: Map<string, object> };
		const [[key, watch] = []] = own.watches;
		await resetProcess();

		const watches = new Map([[key, { ...watch, timer: undefined, look: undefined }]]);
		left({ docuWareIdle1: { watches, listens: true } });
		const others = [() => undefined, () => undefined];
		for (const listener of others) process.once('SIGTERM', listener);
		try {
			await logOn({ ...recorded, sessionPolicy: 'logOffWhenIdle' });
			expect(watches.size).toBe(0);
			const { watches: taken } = processStates().docuWareIdle2 as { watches: Map<string, object> };
			const sessions = [...taken.values()].map((one) => (one as { recordId: string }).recordId);
			expect(new Set(sessions)).toEqual(new Set([(watch as { recordId: string }).recordId]));
			expect(sessions).toHaveLength(2);
			// All that listen once are gone when the older copy looks whether somebody is left.
			process.emit('SIGTERM');
			expect(process.listenerCount('SIGTERM')).toBe(1);
		} finally {
			process.removeAllListeners('SIGTERM');
		}
	});
});

describe('the vault', () => {
	it('respects a lease of the older copy, and takes one that it has forgotten', async () => {
		const restored = await opened('docuWare.vault');
		const tokens = new Set(['token-1']);
		left({ holder1: RECORDED_HOLDER, leaseTokens1: tokens });
		restored.raw.run(
			`INSERT INTO exactonline_docuware_lease
				(name, token, holder, acquired_at, expires_at, renewals) VALUES (?1, ?2, ?3, ?4, ?5, 0)`,
			...['record:1', 'token-1', JSON.stringify(RECORDED_HOLDER)],
			...[Date.now(), Date.now() + 25_000],
		);
		const own = await openVault();
		const work = async () => await Promise.resolve('done');
		await expect(own.withLease('record:1', { waitMs: 0 }, work)).rejects.toMatchObject({
			code: 'VAULT_LEASE_TIMEOUT',
		});
		tokens.clear();
		expect(await own.withLease('record:1', { waitMs: 0 }, work)).toBe('done');
	});

	it('runs a transaction as the older copy words it', async () => {
		await opened('docuWare.vault');
		const own = await openVault();
		const seen = await own.read(function* () {
			const clock: unknown = yield { sql: 'store clock', params: [] };
			const there: unknown = yield { sql: 'relation exists', params: ['exactonline_docuware_use'] };
			const missing: unknown = yield { sql: 'relation exists', params: ['nothing'] };
			const sql = 'SELECT value FROM exactonline_docuware_meta WHERE name = $1';
			const rows: unknown = yield { sql, params: ['schema_version'] };
			return { clock, there, missing, rows };
		});
		expect(seen).toEqual({
			clock: [{ now: expect.any(Number) as number }],
			there: [expect.anything()],
			missing: [],
			rows: [{ value: expect.any(String) as string }],
		});
	});

	it('shares a pool of connections to PostgreSQL under the recorded key', async () => {
		const settings = await settingsFromUrl('postgres://u:p@127.0.0.1:1/n8n', 'A_VARIABLE');
		const pool = openPostgresPool(settings, 20_000);
		const shapes = new ProcessShapes();
		shapes.look();
		await pool.close();
		expectAsRecorded(join(__dirname, 'pgPool1.json'), shapes.in(new Placeholders()), {
			mayGrow: ['**'],
		});
	});
});

describe('an orderly exit', () => {
	interface OlderHold {
		running: Set<Promise<unknown>>;
		exit?: typeof process.exit;
		asked: boolean;
	}

	const realExit = process.exit;
	let exits: unknown[];

	beforeEach(() => {
		exits = [];
		// The real one returns from no call.
		process.exit = ((code) => (exits[0] ??= code)) as typeof process.exit;
	});
	afterEach(() => {
		process.exit = realExit;
	});

	/** What the older copy does while work of its own runs. */
	async function olderHold(work: Promise<unknown>): Promise<void> {
		const states = processStates() as { exitHold1?: OlderHold };
		const hold = (states.exitHold1 ??= { running: new Set(), asked: false });
		hold.running.add(work);
		if (hold.exit === undefined) olderStandIn(hold);
		await work;
		hold.running.delete(work);
		if (hold.running.size > 0 || hold.asked) return;
		if (hold.exit) process.exit = hold.exit;
		hold.exit = undefined;
	}

	function olderStandIn(hold: OlderHold): void {
		const { exit } = process;
		hold.exit = exit;
		process.exit = ((code) => {
			if (hold.asked || hold.running.size === 0) exit.call(process, code);
			hold.asked = true;
			void Promise.allSettled([...hold.running]).then(() => exit.call(process, code));
		}) as typeof process.exit;
	}

	it.each([
		['older', 'older'],
		['older', 'own'],
		['own', 'older'],
		['own', 'own'],
	])('waits for the work of both copies: %s begins, %s ends first', async (first, endsFirst) => {
		const ends: Record<string, () => void> = {};
		const begin = (copy: string) => {
			const work = new Promise<void>((resolve) => {
				ends[copy] = resolve;
			});
			return copy === 'own' ? holdExitDuring(async () => await work) : olderHold(work);
		};
		const second = first === 'own' ? 'older' : 'own';
		const held = { [first]: begin(first), [second]: begin(second) };
		ends[endsFirst]!();
		await held[endsFirst];
		process.exit(3);
		await new Promise(setImmediate);
		expect(exits).toEqual([]);
		const last = endsFirst === 'own' ? 'older' : 'own';
		ends[last]!();
		await held[last];
		await new Promise(setImmediate);
		expect(exits).toEqual([3]);
	});

	it('is let alone by both when their work is over', async () => {
		const { exit } = process;
		await Promise.all([
			olderHold(Promise.resolve()),
			holdExitDuring(async () => await Promise.resolve()),
		]);
		await olderHold(Promise.resolve());
		expect(process.exit).toBe(exit);
	});
});
