import { callPlatform, cookiesOf, logOn } from './platformClient';
import { useSimulator } from './useSimulator';

const { start } = useSimulator();

const invoices = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const personnel = '4d3b1f86-7f52-4f7c-8a9f-2b6a5d0e3c20';

async function signedInAs(
	fields: Record<string, string> = {},
): Promise<(method: string, path: string, options?: object) => ReturnType<typeof callPlatform>> {
	const simulator = await start();
	const cookie = cookiesOf(await logOn(simulator, fields));
	return async (method, path, options: { headers?: object; body?: string | Buffer } = {}) =>
		await callPlatform(simulator, method, path, {
			...options,
			headers: { cookie, ...options.headers },
		});
}

describe('organization and file cabinets', () => {
	it('show the organization and the users', async () => {
		const call = await signedInAs();
		const list = (await call('GET', 'Organizations')).json();
		expect(list).toMatchObject({ Organization: [{ Id: '1', Name: 'Peters Engineering' }] });
		expect((await call('GET', 'Organization')).json()).toMatchObject({
			Guid: '8f4c2a60-51d3-4d0e-9b72-3c1de5a70911',
		});
		expect((await call('GET', 'Organization/Users?Name=API')).json()).toMatchObject({
			User: [{ Name: 'api', Active: true }],
		});
	});

	it('list cabinets and trays of the own organization', async () => {
		const call = await signedInAs();
		const names = async (path: string): Promise<Array<[string, boolean]>> => {
			const list = (await call('GET', path)).json() as {
				FileCabinet: Array<{ Name: string; IsBasket: boolean }>;
			};
			return list.FileCabinet.map(({ Name, IsBasket }) => [Name, IsBasket]);
		};
		const expected = [
			['Invoices', false],
			['Personnel', false],
			['Inbox', true],
			['Inbox', true],
		];
		expect(await names('FileCabinets')).toEqual(expected);
		expect(await names('FileCabinets?orgid=1')).toEqual(expected);
		expect((await call('GET', 'FileCabinets?OrgId=9')).status).toBe(422);
	});

	it('say which tray is the default one', async () => {
		const call = await signedInAs();
		const { FileCabinet } = (await call('GET', 'FileCabinets')).json() as {
			FileCabinet: Array<{ Default: boolean }>;
		};
		expect(FileCabinet.map((cabinet) => cabinet.Default)).toEqual([false, false, true, false]);
	});

	it('show a cabinet with its fields, dialogs and one dialog', async () => {
		const call = await signedInAs();
		expect((await call('GET', `FileCabinets/${invoices.toUpperCase()}`)).json()).toMatchObject({
			Name: 'Invoices',
			Fields: expect.arrayContaining([
				expect.objectContaining({ DBFieldName: 'COMPANY', DWFieldType: 'Text' }),
			]) as unknown,
		});
		const search = (await call('GET', `FileCabinets/${invoices}/Dialogs?DialogType=Search`)).json();
		const { Dialog } = search as { Dialog: Array<{ Id: string; Type: string }> };
		expect(new Set(Dialog.map(({ Type }) => Type))).toEqual(new Set(['Search']));
		expect(Dialog.map(({ Id }) => Id.includes('_'))).toContain(true);
		const { Id } = (search as { Dialog: [{ Id: string }] }).Dialog[0];
		expect((await call('GET', `FileCabinets/${invoices}/Dialogs/${Id}`)).json()).toMatchObject({
			Fields: expect.arrayContaining([expect.objectContaining({ DlgLabel: 'Company' })]) as unknown,
		});
	});

	it.each([
		['FileCabinets/not-an-id', 422, "'not-an-id' is not valid cabinet id"],
		['FileCabinets/00000000-0000-0000-0000-00000000000f', 404, 'was not found'],
		[`FileCabinets/${personnel}`, 403, 'no right'],
		['Nowhere', 404, 'No resource was found'],
	])('answer %s with the error object: %i', async (path, status, message) => {
		const call = await signedInAs({ UserName: 'peggy.jenkins', Password: 'correct horse' });
		const answer = await call('GET', path);
		expect(answer.status).toBe(status);
		expect(answer.json()).toEqual({
			Message: expect.stringContaining(message) as unknown,
			Exception: expect.any(String) as unknown,
			Uri: expect.stringContaining(path) as unknown,
			Method: 'GET',
			StatusCode: status,
			Status: expect.any(String) as unknown,
			InternalCode: 0,
		});
	});

	it('answer XML when JSON was not asked for', async () => {
		const call = await signedInAs();
		const answer = await call('GET', 'FileCabinets', { headers: { accept: 'application/xml' } });
		expect(answer.text).toMatch(
			/<FileCabinet Id="a1c5f8d2[^"]*" Name="Invoices" [^>]*IsBasket="false"/,
		);
		expect(answer.text).toContain('xmlns:s="http://dev.docuware.com/schema/public/services"');
		expect(answer.text).toMatch(/<s:Links><s:Link rel="self" href="[^"]*"\/>/);
		const error = await call('GET', 'FileCabinets/x', { headers: { accept: '*/*' } });
		expect([error.status, /<Error [^>]*StatusCode="422"[^>]*><Message>/.test(error.text)]).toEqual([
			422,
			true,
		]);
	});
});

