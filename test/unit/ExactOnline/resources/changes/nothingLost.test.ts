import * as fc from 'fast-check';
import {
	furthest,
	startOf,
	type SyncCursor,
} from '../../../../../nodes/ExactOnline/resources/changes/cursor';
import {
	readSync,
	type SyncReading,
} from '../../../../../nodes/ExactOnline/resources/changes/syncReading';
import { holdsAsync } from '../../../../support/properties';
import { ChangingService, type Layout, type ServiceStep } from './support/changingService';

/** What a workflow has made of the rows: values by record, and by line. */
class Copy {
	readonly records = new Map<string, number>();
	readonly lines = new Map<string, number>();

	/** Works off the first rows of a reading, as a run does that fails after them. */
	take({ records, deletions }: SyncReading, service: ChangingService, rows: number): void {
		for (const { id, row, lines } of records.slice(0, rows)) {
			// Where lines alone have changed the record is fetched.
			const value = row?.Value ?? service.documents.get(id)?.value;
			if (value !== undefined) this.records.set(id, Number(value));
			for (const line of lines) {
				const found = service.documents.get(id)?.lines.get(line);
				if (found) this.lines.set(line, found.value);
			}
		}
		for (const { id } of deletions.slice(0, Math.max(0, rows - records.length))) {
			this.records.delete(id);
		}
	}
}

type Fate = 'confirmed' | 'failed' | 'confirmedLater';

type Step =
	| { service: ServiceStep }
	| { run: { limit: number; fate: Fate; failsAfter: number; meanwhile: ServiceStep[] } }
	| { confirmOne: number };

const serviceStep: fc.Arbitrary<ServiceStep> = fc.oneof(
	{ weight: 3, arbitrary: fc.constant<ServiceStep>({ do: 'create' }) },
	fc.record({
		do: fc.constantFrom('change', 'changeLine', 'changeLate', 'delete'),
		which: fc.nat(5),
	}),
	fc.constant<ServiceStep>({ do: 'deleteOther' }),
);

const step: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 3, arbitrary: fc.record({ service: serviceStep }) },
	{
		weight: 2,
		arbitrary: fc.record({
			run: fc.record({
				limit: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 4 })),
				fate: fc.constantFrom<Fate>('confirmed', 'failed', 'confirmedLater'),
				failsAfter: fc.nat(4),
				meanwhile: fc.array(serviceStep, { maxLength: 4 }),
			}),
		}),
	},
	fc.record({ confirmOne: fc.nat(3) }),
);

/** A node, with what it keeps between runs, over a sequence of steps; at the end one run takes all that is left. */
async function play(layout: Layout, steps: readonly Step[]): Promise<void> {
	const service = new ChangingService(layout);
	const copy = new Copy();
	let kept = startOf('sync', 0) as SyncCursor;
	const pending: SyncCursor[] = [];
	const confirm = (cursor: SyncCursor) => {
		kept = furthest(kept, cursor) as SyncCursor;
	};
	const read = async (limit: number, meanwhile: readonly ServiceStep[]) => {
		const left = [...meanwhile];
		const source = service.source(() => {
			const next = left.shift();
			if (next) service.step(next);
		});
		return await readSync(source, service.plan, kept, { limit, withDeletions: true, now: 0 });
	};
	for (const one of steps) {
		if ('service' in one) service.step(one.service);
		else if ('confirmOne' in one) {
			const [cursor] = pending.splice(one.confirmOne % Math.max(1, pending.length), 1);
			if (cursor) confirm(cursor);
		} else {
			const { limit, fate, failsAfter, meanwhile } = one.run;
			const reading = await read(limit, meanwhile);
			expect(reading.records.length + reading.deletions.length).toBeLessThanOrEqual(limit);
			copy.take(reading, service, fate === 'failed' ? failsAfter : Infinity);
			if (fate === 'confirmed') confirm(reading.cursor);
			if (fate === 'confirmedLater') pending.push(reading.cursor);
		}
	}
	service.endTransactions();
	copy.take(await read(Infinity, []), service, Infinity);
	const { documents } = service;
	expect(copy.records).toEqual(new Map([...documents].map(([id, { value }]) => [id, value])));
	for (const { lines } of documents.values()) {
		for (const [id, { value }] of lines) expect(copy.lines.get(id)).toBe(value);
	}
}

describe.each(['plain', 'split', 'mixed'] as const)('rows of a %s endpoint', (layout) => {
	it('are never lost, whatever is changed, deleted, limited, confirmed or not', async () => {
		await holdsAsync(
			fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
				await play(layout, steps);
			}),
			400,
		);
	});

	it('come once, although a part of them is read again', async () => {
		const service = new ChangingService(layout);
		for (let made = 0; made < 7; made += 1) service.step({ do: 'create' });
		service.step({ do: 'delete', which: 0 });
		const read = async (cursor: SyncCursor) =>
			await readSync(
				service.source(() => undefined),
				service.plan,
				cursor,
				{ limit: Infinity, withDeletions: true, now: 0 },
			);
		const first = await read(startOf('sync', 0) as SyncCursor);
		expect(first.cursor.told?.changes).not.toHaveLength(0);
		const second = await read(first.cursor);
		expect([second.records, second.deletions]).toEqual([[], []]);
		service.step({ do: 'change', which: 3 });
		expect((await read(second.cursor)).records).toHaveLength(1);
	});

	it('come to an end under a limit', async () => {
		const service = new ChangingService(layout);
		for (let made = 0; made < 7; made += 1) service.step({ do: 'create' });
		for (let gone = 0; gone < 3; gone += 1) service.step({ do: 'delete', which: 0 });
		let cursor = startOf('sync', 0) as SyncCursor;
		const told: number[] = [];
		for (;;) {
			const options = { limit: 2, withDeletions: true, now: 0 };
			const reading = await readSync(
				service.source(() => undefined),
				service.plan,
				cursor,
				options,
			);
			const rows = reading.records.length + reading.deletions.length;
			if (rows === 0) break;
			told.push(rows);
			({ cursor } = reading);
		}
		expect(told.every((rows) => rows <= 2)).toBe(true);
		expect(told.reduce((sum, rows) => sum + rows, 0)).toBeGreaterThanOrEqual(7);
	});
});
