import type { DocuWareSimulator } from '../../../simulators/DocuWare/docuWareSimulator';
import type { SwitchChanges } from '../../../simulators/DocuWare/switches';
import { callPlatform, cookiesOf, logOn } from './platformClient';
import type { ReadAnswer } from './platformClient';
import { useSimulator } from './useSimulator';

const { start } = useSimulator();

const invoices = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const personnel = '4d3b1f86-7f52-4f7c-8a9f-2b6a5d0e3c20';
const storeInvoice = `${invoices.slice(0, -1)}5`;

type Call = (
	method: string,
	path: string,
	body?: unknown,
	headers?: Record<string, string>,
) => Promise<ReadAnswer>;

async function signedIn(
	switches: SwitchChanges = {},
	user: Record<string, string> = {},
): Promise<{ simulator: DocuWareSimulator; call: Call }> {
	const simulator = await start(switches);
	const cookie = cookiesOf(await logOn(simulator, user));
	const call: Call = async (method, path, body, headers = {}) =>
		await callPlatform(simulator, method, path.replace('{fc}', `FileCabinets/${invoices}`), {
			headers: { cookie, 'content-type': 'application/json', ...headers },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
	return { simulator, call };
}

function sent(FieldName: string, Item: unknown, ItemElementName?: string): object {
	return { FieldName, Item, ...(ItemElementName === undefined ? {} : { ItemElementName }) };
}

const messageOf = (answer: ReadAnswer): string =>
	(answer.json() as { Message?: string }).Message ?? '';

function fieldIn(answer: ReadAnswer, name: string): Record<string, unknown> | undefined {
	const { Fields, Field } = answer.json() as Record<string, Array<Record<string, unknown>>>;
	return (Fields ?? Field)?.find((field) => field['FieldName'] === name);
}

/** As the vendor's collection and the client LV send a table and keywords. */
const table = {
	FieldName: 'POSITIONS',
	ReadOnly: false,
	SystemField: false,
	ItemElementName: 'Table',
	PointAndShootInfo: null,
	IsAutoNumber: false,
	IsNull: false,
	Item: {
		$type: 'DocumentIndexFieldTable',
		Row: [
			{ ColumnValue: [sent('POSIT_ARTICLE', 'Bolt', 'string'), sent('POSIT_QUANTITY', 2, 'Int')] },
			{ ColumnValue: [sent('POSIT_PRICE', '1.25', 'Decimal')] },
		],
	},
};

describe('index values that are written', () => {
	it.each([
		['COMPANY', 'Acme', 'String', 'Acme'],
		['COMPANY', 'Acme', 'string', 'Acme'],
		['COMPANY', 'Acme', undefined, 'Acme'],
		['REMARKS', 'long', 'String', 'long'],
		['REMARKS', 'long', 'Memo', 'long'],
		['INVOICENO', 42, 'Int', 42],
		['INVOICENO', '42', 'Int', 42],
		['AMOUNT', 12.5, 'Decimal', 12.5],
		['AMOUNT', '12.50', 'String', 12.5],
		['RATE', 1.2345, 'Decimal', 1.2345],
		['INVOICEDATE', '2020-01-01', 'Date', '/Date(1577836800000)/'],
		['INVOICEDATE', '2020-01-01', 'String', '/Date(1577836800000)/'],
		['INVOICEDATE', '/Date(1577836800000)/', 'Date', '/Date(1577836800000)/'],
		['INVOICEDATE', '2020-01-01T15:00:00', 'DateTime', '/Date(1577836800000)/'],
		['RECEIVED', '2020-01-01 10:00:00', 'String', '/Date(1577872800000)/'],
		['RECEIVED', '2020-01-01T10:00:00+01:00', 'DateTime', '/Date(1577869200000)/'],
		['RECEIVED', '/Date(1577872800000+0100)/', 'DateTime', '/Date(1577872800000)/'],
		['KEYWORDS', 'one', 'Keyword', { $type: 'DocumentIndexFieldKeywords', Keyword: ['one'] }],
	])('%s: %j as %s', async (name, item, element, read) => {
		const { call } = await signedIn();
		await call('POST', '{fc}/Documents', { Fields: [] });
		const answer = await call('PUT', '{fc}/Documents/1/Fields', {
			Field: [sent(name, item, element)],
		});
		expect(fieldIn(answer, name)).toMatchObject({ Item: read, IsNull: false });
		expect(fieldIn(await call('GET', '{fc}/Documents/1'), name)).toMatchObject({ Item: read });
	});

	it('a table stands in rows and columns, of which those without a value have no Item', async () => {
		const { call } = await signedIn();
		await call('POST', '{fc}/Documents', { Fields: [] });
		const headers = {
			'content-type': 'application/vnd.docuware.platform.documentfieldsinfo+json',
		};
		const answer = await call('PUT', '{fc}/Documents/1/Fields', { Field: [table] }, headers);
		expect(fieldIn(answer, 'POSITIONS')).toMatchObject({
			ItemElementName: 'Table',
			Item: {
				$type: 'DocumentIndexFieldTable',
				Row: [
					{
						ColumnValue: [
							{ FieldName: 'POSIT_ARTICLE', Item: 'Bolt', ItemElementName: 'String' },
							{ FieldName: 'POSIT_QUANTITY', Item: 2, ItemElementName: 'Int' },
							{ FieldName: 'POSIT_PRICE', IsNull: true },
							{ FieldName: 'POSIT_DELIVERED', IsNull: true },
						],
					},
					{ ColumnValue: [{ IsNull: true }, {}, { Item: 1.25 }, {}] },
				],
			},
		});
	});

	it.each([
		[sent('COMPANY', 'x'.repeat(256)), 'longer than 255'],
		[sent('STATUS', 'x'.repeat(21)), 'longer than 20'],
		[sent('COMPANY', 5, 'Int'), 'no element'],
		[sent('COMPANY', 5), 'does not fit'],
		[sent('AMOUNT', '12,50', 'Decimal'), 'does not fit'],
		[sent('AMOUNT', 1.234, 'Decimal'), '2 digits'],
		[sent('INVOICENO', 1.5, 'Int'), 'does not fit'],
		[sent('INVOICEDATE', '2026-02-30', 'Date'), 'does not fit'],
		[sent('INVOICEDATE', '30.01.2026', 'Date'), 'does not fit'],
		[sent('KEYWORDS', ['a'], 'Keywords'), 'does not fit'],
		[sent('KEYWORDS', { Keyword: ['a'] }, 'Keywords'), 'does not fit'],
		[sent('POSITIONS', 'a', 'Table'), 'does not fit'],
		[sent('DWDOCID', 7, 'Int'), 'read-only'],
		[sent('COMPANY', undefined), 'has no value'],
		[{ Item: 'a' }, 'FieldName'],
	])('%j is refused: %s', async (field, message) => {
		const { call, simulator } = await signedIn();
		await call('POST', '{fc}/Documents', { Fields: [sent('STATUS', 'open')] });
		const answer = await call('PUT', '{fc}/Documents/1/Fields', {
			Field: [sent('DOCTYPE', 'Invoice'), field],
		});
		expect([answer.status, messageOf(answer)]).toEqual([422, expect.stringContaining(message)]);
		expect(simulator.state.documents.find(invoices, 1)?.values).toEqual({ STATUS: 'open' });
	});

	it('are laid over those present; null clears', async () => {
		const { call, simulator } = await signedIn();
		await call('POST', '{fc}/Documents', {
			Fields: [sent('COMPANY', 'Acme'), sent('STATUS', 'open'), sent('AMOUNT', 5)],
		});
		simulator.advanceClock(1000);
		await call('POST', '{fc}/Documents/1/Fields', {
			Field: [
				sent('STATUS', 'paid', 'String'),
				{ FieldName: 'AMOUNT', IsNull: true, ItemElementName: 'Decimal' },
				{ FieldName: 'COMPANY', Item: null, ItemElementName: 'String' },
			],
		});
		const document = simulator.state.documents.find(invoices, 1);
		expect(document?.values).toEqual({ STATUS: 'paid' });
		expect((document?.modifiedAt ?? 0) - (document?.storedAt ?? 0)).toBe(1000);
		simulator.configure({ clearing: 'isNull' });
		const byItem = await call('PUT', '{fc}/Documents/1/Fields', {
			Field: [{ FieldName: 'STATUS', Item: null, ItemElementName: 'String' }],
		});
		expect(byItem.status).toBe(422);
	});

	it.each([
		[{ Fields: [] }, {}, 400],
		[{ Field: [] }, { 'content-type': 'text/json' }, 415],
		[undefined, {}, 400],
	])('%j with %j is answered %i', async (body, headers, status) => {
		const { call } = await signedIn();
		await call('POST', '{fc}/Documents', { Fields: [] });
		expect((await call('PUT', '{fc}/Documents/1/Fields', body, headers)).status).toBe(status);
	});

	it('with unknown names are left out, or refused by another reading', async () => {
		const { call, simulator } = await signedIn();
		const body = { Fields: [sent('NOWHERE', 'a'), sent('COMPANY', 'Acme')] };
		expect((await call('POST', '{fc}/Documents', body)).status).toBe(200);
		expect(simulator.state.documents.find(invoices, 1)?.values).toEqual({ COMPANY: 'Acme' });
		simulator.configure({ unknownIndexFields: 'refused' });
		expect((await call('POST', '{fc}/Documents', body)).status).toBe(422);
	});

	it('keep to mandatory fields, also those of a dialog, and to its lists', async () => {
		const { call } = await signedIn();
		const store = async (path: string, ...Fields: object[]): Promise<[number, string]> => {
			const answer = await call('POST', path, { Fields });
			return [answer.status, answer.status === 200 ? '' : messageOf(answer)];
		};
		const stored = [200, ''];
		expect(await store(`FileCabinets/${personnel}/Documents`)).toEqual([
			422,
			expect.stringContaining("'EMPLOYEE' must not be empty"),
		]);
		const path = `{fc}/Documents?StoreDialogId=${storeInvoice}`;
		const acme = sent('COMPANY', 'Acme');
		expect(await store(path)).toEqual([422, expect.stringContaining('COMPANY')]);
		expect(await store(path, acme)).toEqual(stored);
		expect(await store(path, acme, sent('DOCTYPE', 'Invoice'))).toEqual(stored);
		expect(await store(path, acme, sent('DOCTYPE', 'Letter'))).toEqual([
			422,
			expect.stringContaining('not in the select list'),
		]);
		expect(await store(path, acme, sent('STATUS', 'open'))).toEqual([
			422,
			expect.stringContaining('read-only'),
		]);
		expect((await store('{fc}/Documents?StoreDialogId=x'))[0]).toBe(422);
	});

	it('come back with the offset of the server, or as the smallest date, by other readings', async () => {
		const { call } = await signedIn({ dateOffset: 'local', emptyDates: 'minimum' });
		await call('POST', '{fc}/Documents', {
			Fields: [sent('INVOICEDATE', '2020-01-01', 'Date'), sent('COMPANY', 'Acme')],
		});
		const document = await call('GET', '{fc}/Documents/1');
		expect(fieldIn(document, 'INVOICEDATE')).toMatchObject({ Item: '/Date(1577833200000+0100)/' });
		expect(fieldIn(document, 'RECEIVED')).toMatchObject({
			Item: '/Date(-62135596800000)/',
			IsNull: false,
		});
		await call('PUT', '{fc}/Documents/1/Fields', {
			Field: [sent('RECEIVED', '2020-01-01 10:00:00', 'String')],
		});
		expect(fieldIn(await call('GET', '{fc}/Documents/1'), 'RECEIVED')).toMatchObject({
			Item: '/Date(1577869200000+0100)/',
		});
	});
});

describe('a batch', () => {
	const type = { 'content-type': 'application/vnd.docuware.platform.batchupdateprocess+json' };
	const append = {
		'content-type': 'application/vnd.docuware.platform.batchappendkeywordvalues+json',
	};
	const path = '{fc}/Operations/BatchDocumentsUpdateFields';
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
			expect((await call('DELETE', `{fc}/Documents/${id}`)).status).toBe(200);
			simulator.advanceClock(1000);
		}
		expect((await call('GET', '{fc}/Documents/1')).status).toBe(404);
		expect((await call('DELETE', '{fc}/Documents/1')).status).toBe(404);
		const table = (await call('POST', 'TrashBin/Query', query, headers)).json() as TrashTable;
		expect(table.Count.Value).toBe(2);
		const [second = '', first = ''] = idsIn(table);
		expect(first).toMatch(/^tr_[0-9a-f-]{36}-\d+$/);
		expect((await call('POST', 'TrashBin/BatchRestore', { Id: [first, 'tr_x'] })).json()).toEqual({
			FailedItems: [{ Id: 'tr_x', ErrorMessage: expect.any(String) as unknown }],
			SuccessCount: 1,
		});
		expect((await call('POST', 'TrashBin/BatchDelete', { Id: [second] })).json()).toEqual({
			FailedItems: [],
			SuccessCount: 1,
		});
		expect(simulator.state.documents.inCabinet(invoices).map(({ id }) => id)).toEqual([1, 3]);
		const rest = (await call('POST', 'TrashBin/Query', query, headers)).json() as TrashTable;
		expect(rest.Rows).toEqual([]);
	});

	it('is searched as LV does, and not seen without the right to delete', async () => {
		const { call, simulator } = await signedIn();
		simulator.addDocuments(invoices, [{ COMPANY: 'A' }, { COMPANY: 'B' }]);
		for (const id of [1, 2]) await call('DELETE', `{fc}/Documents/${id}`);
		const Condition = [
			{ DBName: 'COMPANY', Value: ['"B"'] },
			{
				DBName: 'DELETEDATETIME',
				Value: ['1970-01-01T00:00:00.000000Z', '2099-01-01T00:00:00.000000Z'],
			},
		];
		const answer = await call('POST', 'TrashBin/Query', { ...query, Condition });
		expect((answer.json() as TrashTable).Rows).toHaveLength(1);
		const cookie = cookiesOf(
			await logOn(simulator, { UserName: 'reader', Password: 'look, do not touch' }),
		);
		const hidden = await call('POST', 'TrashBin/Query', query, { cookie });
		expect((hidden.json() as TrashTable).Rows).toEqual([]);
	});
});

