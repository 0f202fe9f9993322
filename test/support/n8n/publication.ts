import type { N8nClient } from './n8nClient';
import { activateWorkflow, type Workflow } from './workflows';

/** How long n8n may take to start the triggers of a workflow, in ms. */
const PUBLICATION_LIMIT_MS = 60_000;

const PAUSE_MS = 50;

/** What became of a publication. */
export interface Publication {
	status: 'published' | 'partial' | 'failed' | 'not_published';
	/** What n8n tells of the triggers that did not start. */
	problems: string[];
}

interface PublicationAnswer {
	status: Publication['status'] | 'in_progress';
	triggers: Array<{ errorMessage: string | null }>;
}

/** Publishes the present version, and waits until its triggers have started or could not: n8n tries a moment later. */
export async function publishWorkflow(client: N8nClient, workflow: Workflow): Promise<Publication> {
	await activateWorkflow(client, workflow);
	return await publicationOf(client, workflow.id);
}

/** How a workflow stands once n8n has done what it was asked to. */
export async function publicationOf(client: N8nClient, workflowId: string): Promise<Publication> {
	const giveUpAt = performance.now() + PUBLICATION_LIMIT_MS;
	const path = `/rest/workflows/${workflowId}/publication-status`;
	for (;;) {
		const { status, triggers } = (await client.request('GET', path)) as PublicationAnswer;
		if (status !== 'in_progress') {
			return { status, problems: triggers.flatMap(({ errorMessage }) => errorMessage ?? []) };
		}
		if (performance.now() > giveUpAt) throw new Error(`${path} is still in progress.`);
		await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
	}
}
