import type { IDataObject } from 'n8n-workflow';
import { searchDocuments } from '../../../../../nodes/DocuWare/resources/document/search.operation';
import { FakeSession, type FakeAnswer } from '../support/fakeSession';
import { runOperation } from '../support/runOperation';

const CABINET = '3fa85f64-5717-4562-b3fc-2c963f66afa6';

const cabinet: FakeAnswer = {
	body: {
		Id: CABINET,
		Name: 'Invoices',
		Fields: [
			{ DBFieldName: 'COMPANY', DisplayName: 'Company', DWFieldType: 'Text', Scope: 'User' },
			{ DBFieldName: 'AMOUNT', DisplayName: 'Amount', DWFieldType: 'Decimal', Scope: 'User' },
			{ DBFieldName: 'NUMBER', DisplayName: 'Number', DWFieldType: 'Numeric', Scope: 'User' },
			{
				DBFieldName: 'LINES',
				DisplayName: 'Lines',
				DWFieldType: 'Table',
				Scope: 'User',
				TableFieldColumns: [{ DBFieldName: 'ARTICLE', DWFieldType: 'Text' }],
			},
		],
	},
};

const results: FakeAnswer = {
	body: {
		Count: { HasMore: false, Value: 1 },
		Items: [
			{
				Id: 7,
				Title: 'Bill',
				FileCabinetId: CABINET,
				Fields: [{ FieldName: 'COMPANY', Item: 'Peters', ItemElementName: 'String' }],
			},
		],
	},
};

const rows = (...condition: IDataObject[]) => ({ conditions: { condition } });

async function run(parameters: IDataObject, answers: FakeAnswer[] = [cabinet, results]) {
	const session = new FakeSession(answers);
	const { rows: found } = await runOperation(session, {
		parameters: {
			resource: 'document',
			operation: 'search',
			fileCabinetId: { __rl: true, mode: 'id', value: CABINET },
			...parameters,
		},
	});
	const posted = session.requests.filter(({ method }) => method === 'POST');
	const [body = {}] = posted.map((request) => JSON.parse(String(request.body)) as IDataObject);
	return { found, session, url: posted[0]?.url ?? '', body };
}

const conditionsOf = async (parameters: IDataObject) => (await run(parameters)).body.Condition;

