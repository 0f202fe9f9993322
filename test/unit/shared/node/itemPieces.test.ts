import type { IExecuteFunctions } from 'n8n-workflow';
import { ConnectorError } from '../../../../nodes/shared/errors';
import { itemPieces, type ItemWork } from '../../../../nodes/shared/node/itemPieces';
import type { OutputRow } from '../../../../nodes/shared/node/operation';
import { runPieces } from '../../../../nodes/shared/node/runPieces';
import { runsAsTool } from '../../../../nodes/shared/node/toolRun';
import { deferred } from '../../../support/deferred';
import { executeContext, type NodeSettings } from '../../../support/n8nContext';

function contextOf(settings: NodeSettings = {}) {
	return executeContext({ items: [{}, {}, {}], ...settings }).context;
}

const cancelled = () => new ConnectorError('CANCELLED', 'Cancelled.', { repair: 'Run again.' });

type RunItem = (itemIndex: number) => Promise<OutputRow[]>;

function work(run: RunItem, read: (itemIndex: number) => number = (index) => index) {
	const made = {
		work: { read, run } satisfies ItemWork<number>,
		finished: 0,
	};
	return made;
}

async function runItems(context: IExecuteFunctions, job: ReturnType<typeof work>) {
	return await runPieces(context, {
		cancelled,
		pieces: async () => itemPieces(context, job.work),
		finish: async () => {
			job.finished += 1;
		},
	});
}

const failSecond: RunItem = async (index) => {
	if (index === 1) throw new ConnectorError('BROKEN', 'Broken.', { repair: 'Mend it.' });
	return [{ json: { index } }, { json: { index } }];
};

describe('items as pieces', () => {
	it('pairs every output item with its input item', async () => {
		const [output] = await runItems(
			contextOf({ items: [{}, {}] }),
			work(async (index) => [
				{ json: { index } },
				{ json: { index }, binary: { data: { data: '', mimeType: 'text/plain' } } },
			]),
		);
		expect(output?.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 0 },
			{ item: 1 },
			{ item: 1 },
		]);
		expect(output?.[1]?.binary).toBeDefined();
	});

	it('fails with code, repair and item', async () => {
		const job = work(failSecond);
		await expect(runItems(contextOf(), job)).rejects.toMatchObject({
			message: 'Broken. [BROKEN]',
			description: 'Mend it.',
			context: { itemIndex: 1 },
		});
		expect(job.finished).toBe(1);
	});

	it('goes on with Continue On Fail and puts the error into its item', async () => {
		const job = work(failSecond);
		const [output] = await runItems(contextOf({ continueOnFail: true }), job);
		expect(output).toHaveLength(5);
		expect(output?.[2]).toEqual({
			json: { error: { message: 'Broken. [BROKEN]', description: 'Mend it.', code: 'BROKEN' } },
			pairedItem: { item: 1 },
		});
		expect(job.finished).toBe(1);
	});

	it('ends when the execution is cancelled, whatever the item says', async () => {
		const controller = new AbortController();
		const started: number[] = [];
		const job = work(async (index) => {
			started.push(index);
			controller.abort();
			throw new Error('Something else.');
		});
		const context = contextOf({ continueOnFail: true, signal: controller.signal });
		await expect(runItems(context, job)).rejects.toThrow('Cancelled. [CANCELLED]');
		expect(started).toEqual([0]);
		expect(job.finished).toBe(1);
	});

	it('ends with what is known of a change that was under way when the execution was cancelled', async () => {
		const controller = new AbortController();
		const started: number[] = [];
		const job = work(async (index) => {
			started.push(index);
			controller.abort();
			throw new ConnectorError('UNCONFIRMED', 'Perhaps made.', { repair: 'Look first.' });
		});
		const context = contextOf({ continueOnFail: true, signal: controller.signal });
		await expect(runItems(context, job)).rejects.toThrow('Perhaps made. [UNCONFIRMED]');
		expect(started).toEqual([0]);
	});

	it('starts nothing when the execution is cancelled already', async () => {
		const run = jest.fn(async () => []);
		const context = contextOf({ signal: AbortSignal.abort() });
		await expect(runItems(context, work(run))).rejects.toThrow('[CANCELLED]');
		expect(run).not.toHaveBeenCalled();
	});
});

