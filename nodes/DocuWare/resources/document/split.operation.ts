import type { INodeProperties } from 'n8n-workflow';
import { invalidParameter } from '../../api/clientErrors';
import { givenList } from '../common/givenList';
import type { OperationCall } from '../operation';
import { divideOperation } from './divideOperation';

const pagesField: INodeProperties = {
	displayName: 'Pages',
	name: 'splitPages',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 3, 5',
	description: 'The pages at which a new document begins',
	hint: 'Numbers with commas between them, or an array from an expression',
};

/** The page numbers go out as they were given: what counts them from where is the server's (docs/facts/docuware.md 7.4). */
export const splitDocument = divideOperation(
	{
		name: 'Split',
		value: 'split',
		action: 'Split document',
		description: 'Make several documents of one, divided at pages',
	},
	{
		operation: 'Split',
		kind: 'both',
		moreFields: [pagesField],
		more: (call) => ({ Pages: readPages(call) }),
	},
);

function readPages({ context, itemIndex }: OperationCall): number[] {
	const given: unknown = context.getNodeParameter(pagesField.name, itemIndex, '');
	const pages = givenList(given)
		.map((one) => String(one ?? '').trim())
		.filter((one) => one !== '');
	const wrong = pages.find((page) => !/^[1-9]\d{0,6}$/.test(page));
	if (pages.length === 0 || wrong !== undefined) {
		throw invalidParameter(
			wrong === undefined
				? `Pages of item ${itemIndex} is empty; nothing was changed.`
				: `"${wrong.slice(0, 40)}" in Pages of item ${itemIndex} is no number of a page; nothing was changed.`,
			'Give the numbers of pages with commas between them, such as 3, 5.',
		);
	}
	return [...new Set(pages.map(Number))].sort((one, other) => one - other);
}
