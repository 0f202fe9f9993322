import {
	fileBody,
	isPage,
	mediaTypeOf,
	parseExactJson,
	readContent,
	type AnswerContent,
	type FileBody,
	type HttpResponse,
} from '../../../shared/http';
import { ConnectorError } from '../../../shared/errors';
import type { OutputRow } from '../../../shared/node/operation';
import { withoutAnswer } from '../../api/clientErrors';
import type { PlatformCall } from '../../api/platformClient';
import { changesNothing } from '../../platform/answerError';
import { foreignAnswer, refuseFailure, unwantedAnswer } from '../../platform/strangeAnswers';
import type { AskedFor } from '../../platform/askedFor';
import { shownPath } from '../../platform/serverAddress';
import { noFailure } from '../common/noFailure';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation, OperationCall } from '../operation';
import { isSearch, readPages } from './jsonPages';
import { readRequest } from './readRequest';
import { requestFields } from './requestFields';
import { responseFields } from './responseFields';
import { readResponseOptions, type ResponseOptions } from './responseOptions';
import { fileOutput, jsonOutput, textOutput } from './responseOutput';

/** Any call of the Platform with the same session, limits and errors as every other operation. */
export const customCall: DocuWareOperation = {
	name: 'Custom API Call',
	value: 'call',
	action: 'Make custom API call',
	description: 'Call any function of the DocuWare Platform with the shared session',
	fields: [...sessionFields, ...requestFields, ...responseFields],
	refusedAsTool: 'operation',
	async execute(call) {
		const options = readResponseOptions(call);
		const request = await readRequest(call, options);
		const sent = { ...request, anyStatus: options.neverError, isQuery: isSearch(request) };
		if (options.format === 'file') return await readFile(call, sent, options);
		return await readPages(call, sent, options, async (page) => {
			const answer = await call.client.send({ ...page, responseType: 'buffer' });
			const content = readContent(answer.headers, answer.body, parseExactJson);
			const rows = await output(call, page, answer, content, options);
			return { answer, rows, content: content.kind === 'json' ? content.value : undefined };
		});
	},
};

async function readFile(
	call: OperationCall,
	sent: PlatformCall,
	options: ResponseOptions,
): Promise<OutputRow[]> {
	const answer = await call.client.send({ ...sent, responseType: 'stream' });
	const asked = askedFor(call, sent);
	const takesAny = options.neverError || mayBePage(call, sent);
	try {
		const { body, page }: FileBody = takesAny ? { body: answer.body } : await fileBody(answer);
		if (page !== undefined) throw misplacedPage(asked, page, 'a file');
		const file = options.neverError ? body : await noFailure(asked, { ...answer, body });
		return await fileOutput(call.context, { ...answer, body: file }, options);
	} catch (failure) {
		answer.body.destroy();
		throw withoutAnswer(asked, failure);
	}
}

/**
 * The items of an answer. What is binary becomes a file whatever format was asked for; what cannot be
 * read, or is a page of something else than DocuWare, is an error unless the user wants none.
 */
async function output(
	call: OperationCall,
	sent: PlatformCall,
	answer: HttpResponse<Buffer>,
	content: AnswerContent,
	options: ResponseOptions,
): Promise<OutputRow[]> {
	if (content.kind === 'binary') {
		return await fileOutput(call.context, { ...answer, body: content.bytes }, options);
	}
	const { text } = content;
	const asked = askedFor(call, sent);
	// A file may be anything.
	const isFile = answer.headers['content-disposition'] !== undefined;
	if (!options.neverError && !isFile) refuseFailure(asked, text);
	if (options.format === 'text') {
		const takesAny = options.neverError || mayBePage(call, sent);
		if (content.kind === 'page' && !takesAny && isMisplaced(asked, answer)) {
			throw misplacedPage(asked, text, 'a text');
		}
		return textOutput({ ...answer, body: text }, options);
	}
	if (content.kind === 'json') return jsonOutput(answer, content.value, options);
	// An answer without content is an empty object, but no page of a list.
	const isCut = text === '' && options.maxPages > 1 && answer.status === 200;
	if (text === '' && !isCut) return jsonOutput(answer, {}, options);
	if (options.neverError) return jsonOutput(answer, { data: text }, options);
	throw content.kind === 'page'
		? misplacedPage(asked, text, 'JSON')
		: unwantedAnswer(asked, text, 'JSON');
}

/** A text that is a page may be what was asked for where DocuWare calls it something else than a page to be shown. */
function isMisplaced(
	asked: AskedFor,
	{ headers }: Pick<HttpResponse<unknown>, 'headers'>,
): boolean {
	return !changesNothing(asked) || isPage(headers) || mediaTypeOf(headers) === undefined;
}

function misplacedPage(asked: AskedFor, page: string, wanted: string): Error {
	if (!changesNothing(asked)) return foreignAnswer(asked, page);
	const error = unwantedAnswer(asked, page, `${wanted}, but a web page`);
	if (wanted === 'JSON') return error;
	const { code, message, serviceMessage } = error;
	return new ConnectorError(code, message, {
		repair:
			'Check the path, and that no proxy answers in place of DocuWare. Where a page is what you want, ask for it by the header Accept with text/html.',
		serviceMessage,
	});
}

/** DocuWare's documentation is made of pages, and a person may ask for one by an `Accept` of their own. */
function mayBePage({ client }: OperationCall, { path, headers = {} }: PlatformCall): boolean {
	const accept = Object.entries(headers).find(([name]) => name.toLowerCase() === 'accept')?.[1];
	return (
		/\bhtml\b/i.test(accept ?? '') ||
		/^Documentation\b/i.test(shownPath(client.session, client.address(path)))
	);
}

function askedFor({ client }: OperationCall, { method, path, isQuery }: PlatformCall): AskedFor {
	return { method, path: shownPath(client.session, client.address(path)), isQuery };
}
