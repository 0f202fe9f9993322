/** One run of a workflow for a document. Times in ms. */
export interface WorkflowInstance {
	/** GUIDs. */
	id: string;
	workflowId: string;
	name: string;
	version: number;
	fileCabinetId: string;
	documentId: number;
	startedAt: number;
	steps: Array<{ at: number; activity: string; type: string; userName: string; decision: string }>;
}

/** Runs of workflows; they come from tests alone, the simulator starts none. */
export class WorkflowStore {
	private readonly instances: WorkflowInstance[] = [];

	add(instance: WorkflowInstance): void {
		this.instances.push(instance);
	}

	/** Runs for a document, first the oldest. */
	ofDocument(fileCabinetId: string, documentId: number): WorkflowInstance[] {
		return this.instances.filter(
			(instance) => instance.fileCabinetId === fileCabinetId && instance.documentId === documentId,
		);
	}

	find(workflowId: string, id: string): WorkflowInstance | undefined {
		return this.instances.find(
			(instance) => instance.workflowId === workflowId && instance.id === id,
		);
	}

	clear(): void {
		this.instances.length = 0;
	}
}
