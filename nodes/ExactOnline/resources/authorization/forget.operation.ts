import { forget as forgetLogIn } from '../../auth/authorizationActions';
import {
	confirmationFields,
	requireConfirmation,
	type Confirmation,
} from '../../../shared/node/confirmation';
import { originOf } from '../../../shared/node/eventOrigin';
import { jsonRows } from '../../../shared/node/operation';
import type { Operation } from '../operation';
import { NOT_CONFIRMED } from './notConfirmed';

const confirmation: Confirmation = {
	notice:
		'Nothing in Exact Online is changed. All workflows with this app and user stop until somebody presses Connect in ' +
		'a credential again.',
	label: 'End This Log-In for Good',
	description: 'Whether to end the log-in; without it nothing is done',
};

/** Ends the log-in of the credential for good. */
export const forget: Operation = {
	name: 'Forget',
	value: 'forget',
	action: 'Forget authorization',
	description:
		'Data in Exact Online stay as they are, and Connect in the credential begins anew; until then the log-in of ' +
		'this credential is ended for good: its tokens are overwritten in the vault and never used again',
	fields: confirmationFields(confirmation),
	refusedAsTool: 'operation',
	async execute(call) {
		requireConfirmation(call, NOT_CONFIRMED, confirmation);
		const { context, source, signal } = call;
		return jsonRows([await forgetLogIn(source, signal, originOf(context))]);
	},
};
