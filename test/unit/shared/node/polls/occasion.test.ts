import type { WorkflowActivateMode } from 'n8n-workflow';
import { occasionOf } from '../../../../../nodes/shared/node/polls/occasion';
import { contextOf } from '../support/numberPolls';

const occasions = (activation: WorkflowActivateMode, budgetMs?: number) => {
	const context = contextOf({ activation, ...(budgetMs !== undefined && { budgetMs }) });
	return [occasionOf(context), occasionOf(context)];
};

it('is the registration where the first poll of a context has no budget, and regular after it', () => {
	expect(occasions('activate', 300_000)).toEqual(['publish', 'regular']);
	expect(occasions('update')).toEqual(['publish', 'regular']);
	expect(occasions('init', 300_000)).toEqual(['start', 'regular']);
	expect(occasions('leadershipChange')).toEqual(['start', 'regular']);
});

it.each([36_000, 299_999, 400_000])(
	'is regular where n8n names a budget of %d ms, as its durable scheduler does in a context for each poll',
	(budgetMs) => {
		expect(occasions('update', budgetMs)).toEqual(['regular', 'regular']);
	},
);

it('is a sample where somebody runs the node by hand', () => {
	expect(occasionOf(contextOf({ mode: 'manual' }))).toBe('sample');
});
