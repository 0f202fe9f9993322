import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type INode,
	type JsonObject,
} from 'n8n-workflow';
import { isConnectorError, type ConnectorError } from '../errors';
import { redact } from '../http';
import { listMessage } from './listMessage';

/** The two error types that n8n shows with node and item. */
export type NodeFailure = NodeApiError | NodeOperationError;

/** Codes known of errors made here, so that Continue On Fail can output them. */
const codes = new WeakMap<Error, string>();

/**
 * Any error as n8n shows it: the cause with its stable code at the end (`… [EXACT_NOT_FOUND]`), the
 * repair and the service's own words as the description, and the item where it happened. An error
 * that already is n8n's own is passed on as it is.
 */
export function toNodeError(node: INode, error: unknown, itemIndex?: number): NodeFailure {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) {
		if (itemIndex !== undefined) error.context.itemIndex ??= itemIndex;
		return error;
	}
	if (isConnectorError(error)) return fromConnectorError(node, error, itemIndex);
	const text = error instanceof Error ? error.message : String(error);
	return new NodeOperationError(node, redact(text), { itemIndex });
}

/**
 * Does the work of a hook or a test.
 *
 * @throws NodeApiError or NodeOperationError
 */
export async function withNodeErrors<T>(node: INode, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		const failure = toNodeError(node, error);
		throw failure;
	}
}

/**
 * Does the work of a list or drop-down, of whose error n8n shows little: the message holds the repair (`listMessage`),
 * and there is no description, which some lists would show below it, out of sight.
 *
 * @throws NodeApiError or NodeOperationError
 */
export async function withListErrors<T>(node: INode, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		const failure = toNodeError(node, error);
		if (isConnectorError(error)) {
			failure.message = listMessage(error);
			failure.description = undefined;
		}
		throw failure;
	}
}

/**
 * The JSON of an item that failed under Continue On Fail. `error` is the only field, since n8n's
 * error output recognises failed items by that.
 *
 * @param about what the error tells beside its own words
 */
export function toErrorJson(error: NodeFailure, about: IDataObject = {}): IDataObject {
	return {
		error: {
			message: error.message,
			description: error.description ?? null,
			code: codes.get(error) ?? null,
			...about,
		},
	};
}

/** What an item tells of an error that it stands for among others; as `toErrorJson`. */
export function errorFacts(error: ConnectorError): IDataObject {
	return {
		message: `${error.message} [${error.code}]`,
		description: describe(error),
		code: error.code,
	};
}

function fromConnectorError(
	node: INode,
	error: ConnectorError,
	itemIndex: number | undefined,
): NodeFailure {
	const message = `${error.message} [${error.code}]`;
	const description = describe(error);
	const failure =
		error.httpStatus === undefined
			? new NodeOperationError(node, message, { description, itemIndex })
			: new NodeApiError(node, { message } as JsonObject, {
					message,
					description,
					httpCode: String(error.httpStatus),
					itemIndex,
				});
	// n8n replaces texts in which it finds the name of a network error by its own, less exact ones.
	failure.message = message;
	failure.description = description;
	codes.set(failure, error.code);
	return failure;
}

function describe({ repair, message, serviceMessage }: ConnectorError): string {
	if (!serviceMessage || message.includes(serviceMessage)) return repair;
	return `${repair} The service said: ${serviceMessage}`;
}