describe('Document: Search', () => {
	it('posts typed conditions to the dialog of all fields, and gives documents', async () => {
		const { found, url, body } = await run({
			...rows(
				{ field: 'COMPANY', operator: 'contains', value: 'Peters (UK)' },
				{ field: 'Amount', operator: 'from', value: '1.234,50' },
				{ field: 'LINES.ARTICLE', operator: 'is', value: 'Bolt' },
			),
			limit: 20,
		});
		expect(url).toContain(`/FileCabinets/${CABINET}/Query/DialogExpression?DialogId=00000000-`);
		expect(body).toEqual({
			Condition: [
				{ DBName: 'COMPANY', Value: ['*Peters \\(UK\\)*'] },
				{ DBName: 'AMOUNT', Value: ['1234.5', null] },
				{ DBName: 'LINES', ColumnName: 'ARTICLE', Value: ['Bolt'] },
			],
			Operation: 'And',
			SortOrder: [{ Field: 'DWDOCID', Direction: 'Asc' }],
			ForceRefresh: true,
			Start: 0,
			Count: 20,
			IncludeSuggestions: false,
		});
		expect(found[0]?.json).toMatchObject({ documentId: 7, title: 'Bill', COMPANY: 'Peters' });
	});

	it('takes conditions as JSON: rows, an object, and what DocuWare takes', async () => {
		const json = async (conditionsJson: string) =>
			await conditionsOf({ conditionsAs: 'json', conditionsJson });
		expect(await json('[{"field": "Company", "operator": "Starts With", "value": "Pet"}]')).toEqual(
			[{ DBName: 'COMPANY', Value: ['Pet*'] }],
		);
		expect(await json('{"COMPANY": ["A", "B"], "NUMBER": 7}')).toEqual([
			{ DBName: 'COMPANY', Value: ['"A" OR "B"'] },
			{ DBName: 'NUMBER', Value: ['7'] },
		]);
		expect(await json('[{"field":"NUMBER","operator":"between","value":[1,9]}]')).toEqual([
			{ DBName: 'NUMBER', Value: ['1', '9'] },
		]);
		const { body } = await run(
			{
				conditionsAs: 'json',
				conditionsJson: JSON.stringify({
					Condition: [{ DBName: 'COMPANY', Value: ['NOT *Miller*'] }],
					Operation: 'Or',
					SortOrder: [{ Field: 'COMPANY', Direction: 'Desc' }],
					FlagConditions: { IncludeCheckedOut: true },
				}),
				limit: 5,
			},
			[results],
		);
		expect(body).toMatchObject({
			Condition: [{ DBName: 'COMPANY', Value: ['NOT *Miller*'] }],
			Operation: 'Or',
			SortOrder: [
				{ Field: 'COMPANY', Direction: 'Desc' },
				{ Field: 'DWDOCID', Direction: 'Asc' },
			],
			FlagConditions: { IncludeCheckedOut: true },
		});
	});

	it.each([
		['a text that is no JSON', '[{'],
		['a text', '"COMPANY"'],
		['a condition without a field', '[{"value": 1}]'],
		['an unknown operator', '[{"field": "COMPANY", "operator": "sounds like", "value": 1}]'],
		['an empty value', '[{"DBName": "COMPANY", "Value": [""]}]'],
		['no value', '[{"DBName": "COMPANY", "Value": [null, null]}]'],
		['three values', '[{"DBName": "COMPANY", "Value": ["a", "b", "c"]}]'],
		['an unknown member', '{"Condition": [], "Filter": 1}'],
		['an operator by another name', '[{"field": "COMPANY", "op": "isNot", "value": "Paid"}]'],
		['an operator beside DBName', '{"DBName": "COMPANY", "operator": "isNot", "Value": "Paid"}'],
		['an end without a range', '[{"field": "AMOUNT", "value": 1, "valueTo": 5}]'],
		['a value for emptiness', '[{"field": "COMPANY", "operator": "isEmpty", "value": false}]'],
		['flags that are none', '{"Condition": [], "FlagConditions": "all"}'],
		['a switch that is none', '{"Condition": [], "FlagConditions": {"IncludeCheckedOut": 1}}'],
		[
			'an unknown direction',
			'{"Condition": [], "SortOrder": [{"Field": "A", "Direction": "Down"}]}',
		],
		['an unknown operation', '{"Condition": [], "Operation": "Xor"}'],
	])('refuses a JSON with %s before anything is sent', async (_what, conditionsJson) => {
		const session = new FakeSession([cabinet, results]);
		const parameters = {
			resource: 'document',
			operation: 'search',
			fileCabinetId: { __rl: true, mode: 'id', value: CABINET },
			conditionsAs: 'json',
			conditionsJson,
		};
		await expect(runOperation(session, { parameters })).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
			message: expect.stringContaining('conditions in JSON'),
		});
		expect(session.requests).toEqual([]);
	});

	it('refuses a condition without a value, with a wrong one, or on an unknown field', async () => {
		const refused = async (row: IDataObject) =>
			await expect(run(rows(row))).rejects.toMatchObject({ code: 'DOCUWARE_INVALID_VALUE' });
		await refused({ field: 'COMPANY', operator: 'is', value: '' });
		await refused({ field: 'AMOUNT', operator: 'is', value: 'many' });
		await refused({ field: 'AMOUNT', operator: 'contains', value: '1' });
		await refused({ field: 'COMPNAY', operator: 'is', value: 'a' });
		await refused({ field: 'LINES', operator: 'is', value: 'a' });
		await refused({ field: 'LINES.PRICE', operator: 'is', value: 'a' });
		await expect(run(rows({ field: '', value: 'a' }))).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
		});
	});

	it('has Sort as a collection of its own, below the options', () => {
		const names = searchDocuments.fields.map(({ name }) => name);
		expect(names.slice(-2)).toEqual(['options', 'sort']);
		const options = searchDocuments.fields.find(({ name }) => name === 'options')?.options ?? [];
		expect(options.map(({ name }) => name)).not.toContain('sort');
	});

	it('asks for the fields that are wanted, and sorts by several', async () => {
		const { url, body } = await run({
			output: 'selected',
			fieldsToReturn: ['title', 'COMPANY', 'AMOUNT'],
			sort: { fields: [{ field: 'Company', direction: 'Desc' }, { field: 'AMOUNT' }] },
			limit: 10,
		});
		expect(new URL(url).searchParams.get('Fields')).toBe('COMPANY,AMOUNT');
		expect(body.SortOrder).toEqual([
			{ Field: 'COMPANY', Direction: 'Desc' },
			{ Field: 'AMOUNT', Direction: 'Asc' },
			{ Field: 'DWDOCID', Direction: 'Asc' },
		]);
		const byId = {
			sort: { fields: [{ field: 'Company' }, { field: 'DWDOCID', direction: 'Desc' }] },
		};
		expect((await run({ ...byId, limit: 10 })).body.SortOrder).toEqual([
			{ Field: 'COMPANY', Direction: 'Asc' },
			{ Field: 'DWDOCID', Direction: 'Desc' },
		]);
	});

	it('searches further file cabinets with the default dialog', async () => {
		const other = '4fa85f64-5717-4562-b3fc-2c963f66afa6';
		const dialogs = {
			body: {
				Dialog: [
					{ $type: 'DialogInfo', Id: 'd1', DisplayName: 'First', Type: 'Search', IsDefault: false },
					{ $type: 'DialogInfo', Id: 'd2', DisplayName: 'Usual', Type: 'Search', IsDefault: true },
				],
			},
		};
		const { url, body } = await run(
			{ options: { additionalCabinets: [other], includeCheckedOut: true }, limit: 5 },
			[cabinet, dialogs, { body: { Id: 'd2', Fields: [] } }, results],
		);
		expect(new URL(url).searchParams.get('DialogId')).toBe('d2');
		expect(body).toMatchObject({
			AdditionalCabinets: [other],
			FlagConditions: { IncludeCheckedOut: true },
		});
	});

	it('sends the flags that are given, and says nothing of the others', async () => {
		const flags = async (parameters: IDataObject) =>
			(await run({ ...parameters, limit: 5 }, [results])).body.FlagConditions;
		expect(await flags({ options: { includeAppended: true } })).toEqual({ IncludeAppended: true });
		expect(await flags({ options: { includeCheckedOut: 'false' } })).toEqual({
			IncludeCheckedOut: false,
		});
		expect(await flags({})).toBeUndefined();
		const conditionsJson = '{"Condition": [], "FlagConditions": {"IncludeAppended": "true"}}';
		expect(await flags({ conditionsAs: 'json', conditionsJson })).toEqual({
			IncludeAppended: true,
		});
		const options = { includeAppended: false, includeCheckedOut: true };
		expect(await flags({ conditionsAs: 'json', conditionsJson, options })).toEqual({
			IncludeAppended: true,
			IncludeCheckedOut: true,
		});
		const unsaid = '{"Condition": [], "FlagConditions": {"IncludeAppended": null}}';
		expect(await flags({ conditionsAs: 'json', conditionsJson: unsaid })).toBeUndefined();
	});

	it('sorts by a direction of any case, and refuses another word', async () => {
		const sort = (direction: string) => ({
			sort: { fields: [{ field: 'COMPANY', direction }] },
		});
		expect((await run(sort('desc'))).body.SortOrder).toEqual([
			{ Field: 'COMPANY', Direction: 'Desc' },
			{ Field: 'DWDOCID', Direction: 'Asc' },
		]);
		await expect(run(sort('downwards'))).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
		});
		await expect(run({ combine: 'any' })).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
		});
	});

	it('adds how many documents there are in all', async () => {
		const { found, session } = await run({ options: { totalCount: true } }, [
			{ body: { Group: [{ Count: 4711 }] } },
			results,
		]);
		expect(session.requests[0]?.url).toContain('/Query/CountExpression?DialogId=');
		expect(found[0]?.json).toMatchObject({ documentId: 7, totalCount: 4711 });
	});
});

