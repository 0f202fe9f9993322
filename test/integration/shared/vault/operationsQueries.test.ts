import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { connect, failureOf, passTime } from '../../../support/chain/chainFixture';
import { openChain, startChainStores } from '../../../support/chain/chainStore';
import type { StoreLocation } from '../../../support/chain/workerMessages';
import { runSql } from '../../../support/postgres/testPostgres';
import { ExactOnlineSimulator } from '../../../simulators/ExactOnline';

type Rows = Array<Record<string, unknown>>;

/** The statements of SQL in a guide, in their order. */
function statementsOf(guide: string): string[] {
	const text = readFileSync(join(__dirname, '../../../../docs', guide), 'utf8');
	return [...text.matchAll(/```sql\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
		block.split(';').filter((statement) => statement.trim() !== ''),
	);
}

/** Reads as an administrator does beside the vault. */
function readerOf(location: StoreLocation): (statement: string) => Promise<Rows> {
	if (location.engine === 'postgres') {
		return async (statement) => await runSql(new URL(location.url), statement);
	}
	return (statement) => {
		const database = new DatabaseSync(location.file, { readOnly: true });
		const rows = database.prepare(statement).all() as Rows;
		database.close();
		return Promise.resolve(rows);
	};
}

const queries = statementsOf('operations.md');

it.each(['sqlite', 'postgres'] as const)(
	'the queries of docs/operations.md tell of a lost connection, on %s',
	async (engine) => {
		const stores = await startChainStores(engine);
		const simulator = await ExactOnlineSimulator.start();
		const store = await stores.create();
		const { location } = store;
		try {
			const opened = await openChain(store);
			const lost = connect(simulator);
			const well = connect(simulator, lost.presenter, { user: 1 });
			await opened.chain.getToken(lost, 'normal');
			await opened.chain.getToken(well, 'normal');
			await passTime(simulator, opened, lost, 601);
			simulator.faults.token.push({ kind: 'answer', name: 'oldRefreshToken' });
			await failureOf(opened.chain.getToken(lost, 'normal'));
			const ask = readerOf(location);
			const [broken, byDay, lapsing, uses, leases] = await Promise.all(queries.map(ask));
			expect(queries).toHaveLength(5);
			expect(broken).toMatchObject([
				{ service: 'exactonline', broken_code: 'EXACT_OLD_REFRESH_TOKEN' },
			]);
			expect(byDay).toMatchObject([{ kind: 'refresh', outcome: 'lost' }]);
			expect(Number(byDay?.[0]?.attempts)).toBe(1);
			expect(lapsing).toHaveLength(1);
			expect(Number(lapsing?.[0]?.lapses_at)).toBeGreaterThan(Date.now());
			expect([uses, leases]).toEqual([[], []]);
			if (engine === 'postgres') {
				const [log] = await Promise.all(statementsOf('vault.md').map(ask));
				expect(log).toMatchObject([{ kind: 'refresh', outcome: 'lost' }]);
			}
			await opened.close();
		} finally {
			await simulator.close();
			await store.close();
			await stores.close();
		}
	},
);
