import {
	PlatformClient,
	type PlatformResource,
} from '../../../../../nodes/DocuWare/api/platformClient';
import {
	advanced,
	type PollCursor,
} from '../../../../../nodes/DocuWare/trigger/polling/pollCursor';
import { TrayReader } from '../../../../../nodes/DocuWare/trigger/polling/trayReader';
import { FakeSession } from '../../resources/support/fakeSession';

const NOW = Date.UTC(2026, 10, 26, 12);

/** A tray whose list keeps to the order that is asked for, or does not. */
function tray(isSorted: boolean) {
	const stored: Array<{ id: number; at: number }> = [];
	const asked: Array<Record<string, string>> = [];
	const read = async ({ query = [] }: { query?: ReadonlyArray<readonly [string, string]> }) => {
		const wish = Object.fromEntries(query);
		asked.push(wish);
		const start = Number(wish.Start);
		const rows = isSorted ? [...stored].sort((one, other) => other.at - one.at) : stored;
		const page = rows.slice(start, start + Number(wish.Count));
		const answer: PlatformResource = {
			Items: page.map(({ id, at }) => ({ Id: id, CreatedAt: `/Date(${at})/` })),
			Count: { HasMore: start + page.length < rows.length },
			TimeStamp: `/Date(${NOW})/`,
		};
		return await Promise.resolve(answer);
	};
	const client = Object.assign(new PlatformClient(new FakeSession()), { read });
	const facts = { cabinet: async () => await Promise.resolve({ resource: {} }) };
	const call = { client, facts: facts as never, signal: undefined };
	return { stored, asked, reader: new TrayReader(call, 'b_1', 'stored', undefined) };
}

async function next(reader: TrayReader, cursor: PollCursor) {
	const { reading } = await reader.read(cursor);
	const marks = reading.found.map(({ mark }) => mark);
	return { ids: marks.map(({ id }) => id), cursor: advanced(cursor, marks, reader.now) };
}

it.each([true, false])(
	'gives what is new, oldest first and once (list in the order asked for: %s)',
	async (isSorted) => {
		const { stored, reader } = tray(isSorted);
		for (let id = 1; id <= 2_500; id += 1) stored.push({ id, at: NOW - 9_000_000 + id * 1_000 });
		let cursor = await reader.begin({ from: 'now', begunAt: Date.now() }, 'all');
		stored.push({ id: 2_501, at: NOW }, { id: 2_502, at: NOW - 500 });
		const first = await next(reader, cursor);
		expect(first.ids).toEqual([2_502, 2_501]);
		cursor = first.cursor;
		stored.push({ id: 2_503, at: NOW });
		const second = await next(reader, cursor);
		expect(second.ids).toEqual([2_503]);
		expect((await next(reader, second.cursor)).ids).toEqual([]);
	},
);

it('asks for no more of a long list than the newest', async () => {
	const { stored, asked, reader } = tray(true);
	for (let id = 1; id <= 5_000; id += 1) stored.push({ id, at: NOW - 9_000_000 + id * 1_000 });
	const cursor = await reader.begin({ from: 'now', begunAt: Date.now() }, 'all');
	asked.length = 0;
	expect((await next(reader, cursor)).ids).toEqual([]);
	expect(asked).toEqual([{ Start: '0', Count: '1000', SortOrder: 'DWSTOREDATETIME Desc' }]);
});

it('more new ones than DocuWare gives of a list are an error', async () => {
	const { stored, reader } = tray(true);
	const cursor = await reader.begin({ from: 'now', begunAt: Date.now() }, 'all');
	for (let id = 1; id <= 10_500; id += 1) stored.push({ id, at: NOW + id * 1_000 });
	await expect(reader.read(cursor)).rejects.toMatchObject({ code: 'DOCUWARE_TOO_MANY_RESULTS' });
});
