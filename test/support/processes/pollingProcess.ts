import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { INodeExecutionData, INodeType, IPollFunctions } from 'n8n-workflow';
import { pollContext, type NodeSettings } from '../n8nContext';
import { answerCalls, notify } from './answerCalls';

/** What a process is started with. */
export interface TriggerStart {
	settings: Omit<NodeSettings, 'description'>;
	/** The executions that n8n has made: a line of JSON for each of their items. */
	executions: string;
}

/** One poll. */
export interface TriggerPoll {
	/** Milliseconds until n8n makes the execution of what it has taken. */
	executeAfterMs: number;
	/** The process kills itself so long after the poll has begun, returned, or its execution was made. */
	kill?: { after: 'begin' | 'return' | 'execution'; ms: number };
}

let context: IPollFunctions;
let file = '';
let executing: Promise<void> = Promise.resolve();
let executeAfterMs = 0;
let kill: TriggerPoll['kill'];

function killAt(moment: string): void {
	if (kill?.after !== moment) return;
	if (kill.ms === 0) process.kill(process.pid, 'SIGKILL');
	setTimeout(() => process.kill(process.pid, 'SIGKILL'), kill.ms);
}

async function execute([records = []]: INodeExecutionData[][]): Promise<void> {
	await delay(executeAfterMs);
	appendFileSync(file, records.map(({ json }) => `${JSON.stringify(json)}\n`).join(''));
	killAt('execution');
}

/** Makes this process one of n8n with a published trigger that polls, and that may be killed at any moment. */
export function servePolls(node: INodeType): void {
	// As n8n does: it ends once its executions have been made.
	process.once('SIGTERM', () => {
		void executing.then(() => process.exit(0));
	});

	answerCalls({
		publish: ({ settings, executions }: TriggerStart) => {
			file = executions;
			const { description } = node;
			context = pollContext({ ...settings, description, mode: 'trigger', log: [] });
			context.__emit = (data) => {
				executing = execute(data);
			};
		},
		poll: async (given: TriggerPoll) => {
			({ executeAfterMs, kill } = { kill: undefined, ...given });
			killAt('begin');
			const outputs = await node.poll?.call(context);
			killAt('return');
			notify(kill?.after ?? 'returned');
			if (outputs) context.__emit(outputs);
			await executing;
			return (outputs?.[0] ?? []).map(({ json }) => json);
		},
	});
}
