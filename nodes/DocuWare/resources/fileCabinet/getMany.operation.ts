import type { INodeProperties } from 'n8n-workflow';
import { listFields, readLimit, takeRows } from '../../../shared/node/listFields';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { entityRows, simplifyField } from '../../../shared/node/simplify';
import { sessionFields } from '../common/sessionFields';
import { simplify } from '../common/simplify';
import type { DocuWareOperation } from '../operation';
import { fileCabinetPages, isKind, type FileCabinetKind } from './fileCabinetPages';

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
	fields: [...sessionFields, kindField, ...listFields, simplifyField, optionsField],
	async execute(call) {
		const { context, itemIndex, client, signal } = call;
		const kind = context.getNodeParameter('kind', itemIndex, 'cabinets') as FileCabinetKind;
		const options = readOptions(call);
		const pages = fileCabinetPages(client, {
			organizationId: String(options.organizationId ?? '').trim(),
			signal,
		});
		const limit = readLimit(context, itemIndex);
		const rows = await takeRows(
			only(pages, (row) => isKind(row, kind)),
			limit,
		);
		return entityRows(call, rows, simplify);
	},
};

async function* only<Row>(
	pages: AsyncIterable<Row[]>,
	wanted: (row: Row) => boolean,
): AsyncGenerator<Row[]> {
	for await (const page of pages) yield page.filter(wanted);
}
