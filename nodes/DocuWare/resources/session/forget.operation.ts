import {
	confirmationFields,
	requireConfirmation,
	type Confirmation,
} from '../../../shared/node/confirmation';
import { jsonRows } from '../../../shared/node/operation';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { forceField, readForce } from './forceField';

const confirmation: Confirmation = {
	notice:
		'Nothing in DocuWare is changed. With user and password or a login token the next use logs on anew; a ' +
		'credential DocuWare OAuth2 API has to be connected again by a person.',
	label: 'End This Session for Good',
	description: 'Whether to end the session and overwrite its secrets; without it nothing is done',
};

/** Ends the session for good. */
export const forget: DocuWareOperation = {
	name: 'Forget',
	value: 'forget',
	action: 'Forget session',
	description:
		'Data in DocuWare stay as they are, and the next use begins anew with the log-in data of the credential (an OAuth2 ' +
		'one has to be connected again); the session is ended for good: it is logged off, the tokens of an app ' +
		'registration are taken back, and all its secrets are overwritten in the vault',
	fields: [
		...confirmationFields(confirmation),
		...sessionFields,
		forceField(
			'Whether to forget although other executions use the session at this moment, or although DocuWare does ' +
				'not confirm its end. It then ends at DocuWare by itself.',
		),
	],
	refusedAsTool: 'operation',
	async execute(call) {
		requireConfirmation(call, 'DOCUWARE_NOT_CONFIRMED', confirmation);
		const { session, signal } = call;
		const { identity, baseUrl } = session;
		const forgotten = await session.forget({ force: readForce(call), signal });
		return jsonRows([{ forgotten: true, ...forgotten, identity, baseUrl }]);
	},
};
