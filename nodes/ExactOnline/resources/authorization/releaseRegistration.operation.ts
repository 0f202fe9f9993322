import { releaseRegistration as release } from '../../auth/authorizationActions';
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
		'The connection goes on, and no log-in ends. The next credential that uses this app and user becomes its owner, ' +
		'and this one may then be refused as a duplicate.',
	label: 'Give Up This Registration',
	description: "Whether to give up this credential's registration; without it nothing is done",
};

/** Frees the identifier for another credential. */
export const releaseRegistration: Operation = {
	name: 'Release Registration',
	value: 'releaseRegistration',
	action: 'Release registration of authorization',
	description:
		"The connection goes on; this credential's registration of its app and user is given up, so that the next " +
		'credential that uses them is registered instead',
	fields: confirmationFields(confirmation),
	refusedAsTool: 'operation',
	async execute(call) {
		requireConfirmation(call, NOT_CONFIRMED, confirmation);
		const { context, source, signal } = call;
		return jsonRows([await release(source, signal, originOf(context))]);
	},
};
