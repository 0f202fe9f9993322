import { optionsCollection } from '../../../shared/node/optionsField';
import type { DocuWareOperation } from '../operation';
import { countDocuments } from './countDocuments';
import { readSearch } from './readSearch';
import { conditionFields, conditionOptions } from './searchFields';

/** `POST FileCabinets/{id}/Query/CountExpression` (docs/facts/docuware.md 6.2). */
export const getDocumentCount: DocuWareOperation = {
	name: 'Get Count',
	value: 'getCount',
	action: 'Get count of documents',
	description: 'Count the documents that a search finds, without reading them',
	fields: [...conditionFields, optionsCollection(conditionOptions)],
	async execute(call) {
		const search = await readSearch(call);
		const { fileCabinetId } = search;
		return [{ json: { count: await countDocuments(call, search), fileCabinetId } }];
	},
};
