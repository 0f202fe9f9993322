import { conditionsOf } from '../../../../nodes/DocuWare/search/conditions';
import { queryBody } from '../../../../nodes/DocuWare/search/expression';
import type { SearchOperator } from '../../../../nodes/DocuWare/search/operators';
import { withPlainTimes } from '../../../../nodes/DocuWare/search/plainTimes';

const HOUR = 3_600_000;

function plain(name: string, operator: SearchOperator, value: unknown, clock = 0) {
	const row = { field: name, operator, value };
	const conditions = conditionsOf({ name, type: 'DateTime' }, row);
	const list = withPlainTimes({ operation: 'And', conditions }, clock);
	return list.conditions.map(({ Value }) => Value);
}

describe('times without a zone', () => {
	it('are those of the clock of the service, to the second', () => {
		expect(plain('RECEIVED', 'from', '2026-04-07T10:00:00.5Z')).toEqual([
			['2026-04-07T10:00:00', null],
		]);
		expect(plain('RECEIVED', 'from', '2026-12-31T23:30:00Z', HOUR)).toEqual([
			['2027-01-01T00:30:00', null],
		]);
	});

	it('end with their second, and of the times that DocuWare writes itself with all of it', () => {
		expect(plain('RECEIVED', 'is', '2026-04-07')).toEqual([
			['2026-04-07T00:00:00', '2026-04-07T23:59:59'],
		]);
		for (const name of ['DWSTOREDATETIME', 'dwmoddatetime', 'DELETEDATETIME']) {
			expect(plain(name, 'is', '2026-04-07')).toEqual([
				['2026-04-07T00:00:00', '2026-04-08T00:00:00'],
			]);
		}
	});

	it('are made of times alone', () => {
		expect(plain('RECEIVED', 'isEmpty', undefined)).toEqual([['EMPTY()']]);
		const text = conditionsOf(
			{ name: 'CODE', type: 'Text' },
			{ field: 'CODE', operator: 'from', value: '2026-04-07T10:00:00Z' },
		);
		expect(withPlainTimes({ operation: 'Or', conditions: text }, HOUR)).toEqual({
			operation: 'Or',
			conditions: text,
		});
	});

	it('are told from others without a word of it in what is sent', () => {
		const row = { field: 'RECEIVED', operator: 'from' as const, value: '2026-04-07' };
		const conditions = conditionsOf({ name: 'RECEIVED', type: 'DateTime' }, row);
		expect(queryBody({ operation: 'And', conditions }, { sort: [] }).Condition).toEqual([
			{ DBName: 'RECEIVED', Value: ['2026-04-07T00:00:00Z', null] },
		]);
	});
});
