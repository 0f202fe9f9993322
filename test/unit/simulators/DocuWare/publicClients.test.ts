import type { DocuWareSimulator } from '../../../simulators/DocuWare/docuWareSimulator';
import { fileClient, file, inbox, invoices, personnel, type FileClient } from './fileClient';
import { callPlatform, passwordGrant, requestToken, type ReadAnswer } from './platformClient';
import { useSimulator } from './useSimulator';

/**
 * Calls as public clients make them, in their order and with the names, types and parameters that they send
 * (docs/readings.md, "Public clients"): codebar-ag/laravel-docuware at c7be923 and sniner/docuware-client at 9cf5f9a.
 * What they read of an answer has to be there.
 */

type Json = Record<string, unknown>;

const { start } = useSimulator();

/** A client with a token of the built-in client, as both get theirs. */
async function bearerClient(): Promise<{ simulator: DocuWareSimulator; client: FileClient }> {
	const simulator = await start({ version: '7.12' });
	const info = await callPlatform(simulator, 'GET', 'Home/IdentityServiceInfo');
	expect(info.json()).toMatchObject({ IdentityServiceUrl: expect.any(String) as string });
	const { body } = await requestToken(simulator, passwordGrant);
	const authorization = `Bearer ${String(body['access_token'])}`;
	return { simulator, client: await fileClient(simulator, {}, { authorization }) };
}

function ok(answer: ReadAnswer): Json {
	expect([answer.status, answer.text.slice(0, 200)]).toEqual([200, expect.any(String)]);
	return answer.json() as Json;
}

/** The address of a relation, below the Platform. */
function linkOf(resource: Json, rel: string): string {
	const links = resource['Links'] as Array<{ rel: string; href: string }>;
	const href = links.find((link) => link.rel.toLowerCase() === rel.toLowerCase())?.href;
	if (href === undefined) throw new Error(`There is no link ${rel}.`);
	return href.replace(/^\/DocuWare\/Platform/, '');
}

const field = (FieldName: string, Item: unknown, ItemElementName: string) => ({
	FieldName,
	Item,
	ItemElementName,
});