describe('Document: Get Count', () => {
	const count = (Count: number): FakeAnswer => ({ body: { Group: [{ Count }] } });

	it('counts without reading', async () => {
		const { found } = await run(
			{ operation: 'getCount', ...rows({ field: 'COMPANY', operator: 'isNotEmpty' }) },
			[cabinet, count(12)],
		);
		expect(found).toEqual([{ json: { count: 12, fileCabinetId: CABINET } }]);
	});

	it('adds the counts of several numbers beside other conditions', async () => {
		const { found, session } = await run(
			{
				operation: 'getCount',
				...rows(
					{ field: 'COMPANY', operator: 'is', value: 'A' },
					{ field: 'NUMBER', operator: 'anyOf', value: '1,2,1' },
				),
			},
			[cabinet, count(3), count(4)],
		);
		expect(found[0]?.json).toMatchObject({ count: 7 });
		expect(session.requests).toHaveLength(3);
	});

	it.each([
		[{ HasMore: true, Value: 10_000, ExceedLimit: true }, undefined],
		[{ HasMore: true, Value: 12_345, ExceedLimit: true }, undefined],
		[{ HasMore: true, Value: 10_000 }, undefined],
		[{ HasMore: true, Value: 10_001 }, 10_001],
		[{ HasMore: true, Value: 42 }, 42],
		[{ HasMore: false, Value: 1 }, 1],
	])(
		'of a server that only searches is its total, unless that is cut: %j',
		async (Count, wanted) => {
			const page = { Count, Items: [{ Id: 1, Fields: [] }] };
			const refusal = { status: 405, body: { Message: 'No such question.' } };
			const counting = run({ operation: 'getCount' }, [refusal, { body: page }]);
			if (wanted === undefined) {
				await expect(counting).rejects.toMatchObject({
					code: 'DOCUWARE_BAD_REQUEST',
					message: expect.stringContaining('No such question.'),
				});
			} else {
				expect((await counting).found[0]?.json).toMatchObject({ count: wanted });
			}
		},
	);

	it.each(['many', null, undefined, -1, '', 1.5, true, []])(
		'does not take another answer for a count: %j',
		async (Count) => {
			await expect(
				run({ operation: 'getCount' }, [{ body: { Group: [{ Count }] } }]),
			).rejects.toMatchObject({ code: 'DOCUWARE_UNEXPECTED_ANSWER' });
		},
	);
});

describe('Trash Bin: Search', () => {
	it('tells of too many results without advice on an order that it does not have', async () => {
		const page = { Count: { HasMore: true, Value: 10_001 }, Items: [{ Id: 'b_1-1', Fields: [] }] };
		const found = run({ resource: 'trashBin', returnAll: true }, [{}, { body: page }]);
		await expect(found).rejects.toMatchObject({
			code: 'DOCUWARE_TOO_MANY_RESULTS',
			repair: expect.not.stringContaining('Sort'),
		});
	});
});
