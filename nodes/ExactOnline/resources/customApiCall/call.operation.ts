import type { IDataObject } from 'n8n-workflow';
import { isRecord, parseJson } from '../../../shared/http';
import { jsonRows, type OutputRow } from '../../../shared/node/operation';
import { readOptions } from '../../../shared/node/optionsField';
import { entityRows } from '../../../shared/node/simplify';
import { readEnvelope } from '../../wire/envelope';
import type { ExactRow, RawExactAnswer } from '../../wire/exactTypes';
import { divisionField, readDivision } from '../common/divisionField';
import { simplify } from '../common/simplify';
import type { Operation, OperationCall } from '../operation';
import { customRequest, needsDivision } from './customRequest';
import { requestFields } from './requestFields';

/** A request of the user's own, under the same token, margin, limits and errors as any other. */
export const call: Operation = {
	name: 'Custom API Call',
	value: 'call',
	action: 'Make a custom API call',
	description: 'Send a request to any address of the API with the connection of this credential',
	fields: [divisionField, ...requestFields],
	refusedAsTool: 'operation',
	async execute(operationCall) {
		const { context, client, source } = operationCall;
		const options = readOptions(operationCall);
		const { method, path, ...fields } = readFields(operationCall, options);
		const division = needsDivision(path) ? await readDivision(operationCall) : undefined;
		const answer = await client.requestRaw({
			...customRequest(source.baseUrl, { method, path, ...fields }, division),
			signal: operationCall.signal,
			length: options.long === true ? 'long' : 'normal',
		});
		const allPages = context.getNodeParameter('allPages', operationCall.itemIndex, false) === true;
		return allPages && method === 'GET'
			? await readAllPages(operationCall, answer)
			: output(operationCall, answer, options.fullResponse === true);
	},
};

function readFields({ context, itemIndex }: OperationCall, options: IDataObject) {
	return {
		method: String(context.getNodeParameter('method', itemIndex, 'GET')),
		path: String(context.getNodeParameter('path', itemIndex)),
		query: context.getNodeParameter('queryParameters', itemIndex, {}) as IDataObject,
		headers: (options.headers ?? {}) as IDataObject,
		body: context.getNodeParameter('body', itemIndex, '{}') as unknown,
	};
}

async function readAllPages(call: OperationCall, first: RawExactAnswer): Promise<OutputRow[]> {
	const { client, signal } = call;
	const { rows, next } = readEnvelope(first.body);
	const all: ExactRow[] = [...rows];
	if (next !== undefined) {
		for await (const page of client.pagesFrom(next, { signal })) all.push(...page);
	}
	return entityRows(call, all, simplify);
}

function output(call: OperationCall, answer: RawExactAnswer, fullResponse: boolean): OutputRow[] {
	const content = parseJson(answer.body) ?? answer.body;
	if (fullResponse) {
		const { status, headers } = answer;
		return jsonRows([{ status, headers, body: content as IDataObject }]);
	}
	if (isRecord(content) && 'd' in content) {
		return entityRows(call, readEnvelope(answer.body).rows, simplify);
	}
	if (isRecord(content)) return jsonRows([content as IDataObject]);
	// A bare number ($count), a text or XML, or nothing at all (204).
	return jsonRows([answer.body === '' ? { status: answer.status } : { data: content as string }]);
}
