import { errorAnswer, resourceAnswer } from '../http/answers';
import type { DocuWareSwitches } from '../switches';
import type { WorkflowInstance } from '../world/workflows';
import { isAnswer } from './authentication';
import { platformPath } from './call';
import type { SignedInHandler } from './call';
import { documentFor } from './documents';
import { cabinetById } from './fileCabinets';

/** `GET Documents/{id}/WorkflowHistory` (docs/facts/docuware.md 7.4, 8.2); the steps are told one by one. */
export const getWorkflowHistory: SignedInHandler = (call, principal) => {
	const found = documentFor(call, principal, 'General_DisplayDocument');
	if (isAnswer(found)) return found;
	const { server, request } = call;
	const own = server.workflows.ofDocument(found.cabinet.id, found.document.id);
	if (own.length === 0 && server.switches.noWorkflowHistory === 'notFound') {
		return errorAnswer(request, 404, 'The document was in no workflow.');
	}
	return resourceAnswer(request, 'WorkflowDocumentHistory', {
		InstanceHistory: own.map((instance) => summary(instance)),
		Links: [],
	});
};

/** `GET Workflows/{workflowId}/Instances/{instanceId}/History`: one run with its steps (8.2). */
export const getInstanceHistory: SignedInHandler = (call, principal) => {
	const { workflowId = '', instanceId = '' } = call.parameters;
	const instance = call.server.workflows.find(workflowId, instanceId);
	const cabinet =
		instance === undefined
			? undefined
			: cabinetById(call, principal, instance.fileCabinetId, 'General_DisplayDocument');
	if (instance === undefined || cabinet === undefined) {
		return errorAnswer(call.request, 404, `There is no instance '${instanceId}'.`);
	}
	if (isAnswer(cabinet)) return cabinet;
	return resourceAnswer(call.request, 'InstanceHistory', {
		...summary(instance),
		HistorySteps: stepsOf(instance, call.server.switches),
	});
};

function summary({
	id,
	workflowId,
	name,
	version,
	startedAt,
	documentId,
}: WorkflowInstance): object {
	return {
		Id: id,
		WorkflowId: workflowId,
		Name: name,
		Version: version,
		WorkflowRequest: false,
		StartedAt: `/Date(${startedAt})/`,
		DocId: String(documentId),
		Links: [
			{ rel: 'self', href: `${platformPath}/Workflows/${workflowId}/Instances/${id}/History` },
		],
	};
}

/** A list as the other lists in JSON are, or inside an object as in XML (7.4, LV). */
function stepsOf({ steps }: WorkflowInstance, { historySteps }: DocuWareSwitches): object {
	const list = steps.map((step, index) => ({
		StepNumber: index + 1,
		StepDate: `/Date(${step.at})/`,
		ActivityName: step.activity,
		ActivityType: step.type,
		StepType: 'Activity',
		Info: { Item: { UserName: step.userName, DecisionName: step.decision } },
	}));
	return historySteps === 'list' ? list : { HistoryStep: list };
}
