import type { IDataObject } from 'n8n-workflow';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { includeSecretField, readIncludeSecret, sessionRow } from './sessionOutput';

/** What the vault knows of the session; sends nothing. */
export const getStatus: DocuWareOperation = {
	name: 'Get Status',
	value: 'getStatus',
	action: 'Get status of session',
	description:
		'Get who is logged on, in which way and since when, who else uses the session, and ' +
		'the latest log-ons and log-offs. Sends nothing to DocuWare.',
	fields: [...sessionFields, includeSecretField],
	refusedAsTool: { switches: ['includeSecret'] },
	async execute(call) {
		const includeSecret = readIncludeSecret(call);
		const status = await call.session.status({ signal: call.signal });
		const { json } = await sessionRow(call.session, status, includeSecret);
		const attempts = status.attempts.map((attempt): IDataObject => ({ ...attempt }));
		return [{ json: { ...json, attempts } }];
	},
};
