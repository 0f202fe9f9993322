import type { OutputRow } from '../../../shared/node/operation';
import { shownPath } from '../../platform/serverAddress';
import { unreadableAnswer } from '../../platform/answerError';
import { invalidParameter } from '../../api/clientErrors';
import { VisitedPages, type PlatformCall, type PlatformResource } from '../../api/platformClient';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation, OperationCall } from '../operation';
import { readRequest } from './readRequest';
import { requestFields } from './requestFields';
import { responseFields } from './responseFields';
import { readResponseOptions, type ResponseOptions } from './responseOptions';
import { fileOutput, jsonOutput, textOutput } from './responseOutput';

/** Any call of the Platform with the same session, limits and errors as every other operation. */
export const customCall: DocuWareOperation = {
	name: 'Custom API Call',
	value: 'call',
	action: 'Make a custom API call',
	description: 'Call any function of the DocuWare Platform with the shared session',
	fields: [...sessionFields, ...requestFields, ...responseFields],
	refusedAsTool: 'operation',
	async execute(call) {
		const options = readResponseOptions(call);
		const request = await readRequest(call, options);
		const sent = { ...request, anyStatus: options.neverError };
		switch (options.format) {
			case 'file': {
				const answer = await call.client.send({ ...sent, responseType: 'stream' });
				return await fileOutput(call.context, answer, options);
			}
			case 'text':
				return textOutput(await call.client.send(sent), options);
			case 'json':
				return await readJsonPages(call, sent, options);
		}
	},
};

async function readJsonPages(
	call: OperationCall,
	first: PlatformCall,
	options: ResponseOptions,
): Promise<OutputRow[]> {
	if (options.maxPages > 1 && first.method !== 'GET') {
		throw invalidParameter(
			'Next links can be followed with GET only.',
			'Switch off Follow Next Links, or use GET.',
		);
	}
	const rows: OutputRow[] = [];
	const visited = new VisitedPages();
	let page: PlatformCall | undefined = first;
	for (let count = 1; page; count++) {
		const answer = await call.client.send(page);
		const content = readJson(call, page, answer.body, options);
		for (const row of jsonOutput(answer, content, options)) rows.push(row);
		const next =
			options.maxPages > 1 && isResource(content)
				? call.client.nextPage(content, visited)
				: undefined;
		if (next && count >= options.maxPages) {
			call.context.addExecutionHints({
				message: `There are more pages than the ${options.maxPages} that Max Pages allows.`,
				type: 'warning',
				location: 'outputPane',
			});
			return rows;
		}
		page = next && { ...first, path: next, query: [] };
	}
	return rows;
}

/** An answer without content is an empty object; with *Never Error* anything else is kept as text. */
function readJson(
	{ client }: OperationCall,
	{ method, path }: PlatformCall,
	body: string,
	{ neverError }: ResponseOptions,
): unknown {
	if (body.trim() === '') return {};
	try {
		return JSON.parse(body) as unknown;
	} catch (error) {
		if (neverError && error instanceof SyntaxError) return { data: body };
		const asked = { method, path: shownPath(client.session, client.address(path)) };
		throw unreadableAnswer(asked, body, 'JSON');
	}
}

function isResource(value: unknown): value is PlatformResource {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
