import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { INodeExecutionData, INodeType, IPollFunctions } from 'n8n-workflow';
import { pollContext, type NodeSettings } from '../n8nContext';
import { answerCalls } from './answerCalls';

/** What a process is started with. */
export interface TriggerStart {
	settings: Omit<NodeSettings, 'description'>;
	/** The executions that n8n has made: a line of JSON for each of their items. */
	executions: string;
	/** A line for each step of each poll, written at once, so that a kill leaves all before it. */
	steps: string;
}

/** A step of a poll: it has begun, has returned records, n8n has taken them, n8n has made the execution. */
export type PollStep = 'begun' | 'returned' | 'taken' | 'executed';

/** One poll. */
export interface TriggerPoll {
	/** Milliseconds until n8n takes what the poll has returned. */
	takeAfterMs?: number;
	/** Milliseconds from then until n8n makes the execution. */
	executeAfterMs: number;
	/** The process kills itself so long after a step. */
	kill?: { after: PollStep; ms: number };
}

let context: IPollFunctions;
let files: Pick<TriggerStart, 'executions' | 'steps'>;
let executing: Promise<void> = Promise.resolve();
let present: TriggerPoll = { executeAfterMs: 0 };

function step(name: PollStep): void {
	appendFileSync(files.steps, `${name}\n`);
	const { kill } = present;
	if (kill?.after !== name) return;
	if (kill.ms === 0) process.kill(process.pid, 'SIGKILL');
	setTimeout(() => process.kill(process.pid, 'SIGKILL'), kill.ms);
}

async function execute([records = []]: INodeExecutionData[][]): Promise<void> {
	step('taken');
	await delay(present.executeAfterMs);
	const lines = records.map(({ json }) => `${JSON.stringify(json)}\n`);
	appendFileSync(files.executions, lines.join(''));
	step('executed');
}

/** Makes this process one of n8n with a published trigger that polls, and that may be killed at any moment. */
export function servePolls(node: INodeType): void {
	// As n8n does: it ends once its executions have been made.
	process.once('SIGTERM', () => {
		void executing.then(() => process.exit(0));
	});

	answerCalls({
		publish: ({ settings, ...given }: TriggerStart) => {
			files = given;
			const { description } = node;
			context = pollContext({ ...settings, description, mode: 'trigger', log: [] });
			context.__emit = (data) => {
				executing = execute(data);
			};
		},
		poll: async (given: TriggerPoll) => {
			present = given;
			step('begun');
			const outputs = await node.poll?.call(context);
			if (!outputs) return [];
			step('returned');
			if (given.takeAfterMs) await delay(given.takeAfterMs);
			context.__emit(outputs);
			await executing;
			// A process that is to be killed while the execution runs has nothing else to do.
			if (given.kill) await new Promise(() => undefined);
			return (outputs[0] ?? []).map(({ json }) => json);
		},
	});
}
