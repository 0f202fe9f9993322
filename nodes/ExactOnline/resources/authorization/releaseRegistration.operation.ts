import { refuseAsTool, releaseRegistration as release } from '../../auth/authorizationActions';
import type { Operation } from '../operation';

const NAME = 'Release Registration';

/** Frees the identifier for another credential. */
export const releaseRegistration: Operation = {
	name: NAME,
	value: 'releaseRegistration',
	action: 'Release the registration of the authorization',
	description:
		"Give up this credential's registration of its app and user. The next credential that uses them is registered instead; the connection itself goes on.",
	fields: [],
	async execute({ context, source }) {
		refuseAsTool(context, NAME);
		return [await release(source)];
	},
};
