import { getAuthorizationStatus } from '../../auth/authorizationStatus';
import { jsonRows } from '../../../shared/node/operation';
import type { Operation } from '../operation';

/** What the vault knows of the credential's identity; sends nothing that costs a token. */
export const getStatus: Operation = {
	name: 'Get Status',
	value: 'getStatus',
	action: 'Get status of authorization',
	description:
		'Get the identifier, age and next refresh of the connection, when it would end if ' +
		'unused, the last token requests, and what is left of the call limits',
	fields: [],
	async execute({ source, client, signal }) {
		const status = await getAuthorizationStatus(source, signal);
		return jsonRows([{ ...status, limits: await client.limitsStatus() }]);
	},
};
