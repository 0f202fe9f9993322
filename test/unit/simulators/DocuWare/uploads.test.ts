import { file, fileClient, inbox, index, invoices, personnel } from './fileClient';
import { useSimulator } from './useSimulator';

const { start } = useSimulator();

describe('a document', () => {
	it.each([
		['document', 'File[]'],
		['Document', 'file'],
		['Properties', 'anything'],
	])('is stored from index data %s and files %s', async (indexName, fileName) => {
		const simulator = await start();
		const client = await fileClient(simulator);
		const answer = await client.parts(
			'Documents',
			[
				index({ COMPANY: 'Peters', AMOUNT: 12.5 }, indexName),
				file('a.pdf', 'one', 'application/pdf', fileName),
				file('b.txt', 'one\ftwo', 'text/plain', fileName),
			],
			{ 'x-file-modifieddate': '2020-08-26T00:00:00.000Z' },
		);
		expect(answer.json()).toMatchObject({
			Id: 1,
			ContentType: 'application/pdf',
			FileSize: 10,
			SectionCount: 2,
			TotalPages: 3,
			Sections: [
				{ Id: '1-1', OriginalFileName: 'a.pdf', ContentModified: '/Date(1598400000000)/' },
				{ Id: '1-2', OriginalFileName: 'b.txt', PageCount: 2 },
			],
		});
		const [stored] = simulator.state.documents.all();
		expect(stored?.values).toEqual({ COMPANY: 'Peters', AMOUNT: 12.5 });
	});

	it('is stored with index data in XML', async () => {
		const simulator = await start();
		const client = await fileClient(simulator);
		const content =
			'<?xml version="1.0"?><Document xmlns="http://dev.docuware.com/schema/public/services/platform">' +
			'<Fields><Field FieldName="COMPANY"><String>Peters &amp; Sons</String></Field>' +
			'<Field FieldName="AMOUNT"><Decimal>1.5</Decimal></Field></Fields></Document>';
		const part = { name: 'document', fileName: 'index.xml', type: 'application/xml', content };
		expect((await client.parts('Documents', [part, file()])).status).toBe(200);
		expect(simulator.state.documents.all()[0]?.values).toEqual({
			COMPANY: 'Peters & Sons',
			AMOUNT: 1.5,
		});
	});

	it('is stored with an InputDocument that names as many sections as there are files', async () => {
		const client = await fileClient(await start());
		const input = (count: number) => ({
			name: 'document',
			fileName: 'document.json',
			type: 'application/vnd.docuware.platform.inputdocument+json',
			content: JSON.stringify({
				Fields: [{ FieldName: 'COMPANY', Item: 'Peters' }],
				Sections: Array.from({ length: count }, () => ({ ApplicationProperties: [] })),
			}),
		});
		const files = [file('a.pdf'), file('b.pdf')];
		expect((await client.parts('Documents', [input(2), ...files])).status).toBe(200);
		const refused = await client.parts('Documents', [input(1), ...files]);
		expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('1 sections')]);
	});

	it('is stored in a tray', async () => {
		const client = await fileClient(await start());
		const tray = `/FileCabinets/${inbox}/Documents`;
		expect((await client.parts(tray, [file()])).json()).toMatchObject({ FileCabinetId: inbox });
	});

	it("is stored with names of members written small, as the vendor's sample has them", async () => {
		const simulator = await start();
		const client = await fileClient(simulator);
		const content = JSON.stringify({ fields: [{ fieldName: 'COMPANY', item: 'Peters' }] });
		const part = { ...index({}), content };
		expect((await client.parts('Documents', [part, file()])).status).toBe(200);
		expect(simulator.state.documents.all()[0]?.values).toEqual({ COMPANY: 'Peters' });
	});

	it('keeps the properties of an application that come with it', async () => {
		const simulator = await start();
		const client = await fileClient(simulator);
		const body = { ApplicationProperties: [{ Name: 'Source', Value: 'n8n' }] };
		expect((await client.json('POST', 'Documents', body)).status).toBe(200);
		expect(simulator.state.documents.all()[0]?.properties).toEqual([
			{ Name: 'Source', Value: 'n8n' },
		]);
	});

	it('is named by the last part of a path', async () => {
		const client = await fileClient(await start());
		const [hostile] = [file('..\\\\..\\\\etc/passwd.pdf')];
		expect((await client.parts('Documents', [hostile])).json()).toMatchObject({
			Sections: [{ OriginalFileName: 'passwd.pdf' }],
		});
	});

	it.each([
		['index data behind a file', [file(), index({ COMPANY: 'Peters' })], 400, 'first part'],
		['a part without a file name', [index({}), { name: 'File[]', content: 'x' }], 400, 'file name'],
		['index data called Field', [{ ...index({}), content: '{"Field":[]}' }, file()], 400, 'read'],
		['a value that does not fit', [index({ AMOUNT: 'much' }), file()], 422, 'AMOUNT'],
		['a field of the system', [index({ DWDOCID: 1 }), file()], 422, 'read-only'],
	])('is refused with %s', async (_, parts, status, words) => {
		const simulator = await start();
		const client = await fileClient(simulator);
		const answer = await client.parts('Documents', parts);
		expect([answer.status, answer.json()]).toEqual([
			status,
			expect.objectContaining({ Message: expect.stringContaining(words) as unknown }),
		]);
		expect(simulator.state.documents.all()).toEqual([]);
	});

	it('needs the mandatory fields of its cabinet and a store dialog that exists', async () => {
		const client = await fileClient(await start());
		const path = `/FileCabinets/${personnel}/Documents`;
		expect((await client.parts(path, [index({ NOTES: 'x' }), file()])).status).toBe(422);
		expect((await client.parts(path, [index({ EMPLOYEE: 'x' }), file()])).status).toBe(200);
		const dialog = (id: string) => `Documents?StoreDialogId=${id}`;
		expect((await client.parts(dialog('no'), [file()])).status).toBe(422);
		const known = `${invoices.slice(0, -1)}2`;
		expect((await client.parts(dialog(known), [file()])).status).toBe(200);
	});
});
