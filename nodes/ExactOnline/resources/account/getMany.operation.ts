import type { IDataObject } from 'n8n-workflow';
import { divisionField, readDivision } from '../common/divisionField';
import { listFields, readLimit, takeRows } from '../../../shared/node/listFields';
import { topFor } from '../common/topFor';
import {
	fieldsOption,
	optionsCollection,
	orderOf,
	orderOptions,
	rawOption,
	readOptions,
	selectOf,
	toOutput,
} from '../common/outputFields';
import type { Operation } from '../operation';
import { accountFilter, accountFilters } from './accountFilters';
import { ACCOUNT_FIELDS, SORTABLE_ACCOUNT_FIELDS } from './accountFields';

/** A list of accounts, page after page (facts/exact-online.md 4.3). */
export const getManyAccounts: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many accounts',
	description: 'Get a list of accounts (customers, suppliers and prospects)',
	fields: [
		divisionField,
		...listFields,
		accountFilters,
		optionsCollection([
			fieldsOption(ACCOUNT_FIELDS),
			...orderOptions(SORTABLE_ACCOUNT_FIELDS),
			rawOption,
		]),
	],
	async execute(call) {
		const { context, itemIndex, client, signal } = call;
		const options = readOptions(call);
		const filters = context.getNodeParameter('filters', itemIndex, {}) as IDataObject;
		const limit = readLimit(call.context, call.itemIndex);
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
		return toOutput(await takeRows(pages, limit), options);
	},
};
