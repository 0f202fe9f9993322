import type { INodeProperties } from 'n8n-workflow';
import { invalidParameter } from '../../api/clientErrors';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation, OperationCall } from '../operation';
import { includeSecretField, readIncludeSecret, sessionRow } from './sessionOutput';

const tokenFields: INodeProperties[] = [
	{
		displayName: 'Login Token',
		name: 'tokenSource',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Given Here',
				value: 'given',
				description: 'A token from elsewhere; the session may then be that of another user',
			},
			{
				name: 'Newest of the Vault',
				value: 'newest',
				description: 'The one that Create Login Token or Log Off made last for this user',
			},
		],
		default: 'newest',
	},
	{
		displayName: 'Token',
		name: 'token',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		required: true,
		description:
			'The login token. A token typed in here is stored with the workflow; a DocuWare Login ' +
			'Token credential keeps it secret.',
		displayOptions: { show: { tokenSource: ['given'] } },
	},
	{
		displayName: 'Token Usage',
		name: 'tokenUsage',
		type: 'options',
		options: [
			{ name: 'Multi', value: 'Multi', description: 'The token can open many sessions' },
			{ name: 'Single', value: 'Single', description: 'The token opens one session, once' },
		],
		default: 'Multi',
		description: 'How often the token can be used, as it was made',
		displayOptions: { show: { tokenSource: ['given'] } },
	},
];

/**
 * Opens a session by a login token, which gets a just released licence back
 * (docs/facts/docuware.md 3.1).
 */
export const tokenLogOn: DocuWareOperation = {
	name: 'Token Log On',
	value: 'tokenLogOn',
	action: 'Log on with login token',
	description:
		'Open a session with a login token. Within two minutes after a log-off this gets the same licence back.',
	fields: [...sessionFields, ...tokenFields, includeSecretField],
	refusedAsTool: { switches: ['includeSecret'] },
	async execute(call) {
		const includeSecret = readIncludeSecret(call);
		const opened = await call.session.tokenLogOn({ ...readToken(call), signal: call.signal });
		call.releaseLater(opened);
		return [await sessionRow(opened, await opened.status(), includeSecret)];
	},
};

function readToken({ context, itemIndex }: OperationCall): {
	token?: string;
	usage?: 'Single' | 'Multi';
} {
	if (context.getNodeParameter('tokenSource', itemIndex, 'newest') !== 'given') return {};
	const token = String(context.getNodeParameter('token', itemIndex, '')).trim();
	if (token === '') {
		throw invalidParameter(
			'The field Token is empty.',
			'Give the login token, or choose the newest one of the vault.',
		);
	}
	const usage = context.getNodeParameter('tokenUsage', itemIndex, 'Multi');
	return { token, usage: usage === 'Single' ? 'Single' : 'Multi' };
}
