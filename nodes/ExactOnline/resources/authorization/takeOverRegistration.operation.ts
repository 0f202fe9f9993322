import { takeOverRegistration as takeOver } from '../../auth/authorizationActions';
import { originOf } from '../../../shared/node/eventOrigin';
import { jsonRows } from '../../../shared/node/operation';
import type { Operation } from '../operation';

/** Moves the identifier to this credential. */
export const takeOverRegistration: Operation = {
	name: 'Take Over Registration',
	value: 'takeOverRegistration',
	action: 'Take over the registration of the authorization',
	description:
		'Register this credential for its app and user in place of the one registered first, which is refused from then on',
	fields: [],
	refusedAsTool: 'operation',
	async execute({ context, source, signal }) {
		return jsonRows([await takeOver(source, signal, originOf(context))]);
	},
};
