import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { itemsBelow } from '../../../../nodes/shared/vault/rows/items';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { ENGINES } from '../../../support/chain/chainStore';
import { useChanges, type ChangeRun } from './support/changeBench';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));

const names = ({ rows }: ChangeRun) => rows.map(({ Name }) => Name);
const kinds = ({ rows }: ChangeRun) => rows.map(({ change }) => change);

describe.each(ENGINES)('changes on %s', (engine) => {
	const bench = useChanges(engine);

	beforeEach(() => {
		jest.mocked(createAccessTokenSource).mockImplementation(async () => await bench.source());
	});

	const account = async (Name: string) =>
		String((await bench.write('POST', 'crm/Accounts', { Name })).ID);

	it('come again until they are confirmed, and then those that came since', async () => {
		const first = await bench.get();
		expect(kinds(first)).toEqual(Array.from({ length: 3 }, () => 'created or changed'));
		expect(first.rows[0]).toEqual(
			expect.objectContaining({
				recordId: expect.any(String) as string,
				Name: expect.any(String) as string,
				cursor: expect.stringMatching(/^x1\./) as string,
			}),
		);
		expect(first.rows[0]).not.toHaveProperty('Timestamp');
		const id = await account('New');
		await bench.otherProcess();
		const again = await bench.get();
		expect(names(again)).toEqual([...names(first), 'New']);
		expect(await again.confirm({}, 4)).toEqual([
			{
				...{ confirmed: 1, outdated: 0 },
				cursors: [
					{
						node: 'Exact Online',
						of: `sync/CRM/Accounts ${FIRST_DIVISION}`,
						outcome: 'confirmed',
					},
				],
			},
		]);
		await bench.write('PUT', `crm/Accounts(guid'${id}')`, { Name: 'Changed' });
		const gone = String(first.rows[0]?.recordId);
		await bench.write('DELETE', `crm/Accounts(guid'${gone}')`);
		const next = await bench.get();
		expect(next.rows).toEqual([
			expect.objectContaining({ recordId: id, change: 'created or changed', Name: 'Changed' }),
			expect.objectContaining({
				recordId: gone,
				change: 'deleted',
				deletedAt: expect.stringMatching(/^\d{4}-/) as string,
			}),
		]);
		await next.confirm();
		expect((await bench.get()).rows).toEqual([]);
	});

	it('of two runs at once are joined: the older moves nothing back, and a failed one hides nothing', async () => {
		const older = await bench.get();
		await account('Second');
		await bench.otherProcess();
		const younger = await bench.get();
		await account('Third');
		await younger.confirm();
		expect(await older.confirm()).toEqual([expect.objectContaining({ confirmed: 1 })]);
		const failed = await bench.get();
		expect(names(failed)).toEqual(['Third']);
		await account('Fourth');
		const other = await bench.get();
		expect(names(other)).toEqual(['Third', 'Fourth']);
		await other.confirm();
		expect((await bench.get()).rows).toEqual([]);
	});

	it('many runs that confirm at once end where the furthest has come', async () => {
		const runs = await Promise.all([1, 2, 3, 4, 5].map(async () => await bench.get()));
		await account('Last');
		const last = await bench.get();
		await Promise.all([last, ...runs].map(async (one) => await one.confirm()));
		expect((await bench.get()).rows).toEqual([]);
	});

	it('under a limit come in parts, deletions too, and none is left out', async () => {
		const [gone] = (await bench.get()).rows;
		await account('Fourth');
		await bench.write('DELETE', `crm/Accounts(guid'${String(gone?.recordId)}')`);
		const options = { mostRows: 2 };
		const parts: unknown[][] = [];
		for (let part = 0; part < 3; part += 1) {
			const run = await bench.get({ options });
			parts.push(kinds(run));
			await run.confirm();
		}
		expect(parts).toEqual([
			['created or changed', 'created or changed'],
			['created or changed', 'deleted'],
			[],
		]);
	});

	it('Confirm at Once needs no confirming', async () => {
		expect((await bench.get({ options: { confirmAtOnce: true } })).rows).toHaveLength(3);
		expect((await bench.get()).rows).toEqual([]);
	});
});

