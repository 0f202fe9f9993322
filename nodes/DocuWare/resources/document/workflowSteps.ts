import type { IDataObject } from 'n8n-workflow';
import { isRecord } from '../../../shared/http';
import type { PlatformClient, PlatformResource } from '../../api/platformClient';
import { addressIn } from '../../api/relations';
import { readDateTime } from '../../fields/serviceDates';
import { linksOf } from '../../platform/platformAnswers';

/** One run of a workflow over a document, with its steps in their order (docs/facts/docuware.md 7.4). */
export function instanceJson(instance: PlatformResource): IDataObject {
	return {
		instanceId: instance.Id ?? null,
		workflowId: instance.WorkflowId ?? null,
		workflowName: instance.Name ?? null,
		workflowVersion: instance.Version ?? null,
		isRequest: instance.WorkflowRequest === true,
		steps: stepsOf(instance).map(stepJson),
	} as IDataObject;
}

/** The run with its steps: where a list of runs has none, they are read by its own link. */
export async function withSteps(
	client: PlatformClient,
	instance: PlatformResource,
	signal: AbortSignal | undefined,
): Promise<PlatformResource> {
	if (stepsOf(instance).length > 0 || !linksOf(instance).has('self')) return instance;
	const usual = historyPath(String(instance.WorkflowId), String(instance.Id));
	const read = await client.read({
		path: addressIn(client, instance, { usual, rel: 'self' }),
		signal,
	});
	return { ...instance, ...read };
}

/** Where the history of one run usually is (docs/facts/docuware.md 8.2). */
export function historyPath(workflowId: string, instanceId: string): string {
	const [workflow, instance] = [workflowId, instanceId].map(encodeURIComponent);
	return `Workflows/${workflow}/Instances/${instance}/History`;
}

function stepsOf({ HistorySteps: steps }: PlatformResource): PlatformResource[] {
	const list = isRecord(steps) ? steps.HistoryStep : steps;
	return Array.isArray(list) ? list.filter(isRecord) : [];
}

function stepJson({
	StepNumber,
	StepDate,
	ActivityName,
	ActivityType,
	StepType,
	Info,
}: PlatformResource) {
	return {
		number: StepNumber ?? null,
		date: readDateTime(StepDate),
		activity: ActivityName ?? null,
		activityType: ActivityType ?? null,
		stepType: StepType ?? null,
		info: infoOf(Info),
	};
}

/** What a step tells stands in a member named after its kind, or in `Item` with a type. */
function infoOf(info: unknown): unknown {
	if (!isRecord(info)) return null;
	const { Item: item, ...members } = info;
	const inside = isRecord(item) ? item : Object.values(members).find(isRecord);
	if (inside === undefined) return null;
	const { $type: _type, ...told } = inside;
	return told;
}
