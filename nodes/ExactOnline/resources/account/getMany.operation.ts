import type { IDataObject } from 'n8n-workflow';
import { listFields, readLimit, takeRows } from '../../../shared/node/listFields';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { entityRows, simplifyField } from '../../../shared/node/simplify';
import { divisionField, readDivision } from '../common/divisionField';
import { topFor } from '../common/topFor';
import { fieldsOption, orderOf, orderOptions, selectOf } from '../common/listOptions';
import { simplify } from '../common/simplify';
import type { Operation } from '../operation';
import { accountFilter, accountFilters } from './accountFilters';

/** Fields that people sort accounts by. */
const SORTABLE_FIELDS = [
	...['City', 'Code', 'Country', 'Created', 'Email', 'Modified', 'Name', 'Postcode', 'SearchCode'],
	'Status',
];

/** A list of accounts, page after page (docs/facts/exact-online.md 4.3). */
export const getManyAccounts: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many accounts',
	description: 'Get a list of accounts (customers, suppliers and prospects)',
	fields: [
		divisionField,
		...listFields,
		accountFilters,
		simplifyField,
		optionsCollection([fieldsOption, ...orderOptions(SORTABLE_FIELDS)]),
	],
	async execute(call) {
		const { context, itemIndex, client, signal } = call;
		const options = readOptions(call);
		const filters = context.getNodeParameter('filters', itemIndex, {}) as IDataObject;
		const limit = readLimit(context, itemIndex);
		const $filter = accountFilter(filters);
		const pages = client.pages({
			method: 'GET',
			path: 'crm/Accounts',
			division: await readDivision(call),
			query: {
				$select: selectOf(options),
				$filter,
				$orderby: orderOf(options),
				$top: topFor(limit),
			},
			signal,
		});
		return entityRows(call, await takeRows(pages, limit), simplify);
	},
};
