import { documentPolls } from '../../../../../nodes/DocuWare/trigger/polling/pollDocuments';
import { triggerFields } from '../../../../../nodes/DocuWare/trigger/polling/triggerFields';
import { runPoll } from '../../../../../nodes/shared/node/pollFrame';
import { pollContext, takeAsN8n, type NodeSettings } from '../../../../support/n8nContext';
import { answerCalls } from '../../../../support/processes/answerCalls';

const description = { displayName: 'Trigger', name: 'trigger', properties: triggerFields };
let context: ReturnType<typeof pollContext> | undefined;

/** What a process of n8n does with a published trigger. */
answerCalls({
	publish: (settings: NodeSettings) => {
		context = pollContext({ ...settings, description, mode: 'trigger' });
	},
	/** @param isTaken false leaves what the poll gave with the process: n8n has not taken it */
	poll: async (isTaken: boolean) => {
		if (context === undefined) throw new Error('Nothing is published.');
		const outputs = await runPoll(context, documentPolls);
		if (isTaken) takeAsN8n(context, outputs);
		return (outputs?.[0] ?? []).map(({ json }) => json);
	},
});
