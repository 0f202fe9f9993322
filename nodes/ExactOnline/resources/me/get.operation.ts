import type { Operation } from '../operation';
import {
	fieldsOption,
	optionsCollection,
	rawOption,
	readOptions,
	selectOf,
	toOutput,
} from '../common/outputFields';
import { ME_FIELDS } from './meFields';

/** `GET current/Me`: the user that the credential is connected with (facts/exact-online.md 2.1). */
export const getMe: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get the connected user',
	description: 'Get the user that the credential is connected with, and the current division',
	fields: [optionsCollection([fieldsOption(ME_FIELDS), rawOption])],
	async execute(call) {
		const options = readOptions(call);
		const { rows } = await call.client.request({
			method: 'GET',
			path: 'current/Me',
			query: { $select: selectOf(options) },
			signal: call.signal,
		});
		return toOutput(rows.slice(0, 1), options);
	},
};
