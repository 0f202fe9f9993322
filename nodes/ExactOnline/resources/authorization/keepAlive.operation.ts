import { keepAlive as keepAliveNow } from '../../auth/authorizationActions';
import { jsonRows } from '../../../shared/node/operation';
import type { Operation } from '../operation';

/** Refreshes an idle chain before its 30 days end (docs/facts/exact-online.md 1.4). */
export const keepAlive: Operation = {
	name: 'Keep Alive',
	value: 'keepAlive',
	action: 'Keep authorization alive',
	description:
		'Refresh the connection if a refresh is due, so that it does not lapse after 30 days ' +
		'without use. Schedule this once a week.',
	fields: [],
	async execute({ source, signal }) {
		return jsonRows([await keepAliveNow(source, signal)]);
	},
};
