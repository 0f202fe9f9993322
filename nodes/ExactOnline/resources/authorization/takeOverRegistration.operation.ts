import { takeOverRegistration as takeOver } from '../../auth/authorizationActions';
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
		'The connection goes on, and no log-in ends. Workflows with the credential that was registered first are refused ' +
		'from then on, unless that one is set to share.',
	label: 'Take This Registration Over',
	description:
		'Whether to register this credential in place of the other; without it nothing is done',
};

/** Moves the identifier to this credential. */
export const takeOverRegistration: Operation = {
	name: 'Take Over Registration',
	value: 'takeOverRegistration',
	action: 'Take over registration of authorization',
	description:
		'The connection goes on; this credential is registered for its app and user in place of the one registered first, ' +
		'which is refused from then on',
	fields: confirmationFields(confirmation),
	refusedAsTool: 'operation',
	async execute(call) {
		requireConfirmation(call, NOT_CONFIRMED, confirmation);
		const { context, source, signal } = call;
		return jsonRows([await takeOver(source, signal, originOf(context))]);
	},
};