describe('documents', () => {
	const path = `FileCabinets/${invoices}/Documents`;

	it('are stored as a data record', async () => {
		const call = await signedInAs();
		const body = JSON.stringify({
			Fields: [{ FieldName: 'COMPANY', Item: 'Acme', ItemElementName: 'String' }],
		});
		const headers = { 'content-type': 'application/json' };
		const stored = (await call('POST', path, { headers, body })).json();
		expect(stored).toMatchObject({ Id: 1, FileCabinetId: invoices, SectionCount: 0 });
		expect((await call('GET', `${path}/1`)).json()).toEqual(stored);
		expect((stored as { Fields: unknown[] }).Fields).toEqual(
			expect.arrayContaining([
				{
					FieldName: 'COMPANY',
					FieldLabel: 'Company',
					Item: 'Acme',
					ItemElementName: 'String',
					IsNull: false,
					ReadOnly: false,
					SystemField: false,
				},
				{
					FieldName: 'AMOUNT',
					FieldLabel: 'Amount',
					ItemElementName: 'Decimal',
					IsNull: true,
					ReadOnly: false,
					SystemField: false,
				},
				expect.objectContaining({ FieldName: 'DWDOCID', Item: 1, SystemField: true }),
			]),
		);
		const xml = await call('GET', `${path}/1`, { headers: { accept: 'application/xml' } });
		expect(xml.text).toMatch(/<Field FieldName="COMPANY"[^>]*><String>Acme<\/String><\/Field>/);
		expect((await call('GET', `${path}/2`)).status).toBe(404);
	});

	it('are stored from a raw body, byte by byte', async () => {
		const simulator = await start();
		const body = Buffer.from([0, 1, 2, 13, 10, 255]);
		const answer = await callPlatform(simulator, 'POST', path, {
			headers: {
				cookie: cookiesOf(await logOn(simulator)),
				'content-type': 'application/pdf',
				'content-disposition': 'file; filename="a.pdf"',
			},
			body,
		});
		expect(answer.json()).toMatchObject({ Title: 'a.pdf', FileSize: 6, SectionCount: 1 });
		const [section] = simulator.state.documents.all()[0]?.sections ?? [];
		expect(section).toMatchObject({ number: 1, name: 'a.pdf', contentType: 'application/pdf' });
		expect(section?.content.bytes()).toEqual(body);
	});

	it('are stored from a multipart body with the index data first', async () => {
		const simulator = await start();
		const form = new FormData();
		const fields = JSON.stringify({ Fields: [{ FieldName: 'COMPANY', Item: 'Acme' }] });
		form.set('document', new Blob([fields], { type: 'application/json' }), 'document.json');
		form.set('File[]', new Blob(['text'], { type: 'text/plain' }), 'note.txt');
		const cookie = cookiesOf(await logOn(simulator));
		const response = await fetch(`${simulator.url}/DocuWare/Platform/${path}`, {
			method: 'POST',
			headers: { accept: 'application/json', cookie },
			body: form,
		});
		expect(await response.json()).toMatchObject({ Title: 'note.txt', FileSize: 4 });
		expect(simulator.state.documents.all()[0]?.values).toEqual({ COMPANY: 'Acme' });
	});

	it.each([
		['an empty body', { 'content-type': 'application/pdf' }, undefined],
		['index data without fields', { 'content-type': 'application/json' }, '{}'],
		['a file without a name', { 'content-type': 'application/pdf' }, 'data'],
		['a broken multipart', { 'content-type': 'multipart/form-data; boundary=x' }, '--x\r\n'],
	])('are refused with %s', async (_, headers, body) => {
		const call = await signedInAs();
		expect((await call('POST', path, { headers, body })).status).toBe(400);
	});
});
