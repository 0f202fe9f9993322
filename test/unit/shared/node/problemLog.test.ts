import { ConnectorError } from '../../../../nodes/shared/errors';
import { logProblem, logSeldom } from '../../../../nodes/shared/node/problemLog';
import { forgetToldProblems } from '../../../support/forgetToldProblems';
import { hookContext, webhookContext } from '../../../support/n8nContext';

const problem = (message: string) => new ConnectorError('TORN', message, { repair: 'Mend it.' });

let log: unknown[][];

beforeEach(() => {
	forgetToldProblems();
	log = [];
});

const context = (nodeId = 'node-1') => hookContext({ log, nodeId }, 'https://n8n.example');

it('tells what is wrong, what to do, and where', () => {
	logProblem(context(), problem('It is torn.'), { part: '4711' });
	expect(log).toEqual([
		['It is torn. [TORN]', { node: expect.any(String), description: 'Mend it.', part: '4711' }],
	]);
});

it('tells no secrets, at the level that is asked for', () => {
	const { context: delivery, log: errors } = webhookContext({}, Buffer.alloc(0));
	logProblem(delivery, new Error('failed with Bearer canary-token'), { level: 'error' });
	expect(errors).toEqual([
		[
			expect.stringContaining('failed with Bearer [redacted]'),
			expect.not.objectContaining({ level: 'error' }),
		],
	]);
});

it('tells the same of a node once, whatever numbers are in it, and another thing and another node too', () => {
	for (let time = 0; time < 3; time += 1) logSeldom(context(), problem(`Torn ${time} times.`));
	logSeldom(context(), problem('Lost.'));
	logSeldom(context('node-2'), problem('Lost.'));
	expect(log.map(([message]) => message)).toEqual([
		'Torn 0 times. [TORN]',
		'Lost. [TORN]',
		'Lost. [TORN]',
	]);
});

it('tells it again after an hour', () => {
	jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
	try {
		logSeldom(context(), problem('Lost.'));
		jest.advanceTimersByTime(3_599_000);
		logSeldom(context(), problem('Lost.'));
		expect(log).toHaveLength(1);
		jest.advanceTimersByTime(1_000);
		logSeldom(context(), problem('Lost.'));
		expect(log).toHaveLength(2);
	} finally {
		jest.useRealTimers();
	}
});
