import { outputOf, type CredentialReference, type Execution } from '../../support/n8n';
import type { ExactHost } from './exactHost';
import { runOnce, statusNode, UNDER_TEST } from './exactWorkflows';

/** What *Authorization > Get Status* puts out, as far as tests look at it. */
export interface AuthorizationStatus {
	identifier: string;
	state: string;
	generation: number;
	tokenAgeSeconds: number;
	nextRefreshFrom: string;
	idleDeadline: string;
	owner: { credentialId: string; credentialName: string } | null;
	attempts: Array<{ kind: string; outcome: string; generation: number; pid: number }>;
}

/** Runs *Authorization > Get Status*. */
export async function statusOf(
	exact: ExactHost,
	credential: CredentialReference,
): Promise<AuthorizationStatus> {
	const [item] = outputOf(await runOnce(exact, statusNode(credential)), UNDER_TEST);
	if (item === undefined) throw new Error('Get Status put out no item.');
	return item.json as unknown as AuthorizationStatus;
}

/** Message and description of the error with which an execution ended, as the editor shows them. */
export function errorText({ status, error, runData }: Execution): string {
	const shown =
		error ??
		Object.values(runData)
			.flat()
			.find((run) => run.error !== undefined)?.error;
	if (shown === undefined) throw new Error(`The execution ended with "${status}", without error.`);
	return `${shown.message}\n${shown.description ?? ''}`;
}
