import { releaseRegistration as release } from '../../auth/authorizationActions';
import { originOf } from '../../../shared/node/eventOrigin';
import { jsonRows } from '../../../shared/node/operation';
import type { Operation } from '../operation';

/** Frees the identifier for another credential. */
export const releaseRegistration: Operation = {
	name: 'Release Registration',
	value: 'releaseRegistration',
	action: 'Release the registration of the authorization',
	description:
		"Give up this credential's registration of its app and user. The next credential that " +
		'uses them is registered instead; the connection itself goes on.',
	fields: [],
	refusedAsTool: 'operation',
	async execute({ context, source, signal }) {
		return jsonRows([await release(source, signal, originOf(context))]);
	},
};
