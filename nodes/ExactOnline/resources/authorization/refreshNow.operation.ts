import { refreshNow as refresh } from '../../auth/authorizationActions';
import { jsonRows } from '../../../shared/node/operation';
import type { Operation } from '../operation';

/** A refresh because a person asks for one. */
export const refreshNow: Operation = {
	name: 'Refresh Now',
	value: 'refreshNow',
	action: 'Refresh authorization now',
	description:
		'Refresh the access token at once. Exact Online allows this from 570 seconds after ' +
		'the last refresh; before that the error says when.',
	fields: [],
	async execute({ source, signal }) {
		return jsonRows([await refresh(source, signal)]);
	},
};
