import { forget as forgetLogIn } from '../../auth/authorizationActions';
import { originOf } from '../../../shared/node/eventOrigin';
import { jsonRows } from '../../../shared/node/operation';
import type { Operation } from '../operation';

/** Ends the log-in of the credential for good. */
export const forget: Operation = {
	name: 'Forget',
	value: 'forget',
	action: 'Forget the authorization',
	description:
		'End the log-in of this credential for good: its tokens are overwritten in the vault and never used ' +
		'again. To go on later, press Connect in the credential.',
	fields: [],
	refusedAsTool: 'operation',
	async execute({ context, source, signal }) {
		return jsonRows([await forgetLogIn(source, signal, originOf(context))]);
	},
};