describe('users, groups and roles', () => {
	const peggy = '5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a02';
	const accounting = '6c2e1d7f-8b94-4c80-af1b-1e7b4d2a2b01';
	const approval = '7d3f2e80-9ca5-4d91-b02c-2f8c5e3b3c02';

	const namesOf = (answer: ReadAnswer): string[] => {
		const body = answer.json() as Record<string, Array<{ Name: string }>>;
		return (body['User'] ?? body['Item'] ?? []).map(({ Name }) => Name);
	};

	it('are listed, by name, activity and type', async () => {
		const { call } = await signedIn();
		expect(namesOf(await call('GET', 'Organization/Users?Active=&Name='))).toHaveLength(5);
		expect(namesOf(await call('GET', 'Organization/Groups?Active=true&Name='))).toEqual([
			'Accounting',
		]);
		expect(namesOf(await call('GET', 'Organization/Groups?Name=former staff'))).toEqual([
			'Former staff',
		]);
		expect(namesOf(await call('GET', 'Organization/Roles?Type=Standard&Active=&Name='))).toEqual([
			'Invoice approval',
		]);
	});

	it('belong to each other, and are told who to whom', async () => {
		const { call } = await signedIn();
		const change = async (kind: string, id: string, OperationType: string): Promise<number> =>
			(await call('PUT', `Organization/${kind}?UserId=${peggy}`, { Ids: [id], OperationType }))
				.status;
		const users = `Organization/RoleUsers?RoleId=${approval}`;
		expect(namesOf(await call('GET', users))).toEqual([]);
		expect(namesOf(await call('GET', `${users}&IncludeGroupUsers=true`))).toEqual([
			'peggy.jenkins',
		]);
		expect(await change('UserRoles', approval, 'Add')).toBe(200);
		expect(namesOf(await call('GET', users))).toEqual(['peggy.jenkins']);
		expect(await change('UserGroups', accounting, 'Remove')).toBe(200);
		expect(namesOf(await call('GET', `Organization/GroupUsers?GroupId=${accounting}`))).toEqual([]);
		expect(namesOf(await call('GET', `Organization/UserRoles?UserId=${peggy}`))).toEqual([
			'Invoice approval',
		]);
		expect(await change('UserGroups', 'x', 'Add')).toBe(422);
		expect(await change('UserGroups', accounting, 'Set')).toBe(400);
		expect((await call('GET', 'Organization/UserGroups?UserId=x')).status).toBe(404);
	});

	it('are created by a content type and changed by an id, by administrators alone', async () => {
		const { call, simulator } = await signedIn();
		const type = {
			'content-type': 'application/vnd.docuware.platform.createorganizationuser+json',
		};
		const body = {
			Name: 'Peter Engineering',
			DbName: 'PENGINE',
			Email: 'peter@peters-engineering.test',
			NetworkId: '',
			Password: 'secret',
		};
		const created = (await call('POST', 'Organization/UserInfo', body, type)).json();
		expect(created).toMatchObject({ Name: 'Peter Engineering', DBName: 'PENGINE', Active: true });
		expect((await call('POST', 'Organization/UserInfo', body, type)).status).toBe(422);
		const { Id } = created as { Id: string };
		const changed = await call('POST', 'Organization/UserInfo', { Id, Active: false });
		expect(changed.json()).toMatchObject({ Active: false, EMail: 'peter@peters-engineering.test' });
		expect(
			(await logOn(simulator, { UserName: 'Peter Engineering', Password: 'secret' })).status,
		).toBe(401);
		const cookie = cookiesOf(
			await logOn(simulator, { UserName: 'peggy.jenkins', Password: 'correct horse' }),
		);
		expect((await call('POST', 'Organization/UserInfo', { Id }, { cookie })).status).toBe(403);
	});
});

