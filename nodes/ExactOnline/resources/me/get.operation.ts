import { readEndpoint } from '../../catalogue/catalogue';
import type { ResourceData } from '../../catalogue/firstClass/resourceData';
import type { Operation } from '../operation';
import { outputFields, queryOf, readOutput, recordRow } from '../records/outputFields';

const DATA: ResourceData = {
	name: 'Me',
	value: 'me',
	endpoint: 'current/Me',
	main: [
		...['FullName', 'Email', 'UserName', 'CurrentDivision', 'DivisionCustomerName'],
		...['LanguageCode', 'Title', 'EmployeeID', 'UserID'],
	],
};

/**
 * `GET current/Me`: the user that the credential is connected with
 * (docs/facts/exact-online.md 2.1).
 */
export const getMe: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get connected user',
	description: 'Get the user that the credential is connected with, and the current division',
	fields: outputFields,
	async execute(call) {
		const plan = readOutput(call, readEndpoint(DATA.endpoint), DATA);
		const { rows } = await call.client.request({
			method: 'GET',
			path: DATA.endpoint,
			query: queryOf(plan),
			signal: call.signal,
		});
		return rows.slice(0, 1).map((row) => recordRow(plan, row));
	},
};
