import { N8nRequestError, type N8nClient } from './n8nClient';
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

/**
 * Publishes the present version, and waits until its triggers have started or could not: n8n tries a moment later. An
 * older one (2.20) tries before it answers, and answers 400 if they could not.
 */
export async function publishWorkflow(client: N8nClient, workflow: Workflow): Promise<Publication> {
	try {
		await activateWorkflow(client, workflow);
	} catch (error) {
		if (!(error instanceof N8nRequestError) || error.status !== 400) throw error;
		return { status: 'failed', problems: [(error.body as { message: string }).message] };
	}
	return await publicationOf(client, workflow.id);
}

/** How a workflow stands once n8n has done what it was asked to. */
async function publicationOf(client: N8nClient, workflowId: string): Promise<Publication> {
	const giveUpAt = performance.now() + PUBLICATION_LIMIT_MS;
	const path = `/rest/workflows/${workflowId}/publication-status`;
	for (;;) {
		const answer = (await client.request('GET', path).catch(unlessMissing)) as
			PublicationAnswer | undefined;
		if (answer === undefined) return { status: 'published', problems: [] };
		const { status, triggers } = answer;
		if (status !== 'in_progress') {
			return { status, problems: triggers.flatMap(({ errorMessage }) => errorMessage ?? []) };
		}
		if (performance.now() > giveUpAt) throw new Error(`${path} is still in progress.`);
		await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
	}
}

/** An n8n that has tried before it answered has no such path. */
function unlessMissing(error: unknown): undefined {
	if (error instanceof N8nRequestError && error.status === 404) return undefined;
	throw error;
}
