import type { INodeProperties } from 'n8n-workflow';
import { membershipList } from '../organization/directoryOperations';

const groupUsersField: INodeProperties = {
	displayName: 'Include Users of Groups',
	name: 'includeGroupUsers',
	type: 'boolean',
	default: false,
	description: 'Whether to return users too that have the role through a group',
};

/** `GET Organization/RoleUsers` (docs/facts/docuware.md 8.1). */
export const getRoleUsers = membershipList({
	name: 'Get Users',
	value: 'getUsers',
	action: 'Get users of role',
	description: 'Get the users that have a role',
	of: 'role',
	kind: 'user',
	path: 'Organization/RoleUsers',
	parameter: 'RoleId',
	moreFields: [groupUsersField],
	moreQuery: ({ context, itemIndex }) => {
		const isOn = context.getNodeParameter(groupUsersField.name, itemIndex, false) === true;
		return [['IncludeGroupUsers', String(isOn)]];
	},
});
