import { invoices, sent } from './fileClient';
import { useSignedIn } from './useSignedIn';

const signedIn = useSignedIn();

describe('a batch', () => {
	const type = { 'content-type': 'application/vnd.docuware.platform.batchupdateprocess+json' };
	const append = {
		'content-type': 'application/vnd.docuware.platform.batchappendkeywordvalues+json',
	};
	const path = 'Operations/BatchDocumentsUpdateFields';
	const Data = {
		Field: [sent('DOCTYPE', 'Batch Update Test')],
		StoreDialogId: '',
		BatchSize: '100',
		BreakOnError: false,
		ForceUpdate: true,
	};

	it('changes documents by their ids and says which it could not', async () => {
		const { call, simulator } = await signedIn();
		simulator.addDocuments(invoices, [{ COMPANY: 'A' }, { COMPANY: 'B' }]);
		const Source = { $type: 'BatchUpdateDocumentsSource', Id: [1, 9, 2] };
		const answer = (await call('POST', path, { Source, Data }, type)).json();
		expect(answer).toMatchObject({
			Item: [
				{ Document: { Id: 1 } },
				{ Document: { Id: 9 }, ErrorMessage: expect.stringContaining('not found') as unknown },
				{ Document: { Id: 2 } },
			],
			SuccessCount: 2,
		});
		expect(simulator.state.documents.all().map(({ values }) => values)).toEqual([
			{ COMPANY: 'A', DOCTYPE: 'Batch Update Test' },
			{ COMPANY: 'B', DOCTYPE: 'Batch Update Test' },
		]);
		const broken = { ...Data, BreakOnError: true };
		expect((await call('POST', path, { Source, Data: broken }, type)).json()).toMatchObject({
			Item: [{}, { Document: { Id: 9 } }],
			SuccessCount: 1,
		});
	});

	it('changes what a search finds', async () => {
		const { call, simulator } = await signedIn();
		simulator.addDocuments(invoices, [{ COMPANY: 'A' }, { COMPANY: 'B' }]);
		const Expression = { Operation: 'And', Condition: [{ DBName: 'COMPANY', Value: ['B'] }] };
		const Source = { $type: 'BatchUpdateDialogExpressionSource', Expression };
		expect((await call('POST', path, { Source, Data }, type)).json()).toMatchObject({
			SuccessCount: 1,
		});
		expect(simulator.state.documents.find(invoices, 1)?.values).toEqual({ COMPANY: 'A' });
	});

	it('appends keywords once each', async () => {
		const { call, simulator } = await signedIn();
		simulator.addDocuments(invoices, [{ KEYWORDS: ['Value1'] }, {}]);
		const body = {
			DocId: [1, 2],
			Keyword: ['Value1', 'Value2'],
			FieldName: 'KEYWORDS',
			BreakOnError: false,
			StoreDialogId: '',
			ForceUpdate: true,
		};
		expect((await call('POST', path, body, append)).json()).toMatchObject({
			Item: [{ Document: { Id: 1 } }, { Document: { Id: 2 } }],
		});
		expect(simulator.state.documents.all().map(({ values }) => values['KEYWORDS'])).toEqual([
			['Value1', 'Value2'],
			['Value1', 'Value2'],
		]);
		expect((await call('POST', path, { ...body, FieldName: 'COMPANY' }, append)).status).toBe(422);
	});

	it('leaves out what somebody else holds', async () => {
		const { call, simulator } = await signedIn();
		simulator.addDocuments(invoices, [{}, {}]);
		simulator.state.documents.find(invoices, 1)!.checkedOutBy = 'peggy.jenkins';
		const Source = { $type: 'BatchUpdateDocumentsSource', Id: [1, '2'] };
		expect((await call('POST', path, { Source, Data }, type)).json()).toMatchObject({
			Item: [{ ErrorMessage: expect.stringContaining('peggy.jenkins') as unknown }, {}],
			SuccessCount: 1,
		});
	});

	it('needs a content type of its own and a whole body', async () => {
		const { call } = await signedIn();
		expect((await call('POST', path, { Source: {}, Data })).status).toBe(415);
		expect((await call('POST', path, { Source: { $type: 'x' }, Data }, type)).status).toBe(400);
		expect((await call('POST', path, { Data }, type)).status).toBe(400);
	});
});
