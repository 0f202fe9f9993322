import type { IDataObject } from 'n8n-workflow';
import { isRecord } from '../../../shared/http';
import type { PlatformClient, PlatformResource } from '../../api/platformClient';
import { readDateTime } from '../../fields/serviceDates';
import { linksOf } from '../../platform/platformAnswers';
import { linkAddress } from '../../platform/serverAddress';

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
	const href = linksOf(instance).get('self');
	if (stepsOf(instance).length > 0 || href === undefined) return instance;
	const read = await client.read({ path: linkAddress(client.session, href), signal });
	return { ...instance, ...read };
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
