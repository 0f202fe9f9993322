import type { INodeProperties } from 'n8n-workflow';
import { readLimit, takeRows, toolListFields } from '../../../shared/node/listFields';
import type { OutputRow } from '../../../shared/node/operation';
import { entityRows, simplifyField } from '../../../shared/node/simplify';
import type { PlatformResource } from '../../api/platformClient';
import { sessionFields } from '../common/sessionFields';
import { simplify } from '../common/simplify';
import type { DocuWareOperation, OperationCall } from '../operation';
import { directoryPages, membershipPages, type DirectoryKind } from './directory';
import {
	directoryField,
	directoryOptions,
	readDirectoryFilter,
	readDirectoryId,
} from './directoryFields';

/** Get Many of users, groups or roles (docs/facts/docuware.md 8.1). */
export function listOperation(kind: DirectoryKind): DocuWareOperation {
	const plural = `${kind}s`;
	return {
		name: 'Get Many',
		value: 'getAll',
		action: `Get many ${plural}`,
		description: `Get the ${plural} of the organization that the user of the credential may see`,
		fields: [...sessionFields, ...toolListFields, simplifyField, directoryOptions(kind)],
		async execute(call) {
			const filter = readDirectoryFilter(call);
			return await listed(call, directoryPages(call.client, kind, filter, call.signal));
		},
	};
}

interface MembershipList {
	name: string;
	value: string;
	action: string;
	description: string;
	/** Whose list it is. */
	of: DirectoryKind;
	/** What stands in the list. */
	kind: DirectoryKind;
	path: string;
	/** Name of the parameter that says whose list it is. */
	parameter: string;
	moreFields?: INodeProperties[];
	/** Parameters that the item adds. */
	moreQuery?(call: OperationCall): Array<[string, string]>;
}

/** A list that belongs to one user, group or role (docs/facts/docuware.md 8.1). */
export function membershipList(list: MembershipList): DocuWareOperation {
	const { name, value, action, description, of, kind, path, parameter } = list;
	return {
		name,
		value,
		action,
		description,
		fields: [
			...sessionFields,
			directoryField(of),
			...(list.moreFields ?? []),
			...toolListFields,
			simplifyField,
		],
		async execute(call) {
			const id = await readDirectoryId(call, of);
			const query: Array<[string, string]> = [[parameter, id], ...(list.moreQuery?.(call) ?? [])];
			return await listed(call, membershipPages(call.client, path, query, kind, call.signal));
		},
	};
}

async function listed(
	call: OperationCall,
	pages: AsyncIterable<PlatformResource[]>,
): Promise<OutputRow[]> {
	const rows = await takeRows(pages, readLimit(call.context, call.itemIndex));
	return entityRows(call, rows, simplify);
}
