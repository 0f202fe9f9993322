import { RunMemory } from '../../../../../nodes/DocuWare/api/runMemory';
import { is, range, read, serverWith } from './foundPages';

describe('the order by document id behind the one that was asked for', () => {
	const sort = [{ field: 'COLOUR', direction: 'Asc' as const }];
	const byColour = (count: number) => [
		...range(1, count).filter((id) => id % 2 === 1),
		...range(1, count).filter((id) => id % 2 === 0),
	];

	// Red before: the search was an error.
	it.each([422, 400])(
		'is left out where a dialog refuses it (%d), which is asked once in a run',
		async (status) => {
			for (const limit of [10, Infinity]) {
				const server = serverWith(30);
				server.refuses = ({ SortOrder = [] }) => SortOrder.length > 1;
				server.refusedBy = status;
				const memory = new RunMemory();
				for (let item = 0; item < 3; item += 1) {
					const found = await read(server, { terms: { sort }, limit }, memory);
					expect(found).toEqual(byColour(30).slice(0, limit));
				}
				expect(server.bodies.map(({ SortOrder = [] }) => SortOrder.length)).toEqual([2, 1, 1, 1]);
			}
		},
	);

	it('is left out from then on too where nothing was found', async () => {
		const server = serverWith(0);
		server.refuses = ({ SortOrder = [] }) => SortOrder.length > 1;
		const memory = new RunMemory();
		for (let item = 0; item < 3; item += 1) {
			expect(await read(server, { terms: { sort }, limit: 10 }, memory)).toEqual([]);
		}
		expect(server.bodies).toHaveLength(4);
	});

	it('is asked for again where something else was refused', async () => {
		const server = serverWith(30);
		server.refuses = () => true;
		const memory = new RunMemory();
		const reading = read(server, { terms: { sort }, limit: 10 }, memory);
		await expect(reading).rejects.toMatchObject({ code: 'DOCUWARE_VALIDATION' });
		server.refuses = () => false;
		expect(await read(server, { terms: { sort }, limit: 10 }, memory)).toHaveLength(10);
		expect(server.bodies.map(({ SortOrder = [] }) => SortOrder.length)).toEqual([2, 1, 2]);
	});

	const hasRange = ({ Condition }: { Condition: Array<{ DBName: string }> }) =>
		Condition.some(({ DBName }) => DBName === 'DWDOCID');

	// Red before: the ids of the whole search were read for a few hundred documents, beyond 50,000 an error.
	it.each([
		['one search', undefined],
		['several searches', ['0', '1', '2']],
	])('is left out where links alone lead on and one page is not all: %s', async (_what, sizes) => {
		const server = serverWith(2_000);
		Object.assign(server, { links: 'opaque', givesValues: true, mostRows: 120 });
		const blueOnes = is('COLOUR', 'blue');
		const groups = sizes ? [blueOnes, is('SIZE', ...sizes)] : [blueOnes];
		const found = await read(server, {
			terms: { sort: [{ field: 'AMOUNT', direction: 'Asc' }] },
			limit: 400,
			expression: { operation: 'And', groups },
		});
		const blue = range(1, 2_000).filter((id) => id % 2 === 1);
		expect(found.slice(0, 400)).toEqual(blue.reverse().slice(0, 400));
		expect(server.requests.some(({ method }) => method === 'GET')).toBe(true);
		expect(server.bodies.some(hasRange)).toBe(false);
	});

	it.each([{ linkStatus: 500 }, { linkAnswer: { Message: 'Welcome' } }, { links: 'circle' }])(
		'tells the order out of ranges of ids where those links fail: %j',
		async (fault) => {
			const server = serverWith(2_000);
			Object.assign(server, { links: 'opaque', givesValues: true, mostRows: 120, ...fault });
			const found = await read(server, { terms: { sort }, limit: 400 });
			expect(found.slice(0, 400)).toEqual(byColour(2_000).slice(0, 400));
			expect(server.bodies.some(hasRange)).toBe(true);
		},
	);
});
