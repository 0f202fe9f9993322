import { dialog, type Result, three, useSearches } from './searchBench';

const start = useSearches();

describe('counts and select lists', () => {
	it('count what an expression finds', async () => {
		const bench = await start(three);
		const count = async (method: string, body?: object): Promise<unknown> =>
			(await bench.call(method, `Query/CountExpression?DialogId=${dialog(1)}`, body)).json();
		expect(await count('GET')).toEqual({
			Group: [{ Count: 3 }],
			TimeStamp: expect.any(String) as unknown,
		});
		const DialogExpression = { Condition: [{ DBName: 'AMOUNT', Value: ['6', null] }] };
		expect(await count('POST', { DialogExpression })).toMatchObject({ Group: [{ Count: 1 }] });
		expect(await count('POST', DialogExpression)).toMatchObject({ StatusCode: 422 });
	});

	it('list values by prefix, of a dialog or of documents', async () => {
		const bench = await start(three);
		const values = async (digit: number, field: string, body: object): Promise<unknown> =>
			(
				await bench.call(
					'POST',
					`Query/SelectListExpression?DialogId=${dialog(digit)}&FieldName=${field}`,
					body,
				)
			).json();
		expect(await values(1, 'COMPANY', { ValuePrefix: '', Limit: 100 })).toEqual({
			Value: ['Peters', 'Smith (UK)'],
		});
		expect(await values(1, 'COMPANY', { ValuePrefix: 's' })).toEqual({ Value: ['Smith (UK)'] });
		expect(await values(4, 'DOCTYPE', { Limit: 2 })).toEqual({ Value: ['Credit note', 'Invoice'] });
		expect(await values(1, 'KEYWORDS', {})).toEqual({ Value: ['a', 'b'] });
		expect(await values(1, 'AMOUNT', { Typed: true })).toEqual({
			TypedValue: [
				{ Item: 10.5, ItemElementName: 'Decimal' },
				{ Item: 5, ItemElementName: 'Decimal' },
			],
		});
		const DialogExpression = {
			Operation: 'And',
			Condition: [{ DBName: 'COMPANY', Value: ['"Peters"'] }],
		};
		expect(await values(1, 'KEYWORDS', { DialogExpression })).toEqual({ Value: ['a', 'b'] });
		expect(await values(4, 'DOCTYPE', { DialogExpression })).toEqual({ Value: [] });
		expect(await values(4, 'AMOUNT', {})).toMatchObject({ StatusCode: 422 });
	});

	it('are reached by the link of a field of the dialog', async () => {
		const bench = await start(three);
		const { Fields } = (await bench.call('GET', `Dialogs/${dialog(4)}`)).json() as {
			Fields: Array<{ DBFieldName: string; DlgLabel: string; Links: Result['Links'] }>;
		};
		expect(Fields.map(({ DlgLabel }) => DlgLabel)).toEqual([
			'Supplier',
			'Document type',
			'Invoice date',
		]);
		const href = Fields[1]?.Links.find(({ rel }) => rel === 'simpleSelectList')?.href ?? '';
		expect(await bench.follow(href)).toEqual({ Value: ['Credit note', 'Invoice', 'Reminder'] });
	});
});