describe('laravel-docuware', () => {
	const indexPart = (fields: object[]) => ({
		name: 'document',
		fileName: 'index.json',
		// Its library makes the type of the name.
		type: 'application/json',
		content: JSON.stringify({ Fields: fields }),
	});

	async function stored(client: FileClient, name = 'invoice.pdf'): Promise<number> {
		const answer = await client.parts('Documents', [
			indexPart([field('COMPANY', 'Peters', 'String')]),
			file(name, '%PDF invoice', 'application/pdf', 'file'),
		]);
		return Number(ok(answer)['Id']);
	}

	it('stores a file with an index part of another name, and a record that gets its file afterwards', async () => {
		const { client } = await bearerClient();
		const document = ok(await client.json('GET', `Documents/${await stored(client)}`));
		expect(document).toMatchObject({
			Title: expect.any(String) as string,
			FileSize: 12,
			TotalPages: 1,
			FileCabinetId: invoices,
			ContentType: 'application/pdf',
			CreatedAt: expect.stringMatching(/^\/Date\(\d+\)\/$/) as string,
		});
		const record = await client.parts('Documents', [indexPart([field('STATUS', 'new', 'String')])]);
		const recordId = String(ok(record)['Id']);
		const filled = await client.parts(`Documents/${recordId}`, [file('late.pdf', 'late')]);
		expect(ok(filled)).toMatchObject({ SectionCount: 1 });
	});

	it('changes fields with the member Field, and reads them back from the answer', async () => {
		const { client } = await bearerClient();
		const id = await stored(client);
		const Field = [
			field('STATUS', 'paid', 'String'),
			field('AMOUNT', 12.5, 'Decimal'),
			field('INVOICEDATE', '2026-04-07', 'Date'),
		];
		const answer = ok(
			await client.json('PUT', `Documents/${id}/Fields`, { Field, ForceUpdate: false }),
		);
		expect(answer['Field']).toEqual(
			expect.arrayContaining([
				expect.objectContaining({ FieldName: 'STATUS', Item: 'paid' }),
				expect.objectContaining({ FieldName: 'AMOUNT', Item: 12.5 }),
			]),
		);
	});

	it('downloads file, thumbnail and text, with parameters spelled small', async () => {
		const { client } = await bearerClient();
		const id = await stored(client);
		const query = 'targetFileType=Auto&keepAnnotations=false';
		const { answer, body } = await client.bytes(`Documents/${id}/FileDownload?${query}`);
		expect([answer.status, body.toString()]).toEqual([200, '%PDF invoice']);
		expect(answer.headers.get('content-disposition')).toContain('invoice.pdf');
		const sections = ok(await client.json('GET', `Sections?docid=${id}`));
		const [section] = sections['Section'] as Json[];
		expect(section).toMatchObject({ Id: `${id}-1`, OriginalFileName: 'invoice.pdf', FileSize: 12 });
		const picture = await client.bytes(`Rendering/${id}-1/Thumbnail?page=0`);
		expect(picture.answer.headers.get('content-type')).toMatch(/^image\//);
		const text = ok(await client.json('GET', `Sections/${id}-1/Textshot`));
		expect(text).toMatchObject({
			Pages: [expect.objectContaining({ Items: expect.any(Array) as unknown })],
		});
	});

	it('appends and replaces a section as a multipart body, and takes it out', async () => {
		const { client } = await bearerClient();
		const id = await stored(client);
		const appended = ok(
			await client.parts(`Sections?DocId=${id}`, [
				file('b.pdf', 'second', 'application/pdf', 'file'),
			]),
		);
		expect(appended).toMatchObject({ Id: `${id}-2`, FileSize: 6 });
		const path = `Sections/${id}-2/Data?fileName=c.pdf`;
		const replaced = await client.parts(path, [file('c.pdf', 'third', 'application/pdf', 'file')]);
		expect(ok(replaced)).toMatchObject({ FileSize: 5 });
		expect((await client.call('DELETE', `Sections/${id}-2`)).status).toBe(200);
	});

	it('searches by pages and sorted, counts by GET, and reads a select list', async () => {
		const { client } = await bearerClient();
		for (let at = 0; at < 3; at += 1) await stored(client);
		const search = (page: number) => ({
			...{ Count: 2, Start: (page - 1) * 2, Operation: 'And', ForceRefresh: true },
			Condition: [{ DBName: 'COMPANY', Value: ['Peters'] }],
			SortOrder: [{ Field: 'DWSTOREDATETIME', Direction: 'desc' }],
			...{ AdditionalCabinets: [], IncludeSuggestions: false, AdditionalResultFields: [] },
		});
		const pages = [1, 2].map(async (page) =>
			ok(await client.json('POST', 'Query/DialogExpression', search(page))),
		);
		const [first, second] = await Promise.all(pages);
		expect(first).toMatchObject({ Count: { HasMore: true, Value: 3 } });
		expect(first?.['Items']).toHaveLength(2);
		expect(second).toMatchObject({ Count: { HasMore: false } });
		const dialogs = ok(await client.json('GET', 'Dialogs?DialogType=Search'))['Dialog'] as Json[];
		const dialog = String(dialogs[0]?.['Id']);
		const count = ok(await client.json('GET', `Query/CountExpression?DialogId=${dialog}`));
		expect(count['Group']).toEqual([expect.objectContaining({ Count: 3 })]);
		const list = `Query/SelectListExpression?DialogId=${dialog}&FieldName=COMPANY`;
		const wanted = { ValuePrefix: '', Limit: 100, Typed: false, ExcludeExternal: true };
		expect(ok(await client.json('POST', list, wanted))).toMatchObject({ Value: ['Peters'] });
	});

	it('copies a document whose number is a text, clips in a tray, and restores from the trash bin', async () => {
		const { client } = await bearerClient();
		const id = await stored(client);
		const transferred = await client.json(
			'POST',
			`/FileCabinets/${personnel}/Task/Transfer`,
			{
				SourceFileCabinetId: invoices,
				Documents: [{ Id: String(id), Fields: [field('EMPLOYEE', 'Peggy', 'String')] }],
				...{ KeepSource: true, FillIntellix: false, UseDefaultDialog: false },
			},
			{
				'content-type': 'application/vnd.docuware.platform.documentstransferinfo+json',
				'x-requested-with': 'XMLHttpRequest',
			},
		);
		expect(transferred.status).toBe(200);
		const ids = [];
		for (const name of ['a.pdf', 'b.pdf']) {
			const answer = await client.parts(`/FileCabinets/${inbox}/Documents`, [file(name, name)]);
			ids.push(Number(ok(answer)['Id']));
		}
		const merge = { Documents: ids, Operation: 'Clip', Force: false };
		const clipped = await client.json(
			'POST',
			`/FileCabinets/${inbox}/Operations/ContentMerge`,
			merge,
		);
		expect(ok(clipped)).toMatchObject({ SectionCount: 2 });
		expect((await client.call('DELETE', `Documents/${id}`)).status).toBe(200);
		const query = {
			Count: 50,
			Start: 0,
			Condition: [],
			SortOrder: null,
			Operation: 'And',
			ForceRefresh: true,
		};
		const trash = ok(
			await client.json('POST', '/TrashBin/Query', query, {
				accept: 'application/vnd.docuware.platform.documentstable+json',
			}),
		);
		const names = (trash['Headers'] as Json[]).map(({ FieldName }) => FieldName);
		const [row] = trash['Rows'] as unknown[][];
		const restored = { Id: [row?.[names.indexOf('ID')]] };
		expect(ok(await client.json('POST', '/TrashBin/BatchRestore', restored))).toMatchObject({
			SuccessCount: 1,
		});
	});

	it('checks a document out without a body and gives it back, and sets application properties', async () => {
		const { client } = await bearerClient();
		const added = await client.parts(`/FileCabinets/${personnel}/Documents`, [
			indexPart([field('EMPLOYEE', 'Peggy', 'String')]),
			file('cv.pdf', 'cv', 'application/pdf', 'file'),
		]);
		const path = `/FileCabinets/${personnel}/Documents/${String(ok(added)['Id'])}`;
		expect((await client.call('POST', `${path}/CheckoutToFileSystem`)).status).toBe(200);
		const undo = `/FileCabinets/${personnel}/Operations/ProcessDocumentAction?DocId=${path.split('/').at(-1)}`;
		expect((await client.json('PUT', undo, { DocumentAction: 'UndoCheckOut' })).status).toBe(200);
		const properties = { DocumentApplicationProperty: [{ Name: 'Key', Value: 'value' }] };
		const set = await client.json('POST', `${path}/DocumentApplicationProperties`, properties);
		expect(ok(set)).toMatchObject(properties);
	});
});

describe('docuware-client (Python), which goes by links alone', () => {
	it('from the organization to the cabinet, a record, its attachment, its text, and its end', async () => {
		const { client } = await bearerClient();
		const organizations = ok(await client.json('GET', '/Organizations'))['Organization'] as Json[];
		const list = ok(await client.json('GET', linkOf(organizations[0] ?? {}, 'filecabinets')));
		const found = (list['FileCabinet'] as Json[]).find(({ Id }) => Id === invoices) ?? {};
		const cabinet = ok(await client.json('GET', linkOf(found, 'self')));
		const Fields = [field('COMPANY', 'Peters', 'String'), field('INVOICENO', 7, 'Int')];
		const made = ok(await client.json('POST', linkOf(cabinet, 'documents'), { Fields }));
		const document = ok(
			await client.json('GET', `${linkOf(cabinet, 'documents')}/${String(made['Id'])}`),
		);
		const Field = [
			field('AMOUNT', 5, 'Decimal'),
			field('RECEIVED', '/Date(1775557800000)/', 'DateTime'),
		];
		expect((await client.json('PUT', linkOf(document, 'fields'), { Field })).status).toBe(200);
		const appended = await client.parts(linkOf(document, 'sections'), [
			file('note.txt', 'A note', 'text/plain', 'file'),
		]);
		const section = ok(await client.json('GET', linkOf(ok(appended), 'self')));
		const original = await client.bytes(linkOf(section, 'fileDownload'));
		expect(original.body.toString()).toBe('A note');
		expect(ok(await client.json('GET', linkOf(section, 'textshot')))).toHaveProperty('Pages');
		const query = 'keepAnnotations=true&targetFileType=PDF';
		const pdf = await client.bytes(`${linkOf(document, 'fileDownload')}?${query}`);
		expect(pdf.answer.headers.get('content-type')).toContain('application/pdf');
		const picture = await client.bytes(linkOf(document, 'thumbnail'));
		expect(picture.answer.status).toBe(200);
		const json = { 'content-type': 'application/json' };
		expect((await client.call('DELETE', linkOf(document, 'self'), undefined, json)).status).toBe(
			200,
		);
	});

	it('searches by the link of the default dialog, sorts in the body, and follows next', async () => {
		const { simulator, client } = await bearerClient();
		simulator.addDocuments(
			invoices,
			Array.from({ length: 5 }, (_, INVOICENO) => ({ COMPANY: 'Peters', INVOICENO })),
		);
		const all = ok(await client.json('GET', 'Dialogs'))['Dialog'] as Json[];
		const summary =
			all.find(({ Type, IsDefault }) => Type === 'Search' && IsDefault === true) ?? {};
		const dialog = ok(await client.json('GET', linkOf(summary, 'self')));
		const expression = linkOf(dialog['Query'] as Json, 'dialogExpression');
		const answer = ok(
			await client.json('POST', `${expression}&fields=COMPANY,INVOICENO&count=2`, {
				Condition: [{ DBName: 'COMPANY', Value: ['Peters'] }],
				...{ Operation: 'And', Count: 2 },
				SortOrder: [{ Field: 'INVOICENO', Direction: 'Desc' }],
			}),
		);
		const numbers: unknown[] = [];
		for (let page: Json | undefined = answer; page !== undefined;) {
			for (const item of page['Items'] as Json[]) {
				const fields = item['Fields'] as Json[];
				numbers.push(fields.find(({ FieldName }) => FieldName === 'INVOICENO')?.['Item']);
			}
			const links: Array<{ rel: string }> = page['Links'] as Array<{ rel: string }>;
			const hasNext = links.some(({ rel }) => rel === 'next');
			page = hasNext ? ok(await client.json('GET', linkOf(page, 'next'))) : undefined;
		}
		expect(numbers).toEqual([4, 3, 2, 1, 0]);
		const withList = (dialog['Fields'] as Json[]).find(
			({ DBFieldName }) => DBFieldName === 'COMPANY',
		);
		expect(ok(await client.json('GET', linkOf(withList ?? {}, 'simpleSelectList')))).toMatchObject({
			Value: ['Peters'],
		});
	});
});
