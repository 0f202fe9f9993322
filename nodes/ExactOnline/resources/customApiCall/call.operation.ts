import type { IDataObject } from 'n8n-workflow';
import { isRecord, parseJson } from '../../../shared/http';
import { readEnvelope } from '../../wire/envelope';
import type { ExactRow, RawExactAnswer } from '../../wire/exactTypes';
import { refuseAsTool } from '../../auth/authorizationActions';
import { divisionField, readDivision } from '../common/divisionField';
import { readOptions, toOutput } from '../common/outputFields';
import type { Operation, OperationCall } from '../operation';
import { customRequest, needsDivision } from './customRequest';
import { requestFields } from './requestFields';

const NAME = 'Custom API Call';

/** A request of the user's own, under the same token, margin, limits and errors as any other. */
export const call: Operation = {
	name: NAME,
	value: 'call',
	action: 'Make a custom API call',
	description: 'Send a request to any address of the API with the connection of this credential',
	fields: [divisionField, ...requestFields],
	async execute(operationCall) {
		const { context, client, source } = operationCall;
		refuseAsTool(context, NAME);
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
			? await readAllPages(operationCall, answer, options)
			: output(answer, options);
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

async function readAllPages(
	{ client, signal }: OperationCall,
	first: RawExactAnswer,
	options: IDataObject,
): Promise<IDataObject[]> {
	const { rows, next } = readEnvelope(first.body);
	const all: ExactRow[] = [...rows];
	if (next !== undefined) {
		for await (const page of client.pagesFrom(next, { signal })) all.push(...page);
	}
	return toOutput(all, options);
}

function output(answer: RawExactAnswer, options: IDataObject): IDataObject[] {
	const content = parseJson(answer.body) ?? answer.body;
	if (options.fullResponse === true) {
		return [{ status: answer.status, headers: answer.headers, body: content as IDataObject }];
	}
	if (isRecord(content) && 'd' in content) {
		return toOutput(readEnvelope(answer.body).rows, options);
	}
	if (isRecord(content)) return [content as IDataObject];
	// A bare number ($count), a text or XML, or nothing at all (204).
	return [answer.body === '' ? { status: answer.status } : { data: content as string }];
}