describe('limits and seeds', () => {
	it('may hold every request back, with and without Retry-After', async () => {
		const { call, simulator } = await signedIn({ throttleDelaySeconds: 0 });
		simulator.configure({ perMinuteLimits: { '*': 1 } });
		expect((await call('GET', '{fc}/Documents')).status).toBe(200);
		const held = await call('GET', '{fc}/Dialogs');
		expect([held.status, held.headers.get('retry-after')]).toEqual([429, '60']);
		simulator.configure({ retryAfterHeader: false });
		expect((await call('GET', '{fc}/Dialogs')).headers.get('retry-after')).toBeNull();
	});

	it('documents are seeded and taken away by the control interface', async () => {
		const { simulator } = await signedIn();
		const control = async (method: string, body: object): Promise<unknown> => {
			const answer = await fetch(`${simulator.url}/__simulator/documents`, {
				method,
				body: JSON.stringify(body),
			});
			return await answer.json();
		};
		const values = { COMPANY: 'C{n}', INVOICENO: '{n}', INVOICEDATE: '2026-01-31' };
		expect(await control('POST', { fileCabinetId: invoices, count: 25_000, values })).toEqual({
			first: 1,
			last: 25_000,
		});
		expect(simulator.state.documents.find(invoices, 25_000)?.values).toEqual({
			COMPANY: 'C25000',
			INVOICENO: 25_000,
			INVOICEDATE: Date.parse('2026-01-31'),
		});
		expect(await control('DELETE', { fileCabinetId: invoices, ids: [1, 2, 2] })).toEqual({
			removed: 2,
		});
		expect(await control('POST', { fileCabinetId: invoices, documents: [{ X: 1 }] })).toEqual({
			error: "There is no field 'X'.",
		});
	});
});
