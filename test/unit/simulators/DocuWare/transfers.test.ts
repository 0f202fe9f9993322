import { file, fileClient, inbox, index, invoices, personnel, type FileClient } from './fileClient';
import { useSimulator } from './useSimulator';

const { start } = useSimulator();
const documentsType = {
	'content-type': 'application/vnd.docuware.platform.documentstransferinfo+json',
};
const idsType = {
	'content-type': 'application/vnd.docuware.platform.filecabinettransferinfo+json',
};
const tray = `/FileCabinets/${inbox}`;

/** Two documents in the tray. */
async function stocked(client: FileClient): Promise<void> {
	await client.parts(`${tray}/Documents`, [
		file('a.txt', 'Company: Peters\nAmount: 12.5', 'text/plain'),
		file('b.pdf'),
	]);
	await client.parts(`${tray}/Documents`, [file('c.pdf', 'c')]);
}

interface Result {
	Items: Array<{ Id: number; FileCabinetId: string }>;
	Count: { Value: number };
}

describe('a transfer', () => {
	it.each([
		['copies', true, [1, 2]],
		['moves', false, [2]],
	])('%s a document with index fields into a cabinet', async (_, KeepSource, left) => {
		const simulator = await start();
		const client = await fileClient(simulator);
		await stocked(client);
		const answer = await client.json(
			'POST',
			'Task/Transfer',
			{
				SourceFileCabinetId: inbox,
				Documents: [
					{ Id: '1', Fields: [{ FieldName: 'COMPANY', Item: 'Acme', ItemElementName: 'String' }] },
				],
				KeepSource,
				FillIntellix: true,
				UseDefaultDialog: false,
			},
			documentsType,
		);
		expect(answer.json()).toMatchObject({
			Count: { Value: 1 },
			Items: [{ Id: 1, FileCabinetId: invoices, SectionCount: 2 }],
		});
		const [arrived] = simulator.state.documents.inCabinet(invoices);
		expect(arrived?.values).toEqual({ COMPANY: 'Acme', AMOUNT: 12.5 });
		expect(arrived?.sections.map(({ number, name }) => [number, name])).toEqual([
			[1, 'a.txt'],
			[2, 'b.pdf'],
		]);
		expect(simulator.state.documents.inCabinet(inbox).map(({ id }) => id)).toEqual(left);
		expect(simulator.state.documents.discarded()).toEqual([]);
	});

	it('takes a list of numbers, and keeps entries that fit the target', async () => {
		const simulator = await start();
		const client = await fileClient(simulator);
		await client.parts('Documents', [index({ COMPANY: 'Acme', AMOUNT: 1 }), file()]);
		const into = async (target: string, id: number, source: string) =>
			await client.json(
				'POST',
				`/FileCabinets/${target}/Task/Transfer`,
				{ SourceDocId: [id], SourceFileCabinetId: source, KeepSource: true, FillIntellix: false },
				idsType,
			);
		expect(((await into(inbox, 1, invoices)).json() as Result).Items).toHaveLength(1);
		expect(simulator.state.documents.inCabinet(inbox)[0]?.values).toEqual({});
		const copy = (await into(invoices, 1, invoices)).json() as Result;
		expect(copy.Items).toMatchObject([{ Id: 2 }]);
		expect(simulator.state.documents.find(invoices, 2)?.values).toEqual({
			COMPANY: 'Acme',
			AMOUNT: 1,
		});
		// The other cabinet has a mandatory field of its own.
		expect((await into(personnel, 1, invoices)).status).toBe(422);
	});

	it('passes over fields of the system, as whole documents have them', async () => {
		const simulator = await start();
		const client = await fileClient(simulator);
		await client.parts('Documents', [index({ COMPANY: 'Acme' }), file()]);
		const { Items } = (await client.call('GET', 'Documents?Count=1')).json() as Result;
		const order = { SourceFileCabinetId: invoices, Documents: Items, KeepSource: true };
		const answer = await client.json('POST', 'Task/Transfer', order, documentsType);
		expect(answer.json()).toMatchObject({ Items: [{ Id: 2 }] });
		expect(simulator.state.documents.find(invoices, 2)?.values).toEqual({ COMPANY: 'Acme' });
	});

	it('takes all documents or none', async () => {
		const simulator = await start();
		const client = await fileClient(simulator);
		await stocked(client);
		const answer = await client.json(
			'POST',
			'Task/Transfer',
			{ SourceDocId: [1, 9], SourceFileCabinetId: inbox, KeepSource: false },
			idsType,
		);
		expect(answer.status).toBe(404);
		expect(simulator.state.documents.inCabinet(inbox)).toHaveLength(2);
		expect(simulator.state.documents.inCabinet(invoices)).toEqual([]);
	});

	const body = { SourceDocId: [1], SourceFileCabinetId: inbox, KeepSource: false };
	it.each([
		['plain JSON', body, { 'content-type': 'application/json' }, 415],
		['no documents', { ...body, SourceDocId: [] }, idsType, 400],
		['no KeepSource', { ...body, KeepSource: undefined }, idsType, 400],
		['an unknown source', { ...body, SourceFileCabinetId: 'x' }, idsType, 422],
		['its own target', { ...body, SourceFileCabinetId: invoices }, idsType, 422],
	])('is refused with %s', async (_, sent, type, status) => {
		const client = await fileClient(await start());
		await stocked(client);
		expect((await client.json('POST', 'Task/Transfer', sent, type)).status).toBe(status);
	});

	it('needs the right to store, and to delete what is moved', async () => {
		const simulator = await start();
		const client = await fileClient(simulator);
		await stocked(client);
		const reader = await fileClient(simulator, {
			UserName: 'reader',
			Password: 'look, do not touch',
		});
		expect((await reader.json('POST', 'Task/Transfer', body, idsType)).status).toBe(403);
	});
});
