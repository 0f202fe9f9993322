import type { INodeProperties } from 'n8n-workflow';
import { readLimit, toolListFields } from '../../../shared/node/listFields';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { entityOutputFields, outputRows } from '../../../shared/node/entityOutput';
import { isKind, type CabinetKind } from '../../api/cabinetFacts';
import { sessionFields } from '../common/sessionFields';
import { simplify } from '../common/simplify';
import type { DocuWareOperation } from '../operation';

const kindField: INodeProperties = {
	displayName: 'Type',
	name: 'kind',
	type: 'options',
	options: [
		{ name: 'Document Trays', value: 'trays' },
		{ name: 'File Cabinets', value: 'cabinets' },
		{ name: 'File Cabinets and Document Trays', value: 'both' },
	],
	default: 'cabinets',
	description:
		'Which ones to return; DocuWare delivers file cabinets and document trays in one list',
};

const optionsField = optionsCollection([
	{
		displayName: 'Organization Name or ID',
		name: 'organizationId',
		type: 'options',
		typeOptions: { loadOptionsMethod: 'getOrganizations' },
		default: '',
		description:
			'Only those of one organization, on a server of your own with several. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
]);

/** `GET FileCabinets` (docs/facts/docuware.md 6.1). */
export const getManyFileCabinets: DocuWareOperation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many file cabinets',
	description: 'Get the file cabinets and document trays that the user may reach',
	fields: [...sessionFields, kindField, ...toolListFields, ...entityOutputFields, optionsField],
	async execute(call) {
		const { context, itemIndex, facts } = call;
		const kind = context.getNodeParameter('kind', itemIndex, 'cabinets') as CabinetKind;
		const { organizationId = '' } = readOptions(call);
		const rows = await facts.presentList(String(organizationId).trim());
		const wanted = rows.filter((row) => isKind(row, kind));
		return outputRows(call, wanted.slice(0, readLimit(context, itemIndex)), { simplify });
	},
};
