import { invoices } from './fileClient';
import { cookiesOf, logOn } from './platformClient';
import { useSignedIn } from './useSignedIn';

const signedIn = useSignedIn();

describe('the trash bin', () => {
	const query = {
		Condition: [],
		SortOrder: [{ Field: 'DELETEDATETIME', Direction: 'Desc' }],
		ForceRefresh: true,
		Operation: 'And',
		Start: 0,
		Count: 100,
	};
	const headers = { accept: 'application/vnd.docuware.platform.documentstable+json' };

	interface TrashTable {
		Count: { Value: number };
		Headers: Array<{ FieldName: string }>;
		Rows: unknown[][];
	}

	function idsIn({ Headers, Rows }: TrashTable): string[] {
		const at = Headers.findIndex(({ FieldName }) => FieldName === 'ID');
		return Rows.map((row) => String(row[at]));
	}

	it('has what was deleted, gives it back and lets it go', async () => {
		const { call, simulator } = await signedIn();
		simulator.addDocuments(invoices, [{ COMPANY: 'A' }, { COMPANY: 'B' }, { COMPANY: 'C' }]);
		for (const id of [1, 2]) {
			expect((await call('DELETE', `Documents/${id}`)).status).toBe(200);
			simulator.advanceClock(1000);
		}
		expect((await call('GET', 'Documents/1')).status).toBe(404);
		expect((await call('DELETE', 'Documents/1')).status).toBe(404);
		const table = (await call('POST', '/TrashBin/Query', query, headers)).json() as TrashTable;
		expect(table.Count.Value).toBe(2);
		const [second = '', first = ''] = idsIn(table);
		expect(first).toMatch(/^tr_[0-9a-f-]{36}-\d+$/);
		expect((await call('POST', '/TrashBin/BatchRestore', { Id: [first, 'tr_x'] })).json()).toEqual({
			FailedItems: [{ Id: 'tr_x', ErrorMessage: expect.any(String) as unknown }],
			SuccessCount: 1,
		});
		expect((await call('POST', '/TrashBin/BatchDelete', { Id: [second] })).json()).toEqual({
			FailedItems: [],
			SuccessCount: 1,
		});
		expect(simulator.state.documents.inCabinet(invoices).map(({ id }) => id)).toEqual([1, 3]);
		const rest = (await call('POST', '/TrashBin/Query', query, headers)).json() as TrashTable;
		expect(rest.Rows).toEqual([]);
	});

	it('is searched as LV does, and not seen without the right to delete', async () => {
		const { call, simulator } = await signedIn();
		simulator.addDocuments(invoices, [{ COMPANY: 'A' }, { COMPANY: 'B' }]);
		for (const id of [1, 2]) await call('DELETE', `Documents/${id}`);
		const Condition = [
			{ DBName: 'COMPANY', Value: ['"B"'] },
			{
				DBName: 'DELETEDATETIME',
				Value: ['1970-01-01T00:00:00.000000Z', '2099-01-01T00:00:00.000000Z'],
			},
		];
		const answer = await call('POST', '/TrashBin/Query', { ...query, Condition });
		expect((answer.json() as TrashTable).Rows).toHaveLength(1);
		const cookie = cookiesOf(
			await logOn(simulator, { UserName: 'reader', Password: 'look, do not touch' }),
		);
		const hidden = await call('POST', '/TrashBin/Query', query, { cookie });
		expect((hidden.json() as TrashTable).Rows).toEqual([]);
	});
});
