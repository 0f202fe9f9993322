import { refuseAsTool, takeOverRegistration as takeOver } from '../../auth/authorizationActions';
import type { Operation } from '../operation';

const NAME = 'Take Over Registration';

/** Moves the identifier to this credential. */
export const takeOverRegistration: Operation = {
	name: NAME,
	value: 'takeOverRegistration',
	action: 'Take over the registration of the authorization',
	description:
		'Register this credential for its app and user in place of the one registered first, which is refused from then on',
	fields: [],
	async execute({ context, source }) {
		refuseAsTool(context, NAME);
		return [await takeOver(source)];
	},
};