describe('changes', () => {
	const bench = useChanges('sqlite');

	beforeEach(() => {
		jest.mocked(createAccessTokenSource).mockImplementation(async () => await bench.source());
	});

	it('of a run by hand move nothing on, and it says so', async () => {
		const byHand = await bench.get({}, { mode: 'manual' });
		expect(byHand.rows).toHaveLength(3);
		expect(byHand.hints).toEqual([
			{ message: expect.stringContaining('by hand') as string, type: 'warning' },
		]);
		expect(await byHand.confirm()).toEqual([{ confirmed: 0, outdated: 0, cursors: [] }]);
		expect((await bench.get()).rows).toHaveLength(3);
	});

	it('of an agent are twenty rows, and confirming is refused', async () => {
		bench.simulator.addRows(
			FIRST_DIVISION,
			'crm/Accounts',
			Array.from({ length: 30 }, (_none, n) => ({ Name: `Account ${n}` })),
		);
		const tool = { nodeType: 'n8n-nodes-exactonline-docuware.exactOnlineTool' };
		const read = await bench.get({}, tool);
		expect(read.rows).toHaveLength(20);
		// Whoever goes on behind the cursor has seen all rows before it.
		const withCursor = read.rows.filter(({ cursor }) => cursor !== undefined);
		expect(withCursor).toEqual([read.rows.at(-1)]);
		const { rows } = await bench.get({ output: 'raw' }, tool);
		expect(rows.at(-1)?.note).toContain('Shortened for an AI agent');
		expect(rows.some(({ cursor }) => cursor !== undefined)).toBe(false);
		await expect(read.confirm()).rejects.toThrow('EXACT_NOT_FOR_AI');
		expect((await bench.get()).rows).toHaveLength(33);
	});

	it('that were confirmed can be confirmed once more, though what was told is kept in one place alone', async () => {
		const run = await bench.get();
		const vault = await bench.vault();
		const notes = async (scope: string) =>
			await vault.read(() => itemsBelow(scope, '')).then((all) => all.map(([, text]) => text));
		expect(await notes('pendingCursors1')).toEqual([expect.stringContaining('"told"')]);
		await run.confirm();
		expect(await notes('pendingCursors1')).toEqual([]);
		expect(await notes('confirmedCursors1')).toEqual([expect.not.stringContaining('"told"')]);
		expect(await run.confirm()).toEqual([expect.objectContaining({ confirmed: 1 })]);
		expect(await notes('cursors1')).toEqual([expect.stringContaining('"told"')]);
		expect((await bench.get()).rows).toEqual([]);
	});

	it('cannot be confirmed by an execution that has read none, nor for another node', async () => {
		const run = await bench.get();
		await expect(run.confirm({ node: 'Other' })).rejects.toThrow(
			/"Other" has read no changes in this execution; others have: "Exact Online".*EXACT_NOTHING_TO_CONFIRM/s,
		);
		expect(await run.confirm({ node: 'Exact Online' })).toEqual([
			expect.objectContaining({ confirmed: 1 }),
		]);
		const elsewhere = await bench.get({}, { executionId: 'with nothing new' });
		expect(elsewhere.rows).toEqual([]);
		// What has no rows is confirmed already; Confirm Changes may follow all the same.
		expect(await elsewhere.confirm()).toEqual([expect.objectContaining({ confirmed: 1 })]);
		const stranger = await bench.get({}, { mode: 'manual', executionId: 'stranger' });
		expect(stranger.rows).toEqual([]);
	});

	it('have a cursor for each node, entity and division', async () => {
		await (await bench.get()).confirm();
		expect((await bench.get({}, { nodeId: 'other' })).rows).toHaveLength(3);
		bench.simulator.reset();
		const both = await bench.get({ options: { severalDivisions: 'all' } });
		// Once for the list of divisions, once for their moves.
		expect(bench.simulator.counters.apiCallsByEndpoint['system/Divisions']).toBe(2);
		const divisions = new Set(both.rows.map(({ division }) => division));
		expect(divisions.size).toBe(7);
		expect(divisions.has(FIRST_DIVISION)).toBe(false);
		const [answer] = await both.confirm();
		expect(answer?.confirmed).toBe(divisions.size + 1);
		expect((await bench.get({ options: { severalDivisions: 'all' } })).rows).toEqual([]);
		expect((await bench.get({ entity: 'item' })).rows.length).toBeGreaterThan(0);
	});

	it('a run that was read before the node began anew confirms nothing', async () => {
		const before = await bench.get();
		bench.simulator.moveDivision(FIRST_DIVISION);
		const after = await bench.get();
		expect(await before.confirm()).toEqual([
			expect.objectContaining({ confirmed: 0, outdated: 1 }),
		]);
		expect((await bench.get()).rows).toHaveLength(3);
		expect(await after.confirm()).toEqual([expect.objectContaining({ confirmed: 1 })]);
	});
});
