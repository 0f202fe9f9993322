import { file, fileClient, inbox, type FileClient } from './fileClient';
import { useSimulator } from './useSimulator';

const { start } = useSimulator();
const tray = `/FileCabinets/${inbox}`;

async function stocked(client: FileClient, path: string): Promise<void> {
	for (const name of ['a.pdf', 'b.pdf', 'c.txt']) {
		const type = name.endsWith('pdf') ? 'application/pdf' : 'text/plain';
		await client.parts(`${path}Documents`, [file(name, 'one\ftwo\fthree', type)]);
	}
}

interface Shown {
	Id: number;
	SectionCount: number;
	TotalPages: number;
}

const merge = async (
	client: FileClient,
	path: string,
	Operation: string,
	Documents: unknown,
	Force = false,
) => await client.json('POST', `${path}Operations/ContentMerge`, { Documents, Operation, Force });
const divide = async (client: FileClient, path: string, id: number, body: object) =>
	await client.json('PUT', `${path}Operations/ContentDivide?docId=${id}`, body);

describe('documents', () => {
	it.each([
		['first', 1, [2, 3]],
		['new', 4, [3, 5]],
	] as const)('are clipped into the %s one, and unclipped', async (mergedDocument, id, others) => {
		const simulator = await start({ mergedDocument });
		const client = await fileClient(simulator);
		await stocked(client, '');
		const clipped = await merge(client, '', 'Clip', [1, 2]);
		expect(clipped.json()).toMatchObject({ Id: id, SectionCount: 2 });
		const { Items } = (await divide(client, '', id, { Operation: 'Unclip' })).json() as {
			Items: Shown[];
		};
		expect(Items.map(({ SectionCount }) => SectionCount)).toEqual([1, 1]);
		const left = simulator.state.documents.all().map((document) => document.id);
		expect(left.sort()).toEqual([id, ...(mergedDocument === 'first' ? [3, 4] : others)].sort());
		expect((await divide(client, '', id, { Operation: 'Unclip' })).status).toBe(422);
	});

	it('are stapled in trays only, and unstapled', async () => {
		const simulator = await start();
		const client = await fileClient(simulator);
		await stocked(client, '');
		expect((await merge(client, '', 'Staple', [1, 2])).status).toBe(422);
		await stocked(client, `${tray}/`);
		const stapled = await merge(client, `${tray}/`, 'Staple', [1, 2]);
		expect(stapled.json()).toMatchObject({ Id: 1, SectionCount: 1, TotalPages: 2 });
		// Files of two kinds lose content, unless somebody insists.
		expect((await merge(client, `${tray}/`, 'Staple', [1, 3])).status).toBe(422);
		expect((await merge(client, `${tray}/`, 'Staple', [1, 3], true)).status).toBe(200);
		const { Items } = (await divide(client, `${tray}/`, 1, { Operation: 'Unstaple' })).json() as {
			Items: Shown[];
		};
		expect(Items).toHaveLength(2);
	});

	it('are split at pages', async () => {
		const simulator = await start();
		const client = await fileClient(simulator);
		await stocked(client, '');
		const answer = await divide(client, '', 3, {
			Operation: 'Split',
			Pages: [1, 3],
			ResultNames: ['front.txt', 'back.txt'],
		});
		expect(answer.json()).toMatchObject({
			Count: { Value: 2 },
			Items: [
				{ Id: 3, TotalPages: 2 },
				{ Id: 4, TotalPages: 1 },
			],
		});
		expect(
			simulator.state.documents
				.all()
				.filter(({ id }) => id > 2)
				.map(({ sections: [section] }) => [section?.name, section?.content.bytes().toString()]),
		).toEqual([
			['front.txt', 'one\ftwo'],
			['back.txt', 'three'],
		]);
		for (const Pages of [[], [9], [1]]) {
			expect((await divide(client, '', 3, { Operation: 'Split', Pages })).status).toBe(422);
		}
	});

	it.each([
		['an unknown operation', 'Glue', [1, 2]],
		['one document', 'Clip', [1]],
		['one document twice', 'Clip', [1, 1]],
		['no documents', 'Clip', undefined],
	])('are not merged with %s', async (_, operation, ids) => {
		const client = await fileClient(await start());
		await stocked(client, '');
		expect((await merge(client, '', operation, ids)).status).toBe(422);
	});

	it('stay as they are when one of them is unknown', async () => {
		const simulator = await start();
		const client = await fileClient(simulator);
		await stocked(client, '');
		expect((await merge(client, '', 'Clip', [1, 9])).status).toBe(404);
		expect(simulator.state.documents.all()).toHaveLength(3);
	});
});
