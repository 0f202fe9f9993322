import { openPostgresDatabase } from '../../../../nodes/shared/vault/database/openPostgresDatabase';
import type { SqlDatabase } from '../../../../nodes/shared/vault/database/sqlDatabase';
import { putItem, readItem } from '../../../../nodes/shared/vault/rows/items';
import { prepareSchema } from '../../../../nodes/shared/vault/rows/schema';
import { Sealer } from '../../../../nodes/shared/vault/sealing';
import type { StandbyPair } from '../../../support/postgres/standbyPair';
import { describeFailOver, startStandbyPair } from '../../../support/postgres/standbyPair';

describeFailOver('a COMMIT without an answer, and a standby that takes over', () => {
	let servers: StandbyPair;
	let database: SqlDatabase;

	beforeEach(async () => {
		servers = await startStandbyPair();
		database = await openPostgresDatabase(await servers.createDatabase(), {});
		await prepareSchema(database, new Sealer({ secret: 'key', source: 'test' }));
		await servers.caughtUp();
	});
	afterEach(async () => {
		await database.close();
		await servers.close();
	});

	const addOne = async () =>
		await database.write(function* () {
			const item = yield* readItem('s', 'counter');
			yield* putItem('s', 'counter', String(Number(item?.value ?? '0') + 1));
		});
	const counter = async () => (await database.read(() => readItem('s', 'counter')))?.value;

	/**
	 * The primary commits, and the answer never arrives; whoever asks anew reaches a standby in recovery.
	 * @returns the write, which goes on
	 */
	async function commitUnanswered() {
		// One connection is left, which the write takes: no other one leads to the primary.
		servers.address.cut();
		await addOne();
		servers.leadToStandby();
		const lost = servers.address.cutAnswerTo('\0COMMIT\0');
		const written = jest.fn();
		const writing = addOne().then(written);
		await lost;
		return { writing, written };
	}

	it('is run again where the standby has not got it, whatever its number belongs to there', async () => {
		await addOne();
		await servers.caughtUp();
		await servers.stopFollowing();
		const { writing, written } = await commitUnanswered();
		await servers.crashPrimary();
		// The standby gives the number away before anybody asks it.
		servers.leadNowhere();
		await servers.promote();
		for (let taken = 0; taken < 20; taken += 1) await servers.onStandby('SELECT txid_current()');
		expect(written).not.toHaveBeenCalled();
		servers.leadToStandby();
		await writing;
		expect(await counter()).toBe('2');
	});

	it('is not run again where the standby has got it', async () => {
		const { writing, written } = await commitUnanswered();
		await servers.caughtUp();
		await servers.crashPrimary();
		expect(written).not.toHaveBeenCalled();
		await servers.promote();
		await writing;
		expect(await counter()).toBe('2');
	});

	it('is looked up as ever at a server that once was a standby', async () => {
		await servers.crashPrimary();
		await servers.promote();
		servers.leadToStandby();
		await addOne();
		const { writing } = await commitUnanswered();
		await writing;
		expect(await counter()).toBe('3');
	});
});
