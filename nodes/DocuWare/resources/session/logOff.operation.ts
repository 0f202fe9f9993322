import type { INodeProperties } from 'n8n-workflow';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { LOG_OFF_ANYWAY, othersUseField, readOthersUse } from './othersUseField';
import { statusJson } from './sessionOutput';

const createTokenFirstField: INodeProperties = {
	displayName: 'Create Login Token First',
	name: 'createTokenFirst',
	type: 'boolean',
	default: true,
	description:
		'Whether to make a new login token before the log-off and keep it in the vault. The ' +
		'next start then gets the same licence back; with user and password it could be ' +
		'refused for two minutes.',
};

/** Ends the session in the order of KBA-36918 (docs/facts/docuware.md 3.3). */
export const logOff: DocuWareOperation = {
	name: 'Log Off',
	value: 'logOff',
	action: 'Log off from DocuWare',
	description:
		'End the session and give its licence back. DocuWare keeps the licence blocked for two minutes after this.',
	fields: [...sessionFields, createTokenFirstField, othersUseField],
	refusedAsTool: { switches: [], choices: { [othersUseField.name]: LOG_OFF_ANYWAY } },
	async execute(call) {
		const { context, itemIndex, session, signal } = call;
		const { loggedOff, loginTokenCreated, status } = await session.logOff({
			createTokenFirst: context.getNodeParameter('createTokenFirst', itemIndex, true) === true,
			...readOthersUse(call),
			signal,
		});
		return [{ json: { loggedOff, loginTokenCreated, ...statusJson(status) } }];
	},
};
