import { appendFileSync } from 'node:fs';
import type { NodeSettings } from '../../../../support/n8nContext';
import { answerCalls } from '../../../../support/processes/answerCalls';
import { startReceiver } from './receiver';

/** What a process of n8n is started with that receives webhooks. */
export interface ReceivingStart {
	settings: NodeSettings;
	/** The executions that n8n has made: a line of JSON for each of their items. */
	executions: string;
	/** The process kills itself once it has made so many executions. */
	killAfter?: number | undefined;
}

let made = 0;

answerCalls({
	publish: async ({ settings, executions, killAfter }: ReceivingStart) => {
		const { url } = await startReceiver(settings, (items) => {
			appendFileSync(executions, items.map(({ json }) => `${JSON.stringify(json)}\n`).join(''));
			made += 1;
			// Before n8n answers, and so before the node knows that there is an execution.
			if (made === killAfter) process.kill(process.pid, 'SIGKILL');
			return { status: 200, body: { message: 'Workflow was started' } };
		});
		return url;
	},
});
