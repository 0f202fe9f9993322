import type { INodeProperties } from 'n8n-workflow';
import { isRecord } from '../../../shared/http';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { invalidParameter } from '../../api/clientErrors';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation, OperationCall } from '../operation';
import { DIRECTORY } from '../organization/directory';
import { directoryField, findEntries, readDirectoryEntry } from '../organization/directoryFields';
import { membershipAddress } from '../organization/memberships';

interface MembershipChange {
	/** What the user is put into or taken out of. */
	kind: 'group' | 'role';
	operationType: 'Add' | 'Remove';
}

/** Puts a user into groups or roles, or takes it out of them; the others it has stay (docs/facts/docuware.md 8.1). */
export function membershipChange({ kind, operationType }: MembershipChange): DocuWareOperation {
	const { title } = DIRECTORY[kind];
	const isAdd = operationType === 'Add';
	return {
		name: isAdd ? `Add to ${title}s` : `Remove From ${title}s`,
		value: isAdd ? `addTo${title}s` : `removeFrom${title}s`,
		action: isAdd ? `Add user to ${kind}s` : `Remove user from ${kind}s`,
		description: isAdd
			? `Put a user into ${kind}s; those it is in already stay`
			: `Take a user out of ${kind}s; all others stay`,
		fields: [changesField, ...sessionFields, directoryField('user'), entriesField(kind)],
		refusedAsTool: changesAsTool,
		async execute(call) {
			const entries = await findEntries(call, kind, readEntries(call, kind));
			const user = await readDirectoryEntry(call, 'user');
			const list = { path: `Organization/User${title}s`, parameter: 'UserId', rel: `${kind}s` };
			await call.client.send({
				method: 'PUT',
				path: await membershipAddress(call, { ...list, of: 'user' }, user),
				headers: { 'Content-Type': 'application/json' },
				body: JSON.stringify({
					Ids: entries.map(({ Id: id }) => id),
					OperationType: operationType,
				}),
				signal: call.signal,
			});
			const changed = entries.map(({ Id: id, Name: name }) => ({ id, name }));
			return [{ json: { userId: user.id, [isAdd ? 'addedTo' : 'removedFrom']: changed } }];
		},
	};
}

function entriesField(kind: 'group' | 'role'): INodeProperties {
	const { title } = DIRECTORY[kind];
	return {
		displayName: `${title} Names or IDs`,
		name: `${kind}Ids`,
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: `get${title}s` },
		default: [],
		required: true,
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
		hint: 'An expression may give names too, as an array or as a text with commas',
	};
}

/** IDs or names, from the list, an array or a text with commas. */
function readEntries({ context, itemIndex }: OperationCall, kind: 'group' | 'role'): string[] {
	const given: unknown = context.getNodeParameter(`${kind}Ids`, itemIndex, []);
	const list: unknown[] = Array.isArray(given) ? given : [given];
	const wanted = list.map(idOrName).filter((one) => one.replaceAll(',', '').trim() !== '');
	if (wanted.length > 0) return [...new Set(wanted)];
	throw invalidParameter(
		`No ${kind} is chosen for item ${itemIndex}; nothing was changed.`,
		`Choose at least one in ${DIRECTORY[kind].title} Names or IDs.`,
	);
}

/** An expression may give the entries of an earlier node. */
function idOrName(value: unknown): string {
	const text = isRecord(value) ? value.Id : value;
	return typeof text === 'string' || typeof text === 'number' ? String(text).trim() : '';
}
