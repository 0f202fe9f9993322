import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { isConnectorError, passOn } from '../../../shared/errors';
import { isRecord } from '../../../shared/http';
import { entityOutputFields, outputRows } from '../../../shared/node/entityOutput';
import { readLimit, takeRows, toolListFields } from '../../../shared/node/listFields';
import type { OutputRow } from '../../../shared/node/operation';
import type { LocatedDocument } from '../../api/documentLinks';
import type { PlatformResource } from '../../api/platformClient';
import { readDateTime } from '../../fields/serviceDates';
import { documentJson } from '../common/documentOutput';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation, OperationCall } from '../operation';
import { documentTargetFields } from './documentTarget';
import { linkOf, placeOf, readDocument } from './locatedDocument';
import { instanceJson, withSteps } from './workflowSteps';

const kindField: INodeProperties = {
	displayName: 'History',
	name: 'history',
	type: 'options',
	options: [
		{
			name: 'Audit',
			value: 'audit',
			description: 'What was done with the document, where the file cabinet writes that down',
		},
		{
			name: 'Versions',
			value: 'versions',
			description: 'The versions of the document, where the file cabinet keeps them',
		},
		{
			name: 'Workflows',
			value: 'workflows',
			description: 'The workflows that the document went through, with their steps',
		},
	],
	default: 'workflows',
	description: 'Which history to return',
};

/** `…/WorkflowHistory`, and the relations of versions and audit (docs/facts/docuware.md 7.3, 7.4). */
export const getDocumentHistory: DocuWareOperation = {
	name: 'Get History',
	value: 'getHistory',
	action: 'Get history of document',
	description: 'Get the workflows, the versions or the audit of a document',
	fields: [
		...sessionFields,
		...documentTargetFields,
		kindField,
		...toolListFields,
		...entityOutputFields,
	],
	async execute(call) {
		const { context, itemIndex } = call;
		const document = await readDocument(call);
		const limit = readLimit(context, itemIndex);
		switch (context.getNodeParameter(kindField.name, itemIndex, 'workflows')) {
			case 'audit':
				return await auditRows(call, document, limit);
			case 'versions':
				return await versionRows(call, document, limit);
			default:
				return await workflowRows(call, document, limit);
		}
	},
};

async function workflowRows(
	call: OperationCall,
	document: LocatedDocument,
	limit: number,
): Promise<OutputRow[]> {
	const { client, signal } = call;
	const path = linkOf(call, document, 'workflowHistory');
	// The document was found: servers may say by 404 that it was in no workflow (docs/facts/docuware.md 7.4).
	const { InstanceHistory: list } = await client.read({ path, signal }).catch(noneIfMissing);
	const instances = (Array.isArray(list) ? list.filter(isRecord) : []).slice(0, limit);
	const runs: PlatformResource[] = [];
	for (const instance of instances) runs.push(await withSteps(client, instance, signal));
	return outputRows(call, runs, {
		simplify: (run) => ({ ...placeOf(document), ...instanceJson(run) }),
	});
}

function noneIfMissing(error: unknown): PlatformResource {
	if (isConnectorError(error) && error.code === 'DOCUWARE_NOT_FOUND') return {};
	passOn(error);
}

async function versionRows(
	call: OperationCall,
	document: LocatedDocument,
	limit: number,
): Promise<OutputRow[]> {
	const path = linkOf(call, document, 'versionHistory');
	const rows = await takeRows(call.client.pages({ path, signal: call.signal }, 'Items'), limit);
	return outputRows(call, rows, { simplify: versionJson, most: OF_A_VERSION });
}

async function auditRows(
	call: OperationCall,
	document: LocatedDocument,
	limit: number,
): Promise<OutputRow[]> {
	const path = linkOf(call, document, 'auditInformation');
	const rows = await takeRows(call.client.pages({ path, signal: call.signal }, 'Events'), limit);
	return outputRows(call, rows, {
		simplify: (row) => ({ ...placeOf(document), ...auditJson(row) }),
	});
}

function auditJson({ AuditEvent: event }: PlatformResource): IDataObject {
	const { Id, Event, Type, Name, User, Date: date } = isRecord(event) ? event : {};
	return {
		eventId: Id ?? null,
		event: Event ?? null,
		type: Type ?? null,
		name: Name ?? null,
		user: User ?? null,
		date: readDateTime(date),
	} as IDataObject;
}

/** What tells one version of a document from another. */
const OF_A_VERSION = ['documentId', 'version', 'versionStatus', 'title', 'storedAt', 'modifiedAt'];

function versionJson(row: PlatformResource): IDataObject {
	const document = documentJson({ mode: 'selected', selected: undefined }, row);
	return { ...document, version: versionText(row), versionStatus: statusOf(row) };
}

function versionText({ Version: version }: PlatformResource): string | null {
	if (!isRecord(version)) return null;
	return `${String(version.Major ?? 0)}.${String(version.Minor ?? 0)}`;
}

function statusOf({ VersionStatus: status }: PlatformResource): string | null {
	return typeof status === 'string' ? status : null;
}
