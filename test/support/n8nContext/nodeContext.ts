import type {
	FunctionsBase,
	ICredentialDataDecryptedObject,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { nodeOf, type NodeSettings } from './nodeSettings';

/** What n8n's contexts of every kind have of what the nodes use. */
export type NodeContext = Pick<
	FunctionsBase,
	'getNode' | 'getInstanceId' | 'getExecutionId' | 'getWorkflow'
> & {
	getMode(): WorkflowExecuteMode;
	getCredentials<T extends object = ICredentialDataDecryptedObject>(type: string): Promise<T>;
};

/** The part of a stand-in that n8n's contexts of all kinds share. */
export function nodeContext(settings: NodeSettings): NodeContext {
	const node = nodeOf(settings);
	return {
		getNode: () => node,
		getMode: () => (settings.mode ?? 'manual') as WorkflowExecuteMode,
		getInstanceId: () => 'instance-1',
		getExecutionId: () => settings.executionId ?? 'execution-1',
		getWorkflow: () => ({
			id: settings.workflowId ?? 'workflow-1',
			name: 'Workflow',
			active: false,
		}),
		getCredentials: async <T extends object>(type: string) => {
			const data = settings.credentials?.[type]?.data;
			if (!data) throw new Error(`Node does not have any credentials set for "${type}"`);
			return await Promise.resolve(structuredClone(data) as T);
		},
	};
}
