import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { invalidParameter } from '../../api/clientErrors';

/** Which session an operation takes: that of the credential, or one that an earlier node made. */
export const sessionFields: INodeProperties[] = [
	{
		displayName: 'Session',
		name: 'sessionSource',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'From an Earlier Node',
				value: 'reference',
				description: 'The session that a Session operation of an earlier node put out',
			},
			{
				name: 'Of the Credential',
				value: 'credential',
				description: 'The one session that everything with this credential shares',
			},
		],
		default: 'credential',
	},
	{
		displayName: 'Session Reference',
		name: 'sessionReference',
		type: 'string',
		default: '={{ $json.sessionReference }}',
		required: true,
		description:
			'The field sessionReference in the output of a Session operation. It names the session, is no secret, and works with the same credential only.',
		displayOptions: { show: { sessionSource: ['reference'] } },
	},
];

/** Which session is taken is seldom chosen, so it stands below what an operation needs, and above its Options. */
export function withSessionBelow(fields: readonly INodeProperties[]): INodeProperties[] {
	const isOfSession = ({ name }: INodeProperties) => sessionFields.some((one) => one.name === name);
	const own = fields.filter((field) => !isOfSession(field));
	const at = own.findIndex(({ name }) => name === 'options');
	const end = at < 0 ? own.length : at;
	return [...own.slice(0, end), ...fields.filter(isOfSession), ...own.slice(end)];
}

/**
 * The session reference that the item gives; undefined for the session of the credential.
 *
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER
 */
export function readSessionReference(
	context: Pick<IExecuteFunctions, 'getNodeParameter'>,
	itemIndex: number,
): string | undefined {
	if (context.getNodeParameter('sessionSource', itemIndex, 'credential') !== 'reference') {
		return undefined;
	}
	const reference: unknown = context.getNodeParameter('sessionReference', itemIndex, '');
	if (typeof reference === 'string' && reference.trim() !== '') return reference.trim();
	throw invalidParameter(
		'The session reference is empty.',
		'Let Session Reference point to the field sessionReference of the node that logged ' +
			'on, or choose the session of the credential.',
	);
}
