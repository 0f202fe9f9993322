import type { INodeProperties } from 'n8n-workflow';
import { readLimit, takeRows, toolListFields } from '../../../shared/node/listFields';
import type { OutputRow } from '../../../shared/node/operation';
import { entityOutputFields, outputRows } from '../../../shared/node/entityOutput';
import type { PlatformResource } from '../../api/platformClient';
import { sessionFields } from '../common/sessionFields';
import { simplify } from '../common/simplify';
import type { DocuWareOperation, OperationCall } from '../operation';
import { DIRECTORY, directoryPages, type DirectoryKind } from './directory';
import {
	directoryField,
	directoryOptions,
	readDirectoryEntry,
	readDirectoryFilter,
} from './directoryFields';
import { membershipAddress, type Membership } from './memberships';

/** Get Many of users, groups or roles (docs/facts/docuware.md 8.1). */
export function listOperation(kind: DirectoryKind): DocuWareOperation {
	const plural = `${kind}s`;
	return {
		name: 'Get Many',
		value: 'getAll',
		action: `Get many ${plural}`,
		description: `Get the ${plural} of the organization that the user of the credential may see`,
		fields: [...sessionFields, ...toolListFields, ...entityOutputFields, directoryOptions(kind)],
		async execute(call) {
			const filter = readDirectoryFilter(call);
			return await listed(call, directoryPages(call, kind, filter));
		},
	};
}

interface MembershipList extends Membership {
	name: string;
	value: string;
	action: string;
	description: string;
	/** What stands in the list. */
	kind: DirectoryKind;
	moreFields?: INodeProperties[];
	/** Parameters that the item adds. */
	moreQuery?(call: OperationCall): Array<[string, string]>;
}

/** A list that belongs to one user, group or role (docs/facts/docuware.md 8.1). */
export function membershipList(list: MembershipList): DocuWareOperation {
	const { name, value, action, description, of, kind } = list;
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
			...entityOutputFields,
		],
		async execute(call) {
			const entry = await readDirectoryEntry(call, of);
			const path = await membershipAddress(call, list, entry, list.moreQuery?.(call));
			const { member } = DIRECTORY[kind];
			return await listed(call, call.client.pages({ path, signal: call.signal }, member));
		},
	};
}

async function listed(
	call: OperationCall,
	pages: AsyncIterable<PlatformResource[]>,
): Promise<OutputRow[]> {
	const rows = await takeRows(pages, readLimit(call.context, call.itemIndex));
	return outputRows(call, rows, { simplify });
}
