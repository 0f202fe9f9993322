import { ConnectorError } from '../../../../nodes/shared/errors';
import { itemPieces } from '../../../../nodes/shared/node/itemPieces';
import { runPieces } from '../../../../nodes/shared/node/runPieces';
import { deferred, type Deferred } from '../../../support/deferred';
import { executeContext, type NodeSettings } from '../../../support/n8nContext';

const cancelled = () => new ConnectorError('CANCELLED', 'Cancelled.', { repair: 'Run again.' });

/** Items whose ends a test decides. */
class HeldItems {
	readonly begun: number[] = [];

	private readonly ends: Deferred[];

	private readonly broken = new Set<number>();

	finished = 0;

	constructor(
		private readonly count: number,
		private readonly width: number,
	) {
		this.ends = Array.from({ length: count }, () => deferred());
	}

	async run(settings: NodeSettings = {}) {
		const items = Array.from({ length: this.count }, () => ({}));
		const { context } = executeContext({ items, ...settings });
		return await runPieces(context, {
			cancelled,
			sideBySide: () => this.width,
			pieces: async () =>
				await Promise.resolve(
					itemPieces(context, {
						read: (index) => index,
						run: async (index) => {
							this.begun.push(index);
							await this.ends[index]?.promise;
							if (!this.broken.has(index)) return [{ json: { index } }];
							const message = `Item ${index} broke.`;
							throw new ConnectorError('BROKEN', message, { repair: 'Mend it.' });
						},
					}),
				),
			finish: async () => {
				this.finished += 1;
				await Promise.resolve();
			},
		});
	}

	end(index: number): void {
		this.ends[index]?.resolve();
	}

	fail(index: number): void {
		this.broken.add(index);
		this.end(index);
	}
}

const turn = async () => await new Promise((done) => setImmediate(done));

describe('items side by side', () => {
	it('are as many at a time as the operation says, and come out in their order', async () => {
		const items = new HeldItems(5, 2);
		const run = items.run();
		await turn();
		expect(items.begun).toEqual([0, 1]);
		items.end(1);
		await turn();
		expect(items.begun).toEqual([0, 1, 2]);
		for (const index of [4, 3, 2, 0]) items.end(index);
		const [output] = await run;
		expect(output?.map(({ json, pairedItem }) => [json.index, pairedItem])).toEqual(
			[0, 1, 2, 3, 4].map((index) => [index, { item: index }]),
		);
		expect(items.finished).toBe(1);
	});

	it('begin no more after one has failed, and the error waits for those under way', async () => {
		const items = new HeldItems(4, 2);
		let isOver = false;
		const run = items.run().catch((error: unknown) => {
			isOver = true;
			return error;
		});
		await turn();
		items.fail(1);
		await turn();
		expect(items.begun).toEqual([0, 1]);
		expect(isOver).toBe(false);
		items.end(0);
		expect(await run).toMatchObject({ message: expect.stringContaining('Item 1 broke') });
		expect(items.begun).toEqual([0, 1]);
		expect(items.finished).toBe(1);
	});

	it('tell of the first that failed', async () => {
		const items = new HeldItems(2, 2);
		const run = items.run().catch((error: unknown) => error);
		await turn();
		items.fail(1);
		await turn();
		items.fail(0);
		expect(await run).toMatchObject({
			message: expect.stringContaining('Item 0 broke'),
			description: 'Mend it. Failed beside it: Item 1 broke. [BROKEN]',
		});
	});

	it('say which items after the one that failed are done', async () => {
		const items = new HeldItems(4, 4);
		const run = items.run().catch((error: unknown) => error);
		await turn();
		items.fail(1);
		for (const index of [3, 2, 0]) items.end(index);
		expect(await run).toMatchObject({
			message: expect.stringContaining('Item 1 broke'),
			description: 'Mend it. Done beside it (the first item is 0): 2, 3.',
		});
	});

	it('go on with Continue On Fail, each error in its place', async () => {
		const items = new HeldItems(3, 3);
		const run = items.run({ continueOnFail: true });
		await turn();
		items.end(2);
		items.fail(1);
		items.end(0);
		const [output] = await run;
		expect(output?.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(output?.[1]?.json).toMatchObject({ error: { code: 'BROKEN' } });
	});

	it('end with a cancel', async () => {
		const stop = new AbortController();
		const items = new HeldItems(4, 2);
		const run = items.run({ signal: stop.signal, continueOnFail: true }).catch((e: unknown) => e);
		await turn();
		stop.abort();
		items.end(0);
		items.end(1);
		// Red before: the cancel was told again for each item that it ended.
		expect(await run).toMatchObject({
			message: expect.stringContaining('Cancelled'),
			description: 'Run again.',
		});
		expect(items.begun).toEqual([0, 1]);
	});
});
