import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { forceField, readForce } from './forceField';
import { includeSecretField, readIncludeSecret, sessionRow } from './sessionOutput';

/** Opens the session, or finds it open: one log-on for everything (docs/facts/docuware.md 3.3). */
export const logOn: DocuWareOperation = {
	name: 'Log On',
	value: 'logOn',
	action: 'Log on to DocuWare',
	description:
		'Make sure that a session is open. Other nodes log on by themselves, so this is ' +
		'needed only to get a session reference or to log on at a time of your choice.',
	fields: [
		...sessionFields,
		forceField(
			'Whether to log on anew although a session is open. This books another licence until ' +
				'the older session has ended. With OAuth2 a new access token is fetched.',
		),
		includeSecretField,
	],
	refusedAsTool: { switches: ['force', 'includeSecret'] },
	async execute(call) {
		const { session, signal } = call;
		const includeSecret = readIncludeSecret(call);
		const status = await session.logOn({ force: readForce(call), signal });
		return [await sessionRow(session, status, includeSecret)];
	},
};
