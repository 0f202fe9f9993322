import type { IExecuteFunctions } from 'n8n-workflow';
import { findHeaderProblem, findPathProblem, lenientPath } from '../../../shared/http';
import { readPairs } from '../../../shared/node/pairsField';
import { invalidParameter } from '../../api/clientErrors';
import { shownPath } from '../../platform/serverAddress';
import type { PlatformCall, PlatformClient } from '../../api/platformClient';
import type { OperationCall } from '../operation';
import { readBody } from './requestBody';
import { PAIRS } from './requestFields';
import type { ResponseFormat, ResponseOptions } from './responseOptions';

/**
 * JSON is asked for in every format, in second place: a server that is not asked for it answers an
 * unauthenticated request with a login page instead of 401 (docs/facts/docuware.md 2.2).
 */
const ACCEPT: Record<ResponseFormat, string> = {
	json: 'application/json',
	text: 'text/plain, application/json;q=0.9, */*;q=0.8',
	file: '*/*, application/json;q=0.5',
};

/** Set by the session, or by the connection. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
	'authorization',
	'content-length',
	'cookie',
	'host',
	'transfer-encoding',
]);

/**
 * The request that the item asks for.
 *
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER, DOCUWARE_FOREIGN_HOST
 */
export async function readRequest(
	call: OperationCall,
	{ format, timeoutMs }: ResponseOptions,
): Promise<PlatformCall> {
	const { context, itemIndex, client, signal } = call;
	const method = String(context.getNodeParameter('method', itemIndex)).toUpperCase();
	const path = client.address(readPath(context, itemIndex));
	refuseSessionEndpoints(client, path);
	const own = readHeaders(context, itemIndex);
	const body = await readBody(call, method);
	return {
		method,
		path,
		query: readPairs(context.getNodeParameter('queryParameters', itemIndex, {}), PAIRS),
		headers: withoutTwins({ Accept: ACCEPT[format], ...body.headers }, own),
		...(body.content === undefined ? {} : { body: body.content }),
		timeoutMs,
		signal,
	};
}

function readPath(context: IExecuteFunctions, itemIndex: number): string {
	const path = String(context.getNodeParameter('path', itemIndex, '')).trim();
	if (path === '') {
		throw invalidParameter('The field Path is empty.', 'Give a path, for instance FileCabinets.');
	}
	const problem = findPathProblem(path);
	if (problem === undefined) return path;
	throw invalidParameter(
		`The path "${path.slice(0, 80)}" ${problem}. Nothing was sent.`,
		'Correct the field Path, or the expression in it.',
	);
}

/**
 * Log-on, log-off and login tokens belong to the Session operations: sent from here they would change
 * the session of all executions without its knowledge, or put a secret into execution data. However the path
 * is spelled: a server may read it more leniently than this code.
 */
function refuseSessionEndpoints({ session }: PlatformClient, url: URL): void {
	const path = lenientPath(url.pathname);
	if (!/\/platform\/account(?:\/|$)/.test(path) && !/\/logintoken(?:\/|$)/.test(path)) return;
	throw invalidParameter(
		`${shownPath(session, url)} cannot be called from here, because the session that all executions share depends on it.`,
		'Use the operations of the resource Session: Log On, Log Off, Create Login Token, Token Log On.',
	);
}

function readHeaders(context: IExecuteFunctions, itemIndex: number): Record<string, string> {
	const headers = readPairs(context.getNodeParameter('headers', itemIndex, {}), PAIRS);
	const problem = findHeaderProblem(headers, OWN_HEADERS);
	if (problem?.reason === 'reserved') {
		throw invalidParameter(
			`The header ${problem.name} cannot be set here.`,
			'Remove it; the node sends the session by itself.',
		);
	}
	if (problem) {
		throw invalidParameter(
			`The header "${problem.name.slice(0, 40)}" has a name or value that a request cannot have.`,
			'Use letters, digits and hyphens in the name, and one line of Latin characters as value.',
		);
	}
	return Object.fromEntries(headers.map(([name, value]) => [usualSpelling(name), value]));
}

/** The session adds these two where they are missing, and knows them in this spelling. */
function usualSpelling(name: string): string {
	return (
		['Accept', 'Accept-Language'].find((usual) => usual.toLowerCase() === name.toLowerCase()) ??
		name
	);
}

/** Header names are compared without case; those of the item win. */
function withoutTwins(
	added: Record<string, string>,
	own: Record<string, string>,
): Record<string, string> {
	const taken = new Set(Object.keys(own).map((name) => name.toLowerCase()));
	const kept = Object.entries(added).filter(([name]) => !taken.has(name.toLowerCase()));
	return { ...Object.fromEntries(kept), ...own };
}
