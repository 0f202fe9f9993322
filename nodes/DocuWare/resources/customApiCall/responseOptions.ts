import { readOptions } from '../../../shared/node/optionsField';
import type { OperationCall } from '../operation';

export type ResponseFormat = 'json' | 'text' | 'file';

/** How the answers are treated. */
export interface ResponseOptions {
	format: ResponseFormat;
	/** Binary field of the output. */
	outputField: string;
	fullResponse: boolean;
	/** Empty: every answer is one item. */
	itemsProperty: string;
	/** 1 without Follow Next Links. */
	maxPages: number;
	neverError: boolean;
	timeoutMs: number;
}

/** What the item wants of the answers. */
export function readResponseOptions(call: OperationCall): ResponseOptions {
	const { context, itemIndex } = call;
	const options = readOptions(call);
	const maxPages = Math.floor(Number(options.maxPages ?? 100));
	const timeoutMs = Number(options.timeout ?? 120_000);
	return {
		format: readFormat(context.getNodeParameter('responseFormat', itemIndex, 'json')),
		outputField: String(context.getNodeParameter('outputDataFieldName', itemIndex, 'data')),
		fullResponse: options.fullResponse === true,
		itemsProperty: String(options.itemsProperty ?? '').trim(),
		maxPages: options.followNext === true ? Math.max(1, maxPages || 1) : 1,
		neverError: options.neverError === true,
		timeoutMs: timeoutMs > 0 ? timeoutMs : 120_000,
	};
}

function readFormat(value: unknown): ResponseFormat {
	return value === 'text' || value === 'file' ? value : 'json';
}
