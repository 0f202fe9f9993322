import type { IExecuteFunctions } from 'n8n-workflow';
import { ConnectorError } from '../../../../nodes/shared/errors';
import { runItems, type ItemWork } from '../../../../nodes/shared/node/runItems';
import { runsAsTool } from '../../../../nodes/shared/node/toolRun';
import { executeContext, type NodeSettings } from '../../../support/n8nContext';

function contextOf(settings: NodeSettings = {}) {
	return executeContext({ items: [{}, {}, {}], ...settings }).context;
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
