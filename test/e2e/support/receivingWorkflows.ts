import {
	chainOf,
	packageName,
	readsCalls,
	type CredentialReference,
	type WorkflowFile,
	type WorkflowNode,
} from '../../support/n8n';

/** Credential type of what DocuWare proves itself with. */
export const SECRET_TYPE = 'docuWareWebhookSecretApi';

/** What the workflow of validations does, by the number in the field CASE. */
export const CASES = {
	...{ accept: 0, refuse: 1, fail: 2, slow: 3, neither: 4, nothing: 5, overruled: 6 },
	...{ passedOn: 7, changed: 8 },
};

/** *DocuWare Webhook Trigger*, which receives at that id. */
export function trigger(
	credential: CredentialReference,
	parameters: Record<string, unknown>,
	webhookId: string,
): WorkflowNode {
	return {
		name: 'DocuWare',
		type: `${packageName}.docuWareWebhookTrigger`,
		webhookId,
		parameters,
		credentials: { [SECRET_TYPE]: credential },
	};
}

function answer(name: string, parameters: Record<string, unknown>): WorkflowNode {
	return {
		name,
		type: `${packageName}.docuWare`,
		parameters: { resource: 'validation', ...parameters },
	};
}

/**
 * Does what `CASES` names.
 *
 * @param limitSeconds time for the answer, unless the address has another one as `limit`
 */
export function validationWorkflow(
	credential: CredentialReference,
	limitSeconds: number,
): WorkflowFile {
	const answerLimit = readsCalls ? `={{ $json.query.limit || ${limitSeconds} }}` : limitSeconds;
	const nodes: WorkflowNode[] = [
		trigger(credential, { event: 'validation', answerLimit }, 'validation-of-test'),
		{
			name: 'Which',
			type: 'n8n-nodes-base.switch',
			typeVersion: 3.2,
			parameters: { mode: 'expression', numberOutputs: 9, output: '={{ $json.values.CASE }}' },
		},
		answer('Accept', { operation: 'accept' }),
		answer('Refuse', { operation: 'refuse', reason: '=No supplier {{ $json.values.SUPPLIER }}' }),
		answer('Refuse First', { operation: 'refuse', reason: 'Row 2 has no price' }),
		{ name: 'Fail', type: 'n8n-nodes-base.stopAndError', parameters: { errorMessage: 'Broken' } },
		{
			name: 'Slow',
			type: 'n8n-nodes-base.wait',
			typeVersion: 1.1,
			parameters: { amount: '={{ $json.values.SECONDS }}', unit: 'seconds' },
		},
		{ name: 'Neither', type: 'n8n-nodes-base.noOp' },
		{ name: 'Nothing', type: 'n8n-nodes-base.limit', parameters: { maxItems: 0 } },
		answer('Accept First', { operation: 'accept' }),
		{ name: 'Passed On', type: 'n8n-nodes-base.noOp' },
		answer('Accept Before', { operation: 'accept' }),
		{
			name: 'Changed',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: {
				includeOtherFields: true,
				assignments: {
					assignments: [{ name: 'Reason', type: 'string', value: 'Row 2 has no price' }],
				},
			},
		},
	];
	const file = chainOf('Validation', nodes);
	const to = (node: string) => [{ node, type: 'main', index: 0 }];
	return {
		...file,
		connections: {
			DocuWare: { main: [to('Which')] },
			Which: {
				main: [
					...['Accept', 'Refuse', 'Fail', 'Slow', 'Neither', 'Nothing', 'Refuse First'],
					...['Accept First', 'Accept Before'],
				].map(to),
			},
			'Accept First': { main: [to('Passed On')] },
			'Accept Before': { main: [to('Changed')] },
			'Refuse First': { main: [to('Accept')] },
			Slow: { main: [to('Accept')] },
		},
	};
}

/** DocuWare proves itself in a header, or by a signature; accepts all. */
export function proofsWorkflow(credential: CredentialReference): WorkflowFile {
	const nodes = ['header', 'signature'].map((validationProof) => ({
		...trigger(
			credential,
			{ event: 'validation', validationProof, answerLimit: 60 },
			`by-${validationProof}`,
		),
		name: validationProof,
	}));
	const toAccept = { main: [[{ node: 'Accept', type: 'main', index: 0 }]] };
	return {
		...chainOf('Proofs', [...nodes, answer('Accept', { operation: 'accept' })]),
		connections: { header: toAccept, signature: toAccept },
	};
}
