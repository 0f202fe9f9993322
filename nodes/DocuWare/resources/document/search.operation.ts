import type { INodeProperties } from 'n8n-workflow';
import { readLimit, takeRows, toolListFields } from '../../../shared/node/listFields';
import { mappedPages } from '../../../shared/node/mappedPages';
import { isOn, optionsCollection, readOptions } from '../../../shared/node/optionsField';
import {
	documentOutputFields,
	documentRow,
	indexFieldsWanted,
	readDocumentOutput,
} from '../common/documentOutput';
import type { DocuWareOperation } from '../operation';
import { countDocuments } from './countDocuments';
import { documentPages } from './documentPages';
import { readSearch } from './readSearch';
import { conditionFields, conditionOptions, sortField } from './searchFields';

const totalCountOption: INodeProperties = {
	displayName: 'Total Count',
	name: 'totalCount',
	type: 'boolean',
	default: false,
	description:
		'Whether to add totalCount to each document: how many are found in all, beyond Limit too. Takes one more request.',
};

/** `POST FileCabinets/{id}/Query/DialogExpression` (docs/facts/docuware.md 6.2). */
export const searchDocuments: DocuWareOperation = {
	name: 'Search',
	value: 'search',
	action: 'Search documents',
	description: 'Find documents by their index fields or their full text',
	fields: [
		...conditionFields,
		...toolListFields,
		...documentOutputFields,
		optionsCollection([...conditionOptions, totalCountOption]),
		sortField,
	],
	async execute(call) {
		const { context, itemIndex } = call;
		const limit = readLimit(context, itemIndex);
		const search = await readSearch(call);
		const output = await readDocumentOutput(call, search.fileCabinetId);
		const { totalCount } = readOptions(call);
		const total = isOn(totalCount) ? { totalCount: await countDocuments(call, search) } : undefined;
		const pages = documentPages(call, { ...search, fields: indexFieldsWanted(output), limit });
		const rows = mappedPages(pages, (document) => {
			const row = documentRow(output, document);
			return total === undefined ? row : { json: { ...row.json, ...total } };
		});
		return await takeRows(rows, limit);
	},
};
