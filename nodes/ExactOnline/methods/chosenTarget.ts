import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { readEndpoint } from '../catalogue/catalogue';
import type { ActionData, ResourceData } from '../catalogue/firstClass/resourceData';
import type { Endpoint } from '../catalogue/types';
import { resources } from '../resources';
import { change } from '../resources/changes';
import { CHANGED_ENTITIES, rowEndpoint } from '../resources/changes/entities';
import { topicEndpoint } from '../wire/webhookTopics';

/** What the node in the editor works on. */
export interface EditedTarget {
	endpoint: Endpoint;
	data?: ResourceData;
	/** The action that is chosen, where one is. */
	action?: ActionData;
	/** Value of the operation. */
	operation: string;
}

/** Resource, endpoint and operation as they are chosen; undefined where no endpoint is chosen yet. */
export function editedTarget(context: ILoadOptionsFunctions): EditedTarget | undefined {
	const resource = resources.find(({ value }) => value === parameterOf(context, 'resource'));
	const operation = String(parameterOf(context, 'operation') ?? '');
	// A trigger has no resources: what it starts for is chosen as the changes of this one are.
	const isOfChanges =
		resource?.value === change.value || parameterOf(context, 'resource') === undefined;
	const changed = isOfChanges ? changedTarget(context, operation) : undefined;
	if (changed !== undefined || resource?.value === change.value) return changed;
	const { data } = resource ?? {};
	const action = data?.actions?.find(({ value }) => value === operation);
	const path = resource?.endpoint ?? (resource ? chosenPath(context) : topicPath(context));
	if (path === '') return undefined;
	return { endpoint: readEndpoint(path), data, action, operation };
}

/** The rows whose changes are asked for. */
function changedTarget(
	context: ILoadOptionsFunctions,
	operation: string,
): EditedTarget | undefined {
	const value = parameterOf(context, 'entity');
	const entity = CHANGED_ENTITIES.find((one) => one.value === value);
	return entity && { endpoint: rowEndpoint(entity), data: entity.data, operation };
}

function chosenPath(context: ILoadOptionsFunctions): string {
	const value: unknown = context.getCurrentNodeParameter('endpoint', { extractValue: true });
	return String(value ?? '').trim();
}

/** Of a node that has no resources and receives: where the records of its topic are read. */
function topicPath(context: ILoadOptionsFunctions): string {
	const value: unknown = context.getCurrentNodeParameter('topic', { extractValue: true });
	return topicEndpoint(String(value ?? '').trim()) ?? chosenPath(context);
}

function parameterOf(context: ILoadOptionsFunctions, name: string): unknown {
	return context.getCurrentNodeParameter(name);
}
