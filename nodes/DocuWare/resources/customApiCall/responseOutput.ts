import type { Readable } from 'node:stream';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { HttpResponse } from '../../../shared/http';
import { binaryOutput } from '../../../shared/node/binaryOutput';
import type { OutputRow } from '../../../shared/node/operation';
import type { ResponseOptions } from './responseOptions';

/** The items of a JSON answer: one, or one per entry of the list. */
export function jsonOutput(
	answer: HttpResponse<unknown>,
	content: unknown,
	{ fullResponse, itemsProperty }: ResponseOptions,
): OutputRow[] {
	if (fullResponse) return [{ json: { ...head(answer), body: content as IDataObject } }];
	const entries = itemsProperty === '' ? content : memberOf(content, itemsProperty);
	const list = Array.isArray(entries) ? entries : [entries];
	return list.map((entry) => ({ json: asObject(entry) }));
}

/** The item of a text answer. */
export function textOutput(answer: HttpResponse, { fullResponse }: ResponseOptions): OutputRow[] {
	const json = fullResponse ? { ...head(answer), body: answer.body } : { data: answer.body };
	return [{ json }];
}

/** The item of an answer that is a file; streamed into n8n's store of binary data. */
export async function fileOutput(
	context: IExecuteFunctions,
	answer: HttpResponse<Readable | Buffer>,
	{ fullResponse, outputField }: ResponseOptions,
): Promise<OutputRow[]> {
	const json: IDataObject = fullResponse ? head(answer) : {};
	return [{ json, binary: await binaryOutput(context, answer, outputField) }];
}

/** Names as n8n's HTTP Request node has them. Cookies are no part of `headers`. */
function head({ status, statusText, headers }: HttpResponse<unknown>): IDataObject {
	return { statusCode: status, statusMessage: statusText, headers };
}

function memberOf(content: unknown, name: string): unknown {
	if (typeof content !== 'object' || content === null) return content;
	// A list that holds nothing may be left out of an answer.
	return (content as Record<string, unknown>)[name] ?? [];
}

function asObject(value: unknown): IDataObject {
	const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
	return isObject ? (value as IDataObject) : { data: value as IDataObject[string] };
}
