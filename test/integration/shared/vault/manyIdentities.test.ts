import { isConnectorError } from '../../../../nodes/shared/errors';
import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import type { SqlDatabase } from '../../../../nodes/shared/vault/database/sqlDatabase';
import { query } from '../../../../nodes/shared/vault/database/transaction';
import { moveVault } from '../../../../nodes/shared/vault/place/moveVault';
import { writeMeta } from '../../../../nodes/shared/vault/rows/meta';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import { Sealer } from '../../../../nodes/shared/vault/sealing';
import { Vault } from '../../../../nodes/shared/vault/vault';
import { ExactOnlineSimulator } from '../../../simulators/ExactOnline';
import {
	connect,
	CREDENTIAL_A,
	passTimeInVault,
	TEST_KEY,
} from '../../../support/chain/chainFixture';
import { ChainProcess } from '../../../support/chain/chainProcess';
import type { ChainStore, ChainStores, Engine } from '../../../support/chain/chainStore';
import { openStoreDatabase, startChainStores } from '../../../support/chain/chainStore';

const IDENTITIES = 50;

/** Past the end of an access token: whoever asks has to wait for a new one. */
const UNTIL_ENDED_S = 601;

/** Outcomes of asking for a token of each identity: a generation or an error code. */
type Outcome = number | string;

const ALL_SAVED = (generation: number): Outcome[] =>
	Array.from({ length: IDENTITIES }, () => generation);

let simulator: ExactOnlineSimulator;
let aheadS: number;
let authorizations: Authorization[];
const closing: Array<() => Promise<unknown>> = [];

beforeEach(async () => {
	aheadS = 0;
	simulator = await ExactOnlineSimulator.start({
		clock: () => Date.now() + aheadS * 1000,
		switches: { minutelyLimit: 1_000_000 },
		users: Array.from({ length: IDENTITIES }, (_, number) => ({
			userId: `0b7c3a52-7d1e-4f6b-8a90-${number.toString(16).padStart(12, '0')}`,
			userName: `user.${number}`,
			fullName: `User ${number}`,
			email: `user.${number}@example.com`,
			divisions: [3_100_007],
		})),
	});
	closing.push(async () => await simulator.close());
	authorizations = Array.from({ length: IDENTITIES }, (_, user) =>
		connect(simulator, { ...CREDENTIAL_A, credentialId: `credential-${user}` }, { user }),
	);
});

afterEach(async () => {
	for (const close of closing.splice(0).reverse()) await close();
});

async function storesOf(engine: Engine): Promise<ChainStores> {
	const stores = await startChainStores(engine);
	closing.push(async () => await stores.close());
	return stores;
}

async function newStore(stores: ChainStores): Promise<ChainStore> {
	const store = await stores.create();
	closing.push(async () => await store.close());
	return store;
}

async function start(store: ChainStore): Promise<ChainProcess> {
	const process = await ChainProcess.start(store);
	closing.push(async () => await process.end());
	return process;
}

async function databaseOf(store: ChainStore): Promise<SqlDatabase> {
	const database = await openStoreDatabase({ store: store.location });
	closing.push(async () => await database.close());
	return database;
}

function sealer(): Sealer {
	return new Sealer({ secret: TEST_KEY, source: 'the test' });
}

/** All identities at once. */
async function askAll(process: ChainProcess): Promise<Outcome[]> {
	return await Promise.all(authorizations.map(async (one) => await ask(process, one)));
}

/** A run that waits too long, as on a busy machine, comes again. */
async function ask(process: ChainProcess, authorization: Authorization): Promise<Outcome> {
	const outcome = await process.getToken(authorization).then(
		({ generation }) => generation,
		(error: unknown) => (isConnectorError(error) ? error.code : String(error)),
	);
	return outcome === 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE'
		? await ask(process, authorization)
		: outcome;
}

/** All access tokens end, at the service, in the store and in these processes. */
async function endAll(store: ChainStore, ...processes: ChainProcess[]): Promise<void> {
	aheadS += UNTIL_ENDED_S;
	const database = await openStoreDatabase({ store: store.location });
	const vault = await Vault.open(database, sealer(), {}, { spillFolders: [store.spillFolder] });
	await passTimeInVault(vault, UNTIL_ENDED_S);
	await vault.close();
	for (const process of processes) await process.passTime(UNTIL_ENDED_S);
}

function expectNoneLost(): void {
	expect(simulator.counters).toMatchObject({ tooEarly: 0, oldTokenUses: 0 });
}

it('a move while fifty identities refresh loses no pair', async () => {
	const before = await newStore(await storesOf('sqlite'));
	const after = await newStore(await storesOf('postgres'));
	const old = await start(before);
	expect(await askAll(old)).toEqual(ALL_SAVED(1));
	await endAll(before, old);

	const first = ask(old, authorizations[0]!);
	const others = askAll(old);
	await first;
	const moved = moveVault(
		{ database: await databaseOf(before), sealer: sealer() },
		{ database: await databaseOf(after), sealer: sealer() },
	);
	// Each was refreshed before the move, or was told that the vault is elsewhere.
	const outcomes = await others;
	expect(outcomes.filter((one) => one !== 2 && one !== 'VAULT_MOVED')).toEqual([]);
	expect(await moved).toBe(true);

	const later = await start(after);
	expect(await askAll(later)).toEqual(ALL_SAVED(2));
	await endAll(after, old, later);
	expect(new Set(await askAll(old))).toEqual(new Set(['VAULT_MOVED']));
	expect(await askAll(later)).toEqual(ALL_SAVED(3));
	expectNoneLost();
});

it.each(['sqlite', 'postgres'] as const)(
	'an update of the vault while fifty identities refresh loses no pair, and stops what is too old (%s)',
	async (engine) => {
		const store = await newStore(await storesOf(engine));
		const [old, later] = [await start(store), await start(store)];
		const database = await databaseOf(store);
		expect(await askAll(old)).toEqual(ALL_SAVED(1));
		await endAll(store, old);

		// What a later version adds, readable from the present one on; it works beside this one.
		const update = (oldestReader: number) =>
			database.write(function* () {
				yield* writeMeta('schema_version', '99');
				yield* writeMeta('oldest_reader', String(oldestReader));
			});
		const asked = Promise.all([askAll(old), askAll(later)]);
		await database.write(() => query(`ALTER TABLE ${TABLES.record} ADD COLUMN added_later TEXT`));
		await update(1);
		expect(await asked).toEqual([ALL_SAVED(2), ALL_SAVED(2)]);

		await endAll(store, old, later);
		const stopping = askAll(old);
		await update(99);
		const outcomes = await stopping;
		const stopped = ['VAULT_SCHEMA_TOO_NEW', 'VAULT_SAVE_FAILED'];
		expect(outcomes.filter((one) => one !== 3 && !stopped.includes(String(one)))).toEqual([]);
		expect(new Set(await askAll(later))).toEqual(new Set(['VAULT_SCHEMA_TOO_NEW']));

		// A version that may read it finds every pair, those received too late for a save in their spills.
		await update(1);
		expect(await askAll(later)).toEqual(ALL_SAVED(3));
		expectNoneLost();
	},
);
