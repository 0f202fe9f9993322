import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { entityRows, simplifyField } from '../../../shared/node/simplify';
import { fieldsOption, selectOf } from '../common/listOptions';
import { simplify } from '../common/simplify';
import type { Operation } from '../operation';

/**
 * `GET current/Me`: the user that the credential is connected with
 * (docs/facts/exact-online.md 2.1).
 */
export const getMe: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get the connected user',
	description: 'Get the user that the credential is connected with, and the current division',
	fields: [simplifyField, optionsCollection([fieldsOption])],
	async execute(call) {
		const { rows } = await call.client.request({
			method: 'GET',
			path: 'current/Me',
			query: { $select: selectOf(readOptions(call)) },
			signal: call.signal,
		});
		return entityRows(call, rows.slice(0, 1), simplify);
	},
};
