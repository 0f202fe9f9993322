import type { INodeProperties } from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import { originOf } from '../../../shared/node/eventOrigin';
import { jsonRows } from '../../../shared/node/operation';
import { sharedAccessToken } from '../../auth/sharedAccessToken';
import type { Operation, OperationCall } from '../operation';

/** Longest life that can be asked for, in seconds: an access token lives 600 (docs/facts/exact-online.md 1.4). */
const MOST_SECONDS = 540;

const showTokenField: INodeProperties = {
	displayName: 'Put the Access Token Into the Output',
	name: 'showAccessToken',
	type: 'boolean',
	default: false,
	description: 'Whether to put the access token into the output; without it nothing is given out',
};

const warning: INodeProperties = {
	displayName:
		'Whoever can read the execution data of this workflow can act as this Exact user until the token ends, ten ' +
		'minutes at most. Switch off saving executions in the settings of the workflow.',
	name: 'accessTokenWarning',
	type: 'notice',
	default: '',
	displayOptions: { show: { showAccessToken: [true] } },
};

const minimumLifeField: INodeProperties = {
	displayName: 'Minimum Remaining Life',
	name: 'minimumLife',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: MOST_SECONDS },
	default: 120,
	description:
		'Seconds that the token must still be good for. Where the present one ends earlier, the operation waits until ' +
		'Exact Online allows the next one, which is 30 seconds before its end.',
};

/** The present access token, for a program outside n8n. */
export const getAccessToken: Operation = {
	name: 'Get Access Token',
	value: 'getAccessToken',
	action: 'Get access token',
	description:
		'Get the present access token and when it ends, so that a program outside n8n can use this connection ' +
		'instead of ending it by a log-in of its own',
	fields: [showTokenField, warning, minimumLifeField],
	refusedAsTool: 'operation',
	async execute(call) {
		const { context, itemIndex, source, signal } = call;
		if (context.getNodeParameter('showAccessToken', itemIndex, false) !== true) throw notWanted();
		const order = { minimumLifeMs: readSeconds(call) * 1000, origin: originOf(context) };
		return jsonRows([await sharedAccessToken(source, order, signal)]);
	},
};

function readSeconds({ context, itemIndex }: OperationCall): number {
	const seconds = Number(context.getNodeParameter('minimumLife', itemIndex, 120));
	if (seconds >= 0 && seconds <= MOST_SECONDS) return seconds;
	throw new ConnectorError(
		'EXACT_INVALID_VALUE',
		`Minimum Remaining Life is no number of seconds from 0 to ${MOST_SECONDS}.`,
		{
			repair: `Give a number from 0 to ${MOST_SECONDS}; an access token lives 600 seconds, and the next one comes late in it.`,
		},
	);
}

function notWanted(): ConnectorError {
	return new ConnectorError(
		'EXACT_SECRET_NOT_WANTED',
		'The access token was not put into the output, because that is not switched on.',
		{
			repair:
				'Switch on Put the Access Token Into the Output if everybody who can read the executions of this ' +
				'workflow may act as this Exact user.',
		},
	);
}
