import { file, fileClient } from './fileClient';
import { useSimulator } from './useSimulator';

const { start } = useSimulator();

interface Section {
	Id: string;
	OriginalFileName: string;
	Links: Array<{ rel: string; href: string }>;
}

describe('sections', () => {
	it('are listed with all their links, and stand in a document with two', async () => {
		const client = await fileClient(await start());
		const stored = await client.parts('Documents', [file('a.pdf'), file('b.pdf')]);
		const { Sections: embedded } = stored.json() as { Sections: Section[] };
		expect(embedded.map(({ Links }) => Links.map(({ rel }) => rel))).toEqual([
			['self', 'thumbnail'],
			['self', 'thumbnail'],
		]);
		const { Section: listed } = (await client.call('GET', 'Sections?docid=1')).json() as {
			Section: Section[];
		};
		expect(listed.map(({ Id, OriginalFileName }) => [Id, OriginalFileName])).toEqual([
			['1-1', 'a.pdf'],
			['1-2', 'b.pdf'],
		]);
		const one = (await client.call('GET', 'Sections/1-2')).json() as Section;
		expect(one).toEqual(listed[1]);
		for (const { rel, href } of one.Links.filter((link) => link.rel !== 'pagesBlock')) {
			const { answer } = await client.bytes(href.replace('/DocuWare/Platform', ''));
			expect([rel, answer.status]).toEqual([rel, 200]);
		}
		expect((await client.call('GET', 'Sections')).status).toBe(400);
		expect((await client.call('GET', 'Sections?DocId=9')).status).toBe(404);
	});

	it('are added raw, as a part, and several to a document', async () => {
		const client = await fileClient(await start());
		await client.json('POST', 'Documents', { Fields: [] });
		const raw = await client.call('POST', 'Sections?DocId=1', Buffer.from('raw'), {
			'content-type': 'application/pdf',
			'content-disposition': 'file; filename="raw.pdf"',
		});
		expect(raw.json()).toMatchObject({ Id: '1-1', OriginalFileName: 'raw.pdf', FileSize: 3 });
		const part = await client.parts('Sections?DocId=1', [file('part.pdf', 'x', 'a/b', 'file')]);
		expect(part.json()).toMatchObject({ Id: '1-2', OriginalFileName: 'part.pdf' });
		const both = await client.parts('Documents/1', [file('c.pdf'), file('d.pdf')]);
		expect(both.json()).toMatchObject({ Id: 1, SectionCount: 4 });
		expect((await client.parts('Sections?DocId=1', [file(), file()])).status).toBe(400);
		const nameless = await client.call('POST', 'Sections?DocId=1', Buffer.from('raw'), {
			'content-type': 'application/pdf',
		});
		expect(nameless.status).toBe(400);
	});

	it.each(['POST', 'PUT'])('are replaced by %s', async (method) => {
		const simulator = await start();
		const client = await fileClient(simulator);
		await client.parts('Documents', [file('a.pdf')]);
		const path = 'Sections/1-1/Data?fileName=new.txt';
		const answer = await client.call(method, path, Buffer.from('new'), {
			'content-type': 'text/plain',
		});
		expect(answer.json()).toMatchObject({
			Id: '1-1',
			OriginalFileName: 'new.txt',
			ContentType: 'text/plain',
			FileSize: 3,
		});
		expect((await client.call(method, 'Sections/1-1/Data?fileName=x', '')).status).toBe(400);
		expect((await client.bytes('Sections/1-1/Data')).body.toString()).toBe('new');
	});

	it('are deleted, and their numbers are not given again', async () => {
		const client = await fileClient(await start());
		await client.parts('Documents', [file('a.pdf'), file('b.pdf')]);
		const deleted = await client.call('DELETE', 'Sections/1-2');
		expect([deleted.status, deleted.text]).toEqual([200, '']);
		expect((await client.call('DELETE', 'Sections/1-2')).status).toBe(404);
		const added = await client.parts('Sections?DocId=1', [file('c.pdf')]);
		expect(added.json()).toMatchObject({ Id: '1-3' });
	});
});
