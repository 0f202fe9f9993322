import type { IExecuteFunctions } from 'n8n-workflow';
import { ConnectorError } from '../../../../nodes/shared/errors';
import { runItems, type ItemWork } from '../../../../nodes/shared/node/runItems';
import { runsAsTool } from '../../../../nodes/shared/node/toolRun';

interface Settings {
	items?: number;
	continueOnFail?: boolean;
	signal?: AbortSignal;
}

function contextOf({ items = 3, continueOnFail = false, signal }: Settings): IExecuteFunctions {
	const context: Partial<IExecuteFunctions> = {
		getInputData: () => Array.from({ length: items }, () => ({ json: {} })),
		getNode: () => ({ name: 'Node', type: 'node' }) as never,
		continueOnFail: () => continueOnFail,
		getExecutionCancelSignal: () => signal,
	};
	return context as IExecuteFunctions;
}

const cancelled = () => new ConnectorError('CANCELLED', 'Cancelled.', { repair: 'Run again.' });

function work(run: ItemWork['run']): ItemWork & { finished: number } {
	const made = {
		run,
		cancelled,
		finished: 0,
		finish: async () => {
			made.finished += 1;
		},
	};
	return made;
}

const failSecond: ItemWork['run'] = async (index) => {
	if (index === 1) throw new ConnectorError('BROKEN', 'Broken.', { repair: 'Mend it.' });
	return [{ json: { index } }, { json: { index } }];
};

describe('runItems', () => {
	it('pairs every output item with its input item', async () => {
		const [output] = await runItems(
			contextOf({ items: 2 }),
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
		await expect(runItems(contextOf({}), job)).rejects.toMatchObject({
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

	it('starts nothing when the execution is cancelled already', async () => {
		const run = jest.fn(async () => []);
		const context = contextOf({ signal: AbortSignal.abort() });
		await expect(runItems(context, work(run))).rejects.toThrow('[CANCELLED]');
		expect(run).not.toHaveBeenCalled();
	});
});

describe('runsAsTool', () => {
	const context = (type: string, mode = 'manual', isToolExecution: unknown = () => false) =>
		({ getNode: () => ({ type }), getMode: () => mode, isToolExecution }) as never;

	it('knows the ways in which a model runs a node', () => {
		expect(runsAsTool(context('package.docuWare'))).toBe(false);
		expect(runsAsTool(context('package.docuWare', 'webhook', undefined))).toBe(false);
		expect(runsAsTool(context('package.docuWareTool'))).toBe(true);
		expect(runsAsTool(context('package.docuWare', 'internal'))).toBe(true);
		expect(runsAsTool(context('package.docuWare', 'trigger', () => true))).toBe(true);
	});
});
