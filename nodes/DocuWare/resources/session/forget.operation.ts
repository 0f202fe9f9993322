import { jsonRows } from '../../../shared/node/operation';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { forceField, readForce } from './forceField';

/** Ends the session for good. */
export const forget: DocuWareOperation = {
	name: 'Forget',
	value: 'forget',
	action: 'Forget the session',
	description:
		'End the session for good: it is logged off, the tokens of an app registration are taken back, and ' +
		'all its secrets are overwritten in the vault. The next use begins anew with the log-in data of the credential; ' +
		'an OAuth2 credential has to be connected again.',
	fields: [
		...sessionFields,
		forceField(
			'Whether to forget although other executions use the session at this moment, or although DocuWare does ' +
				'not confirm its end. It then ends at DocuWare by itself.',
		),
	],
	refusedAsTool: 'operation',
	async execute(call) {
		const { session, signal } = call;
		const { identity, baseUrl } = session;
		const forgotten = await session.forget({ force: readForce(call), signal });
		return jsonRows([{ forgotten: true, ...forgotten, identity, baseUrl }]);
	},
};