describe('reading ahead', () => {
	const broken = new ConnectorError('BROKEN', 'Broken.', { repair: 'Mend it.' });

	/** Runs whose items wait until the test lets them go on; what happens is noted in order. */
	function heldRun(
		settings: NodeSettings = {},
		read: (itemIndex: number) => void = () => undefined,
		failures: Readonly<Record<number, Error>> = {},
	) {
		const events: string[] = [];
		const gates = [0, 1, 2].map(() => deferred());
		const begun = [0, 1, 2].map(() => deferred());
		const readings = [0, 1, 2].map(() => deferred());
		const job = work(
			async (index) => {
				events.push(`run ${index}`);
				begun[index]?.resolve();
				await gates[index]?.promise;
				if (failures[index]) throw failures[index];
				events.push(`end ${index}`);
				return [{ json: { index } }];
			},
			(index) => {
				events.push(`read ${index}`);
				readings[index]?.resolve();
				read(index);
				return index;
			},
		);
		const output = runItems(contextOf(settings), job);
		output.catch(() => undefined);
		return { events, gates, begun, readings, output };
	}

	it('the next item is read while one waits, and begun when that has ended', async () => {
		const { events, gates, readings, output } = heldRun();
		await readings[1]?.promise;
		expect(events).toEqual(['read 0', 'run 0', 'read 1']);
		gates[0]?.resolve();
		await readings[2]?.promise;
		expect(events.slice(3)).toEqual(['end 0', 'run 1', 'read 2']);
		for (const gate of gates) gate.resolve();
		const [rows] = await output;
		expect(rows?.map(({ json }) => json.index)).toEqual([0, 1, 2]);
		expect(rows?.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(events.slice(6)).toEqual(['end 1', 'run 2', 'end 2']);
	});

	it('an item that was read ahead is not begun where the one before it stops the run', async () => {
		const { events, gates, readings, output } = heldRun({}, undefined, { 0: broken });
		await readings[1]?.promise;
		gates[0]?.resolve();
		await expect(output).rejects.toMatchObject({
			message: 'Broken. [BROKEN]',
			context: { itemIndex: 0 },
		});
		expect(events).toEqual(['read 0', 'run 0', 'read 1']);
	});

	const failThird = (index: number) => {
		if (index === 2) throw new ConnectorError('EMPTY', 'Empty.', { repair: 'Fill it.' });
	};

	it('what is wrong with an item is said in its turn, after the one under way', async () => {
		const { events, gates, readings, output } = heldRun({}, failThird);
		gates[0]?.resolve();
		await readings[2]?.promise;
		gates[1]?.resolve();
		await expect(output).rejects.toMatchObject({
			message: 'Empty. [EMPTY]',
			context: { itemIndex: 2 },
		});
		expect(events.slice(-2)).toEqual(['read 2', 'end 1']);
	});

	it('where the item under way fails, its error is the one that is told', async () => {
		const { gates, readings, output } = heldRun({}, failThird, { 1: broken });
		gates[0]?.resolve();
		await readings[2]?.promise;
		gates[1]?.resolve();
		await expect(output).rejects.toMatchObject({
			message: 'Broken. [BROKEN]',
			context: { itemIndex: 1 },
		});
	});

	it('with Continue On Fail both become items, each in its place', async () => {
		const { gates, readings, output } = heldRun({ continueOnFail: true }, failThird, {
			1: broken,
		});
		gates[0]?.resolve();
		await readings[2]?.promise;
		gates[1]?.resolve();
		const [rows] = await output;
		expect(rows).toEqual([
			{ json: { index: 0 }, pairedItem: { item: 0 } },
			{ json: { error: expect.objectContaining({ code: 'BROKEN' }) }, pairedItem: { item: 1 } },
			{ json: { error: expect.objectContaining({ code: 'EMPTY' }) }, pairedItem: { item: 2 } },
		]);
	});

	it('a cancelled run reads nothing ahead, and begins nothing that was read', async () => {
		const controller = new AbortController();
		const { events, gates, begun, readings, output } = heldRun(
			{ signal: controller.signal },
			undefined,
			{ 1: new Error('Ended.') },
		);
		await readings[1]?.promise;
		gates[0]?.resolve();
		await begun[1]?.promise;
		controller.abort();
		await new Promise(setImmediate);
		gates[1]?.resolve();
		await expect(output).rejects.toThrow('Cancelled. [CANCELLED]');
		expect(events).toEqual(['read 0', 'run 0', 'read 1', 'end 0', 'run 1']);
	});

	it('an item that does not wait calls the reading off', async () => {
		const events: string[] = [];
		const job = work(
			async (index) => {
				events.push(`run ${index}`);
				return [];
			},
			(index) => {
				events.push(`read ${index}`);
				return index;
			},
		);
		await runItems(contextOf(), job);
		expect(events).toEqual(['read 0', 'run 0', 'read 1', 'run 1', 'read 2', 'run 2']);
	});
});

describe('runsAsTool', () => {
	const isTool = (nodeType: string, mode = 'manual', more: Partial<IExecuteFunctions> = {}) =>
		runsAsTool({ ...contextOf({ nodeType, mode }), ...more });

	it('knows the ways in which a model runs a node', () => {
		expect(isTool('package.docuWare')).toBe(false);
		expect(isTool('package.docuWare', 'webhook', { isToolExecution: undefined })).toBe(false);
		expect(isTool('package.docuWareTool')).toBe(true);
		expect(isTool('package.docuWare', 'internal')).toBe(true);
		expect(isTool('package.docuWare', 'trigger', { isToolExecution: () => true })).toBe(true);
	});
});
