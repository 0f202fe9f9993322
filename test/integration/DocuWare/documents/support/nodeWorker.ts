import { DocuWare } from '../../../../../nodes/DocuWare/DocuWare.node';
import { executeContext, type NodeSettings } from '../../../../support/n8nContext';
import { answerCalls } from '../../../../support/processes/answerCalls';

/** What a process of n8n does with the DocuWare node. */
answerCalls({
	run: async (settings: NodeSettings) => {
		const node = new DocuWare();
		const { context } = executeContext({ description: node.description, ...settings });
		const [items = []] = await node.execute.call(context);
		return items.map(({ json }) => json);
	},
});
