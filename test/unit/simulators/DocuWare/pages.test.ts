import { file, fileClient, type FileClient } from './fileClient';
import { useSimulator } from './useSimulator';

const { start } = useSimulator();
const stampId = '9c1e4b7a-5d20-4f83-8b6e-0a2d4c6e8f01';

interface Linked {
	Links: Array<{ rel: string; href: string }>;
}

const hrefOf = ({ Links }: Linked, rel: string): string =>
	(Links.find((link) => link.rel === rel)?.href ?? '').replace('/DocuWare/Platform', '');

async function firstPage(client: FileClient): Promise<Linked> {
	await client.parts('Documents', [file('a.txt', 'one\ftwo\fthree', 'text/plain')]);
	const section = (await client.call('GET', 'Sections/1-1')).json() as { Pages: Linked };
	const block = (await client.call('GET', hrefOf(section.Pages, 'nextBlock'))).json() as {
		Page: Array<Linked & { PageNum: number }>;
	};
	expect(block.Page.map(({ PageNum }) => PageNum)).toEqual([0, 1, 2]);
	return block.Page[0] as Linked;
}

describe('pages of a section', () => {
	it('come in blocks', async () => {
		const client = await fileClient(await start());
		await firstPage(client);
		const block = (await client.call('GET', 'Sections/1-1/PagesBlock?start=1&count=1')).json();
		expect(block).toMatchObject({ Page: [{ PageNum: 1, HasAnnotation: false }] });
		const next = (await client.call('GET', hrefOf(block as Linked, 'nextBlock'))).json();
		expect(next).toMatchObject({ Page: [{ PageNum: 2 }], Links: [] });
		expect((await client.call('GET', 'Sections/1-1/PagesBlock?start=-1')).status).toBe(422);
	});

	it('have a picture, a file, and places for stamps and notes', async () => {
		const client = await fileClient(await start());
		const page = await firstPage(client);
		for (const rel of ['self', 'thumbnail', 'fileDownload']) {
			expect((await client.bytes(hrefOf(page, rel))).answer.status).toBe(200);
		}
		const placement = { StampId: stampId, Layer: 0, Field: [{ Name: '<#1>', Value: 'Nice' }] };
		const place = await client.json('POST', hrefOf(page, 'stampBestPosition'), placement);
		expect(place.json()).toEqual({ X: 500, Y: 500 });
		const stamped = { ...placement, Location: place.json() };
		expect((await client.json('POST', hrefOf(page, 'stamp'), stamped)).status).toBe(200);
		const line = { $type: 'LineEntry', From: { X: 0, Y: 1 }, To: { X: 9, Y: 1 } };
		const layer = { Layer: [{ Id: 1, Items: [line] }] };
		expect((await client.json('POST', hrefOf(page, 'annotation'), layer)).status).toBe(200);
		expect((await client.call('GET', hrefOf(page, 'self'))).json()).toMatchObject({
			HasAnnotation: true,
		});
		expect((await client.json('POST', hrefOf(page, 'annotation'), {})).status).toBe(422);
		expect((await client.call('GET', 'Sections/1-1/Pages/3')).status).toBe(404);
	});
});
