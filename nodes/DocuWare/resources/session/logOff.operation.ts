import type { INodeProperties } from 'n8n-workflow';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { forceField, readForce } from './forceField';
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
	fields: [
		...sessionFields,
		createTokenFirstField,
		forceField(
			'Whether to log off although other executions use the session at this moment. They then have to log on again.',
		),
	],
	refusedAsTool: { switches: ['force'] },
	async execute(call) {
		const { context, itemIndex, session, signal } = call;
		const { loggedOff, loginTokenCreated, status } = await session.logOff({
			createTokenFirst: context.getNodeParameter('createTokenFirst', itemIndex, true) === true,
			force: readForce(call),
			signal,
		});
		return [{ json: { loggedOff, loginTokenCreated, ...statusJson(status) } }];
	},
};
