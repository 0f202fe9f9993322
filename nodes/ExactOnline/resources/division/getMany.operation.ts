import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { readLimit, takeRows, toolListFields } from '../../../shared/node/listFields';
import { readEndpoint } from '../../catalogue/catalogue';
import { FIRST_CLASS } from '../../catalogue/firstClass';
import { currentDivision } from '../common/divisionField';
import { topFor } from '../common/topFor';
import type { Operation } from '../operation';
import { outputFields, readOutput, rowWriter } from '../records/outputFields';
import { divisionPages, tellIfCurrentOnly } from './divisionLists';

const filters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	options: [
		{
			displayName: 'Search',
			name: 'search',
			type: 'string',
			default: '',
			description:
				'Part of the description or of the customer name of the division, its code, or its number',
		},
		{
			displayName: 'Status',
			name: 'status',
			type: 'options',
			options: [
				{ name: 'Active', value: 1 },
				{ name: 'Archived', value: 2 },
				{ name: 'Inactive', value: 0 },
			],
			default: 1,
		},
	],
};

const data = FIRST_CLASS.find(({ value }) => value === 'division');

/**
 * The divisions that the user may reach and that consent covers (docs/facts/exact-online.md 2.2).
 */
export const getManyDivisions: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many divisions',
	description: 'Get the divisions (administrations) that the connected user may reach',
	fields: [...toolListFields, filters, ...outputFields],
	async execute(call) {
		const { context, itemIndex, client, signal } = call;
		const { search, status } = context.getNodeParameter('filters', itemIndex, {}) as IDataObject;
		const limit = readLimit(context, itemIndex);
		const plan = readOutput(call, readEndpoint('system/Divisions'), data);
		const pages = divisionPages(client, {
			division: await currentDivision(call),
			search: search === undefined ? undefined : String(search),
			status: status === undefined || status === '' ? undefined : Number(status),
			fields: plan.select && [...plan.select],
			top: topFor(limit),
			signal,
		});
		const rows = await takeRows(pages, limit);
		tellIfCurrentOnly(client, call);
		const write = rowWriter(plan);
		return rows.map((row) => ({ json: write(row) }));
	},
};
