import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';
import type {
	IBinaryData,
	IExecuteFunctions,
	INode,
	INodeParameters,
	NodeExecutionHint,
} from 'n8n-workflow';
import { nodeContext } from './nodeContext';
import {
	evaluateExpression,
	readParameter,
	shownParameters,
	type InputItem,
	type NodeSettings,
} from './nodeSettings';

/** A stand-in for n8n's execute context, and what the node did to it. */
export interface StandIn {
	context: IExecuteFunctions;
	/** Hints that the node showed. */
	hints: NodeExecutionHint[];
	/** Binary data that n8n would keep in files, by id. */
	stored: Map<string, Buffer>;
}

/** Asks which time the node runs in its execution. */
const RUN_INDEX = '{{ $runIndex }}';

/**
 * The part of n8n's execute context that the nodes use. Parameters go through n8n's own rules: defaults
 * are filled in, and a field that is not shown does not exist.
 */
export function executeContext(settings: NodeSettings = {}): StandIn {
	const items = settings.items ?? [{}];
	const hints: NodeExecutionHint[] = [];
	const { files = {}, keep = buffer } = settings;
	const stored = new Map(Object.entries(files).map(([id, { bytes }]) => [id, bytes]));
	const base = nodeContext(settings);
	const shown = items.map((item) => shownParameters(base.getNode(), settings, item));
	const node = withoutVaried(base.getNode(), shown);
	const context: Partial<IExecuteFunctions> = {
		...base,
		getNode: () => node,
		getInputData: () => items.map(({ json = {}, binary }) => ({ json, ...(binary && { binary }) })),
		isToolExecution: () => false,
		getTimezone: () => settings.timeZone ?? 'UTC',
		continueOnFail: () => settings.continueOnFail ?? false,
		getExecutionCancelSignal: () => settings.signal,
		addExecutionHints: (...added) => void hints.push(...added),
		getNodeParameter: ((name: string, index: number, fallback?: unknown, options?: object) => {
			const parameters = shown[index] ?? {};
			if (parameters[name] !== undefined) {
				return readParameter(parameters, name, { ...options, json: items[index]?.json });
			}
			if (fallback === undefined) throw new Error(`Could not get parameter "${name}"`);
			return fallback;
		}) as never,
		evaluateExpression: ((expression: string, index: number) =>
			expression === RUN_INDEX
				? (settings.runIndex ?? 0)
				: evaluateExpression(expression, items[index]?.json ?? {})) as never,
		helpers: binaryHelpers(items, stored, { files, keep }) as never,
	};
	return { context: context as IExecuteFunctions, hints, stored };
}

/** In n8n only an expression comes to something else for another item: what varies without one the node does not tell. */
function withoutVaried(node: INode, shown: readonly INodeParameters[]): INode {
	const own = Object.entries(node.parameters).filter(([name, value]) =>
		shown.every(
			(parameters) => isExpression(parameters[name]) || isDeepStrictEqual(parameters[name], value),
		),
	);
	return { ...node, parameters: Object.fromEntries(own) };
}

function isExpression(value: unknown): boolean {
	return JSON.stringify(value ?? null).includes('"=');
}

function binaryHelpers(
	items: InputItem[],
	stored: StandIn['stored'],
	{ files, keep }: Required<Pick<NodeSettings, 'files' | 'keep'>>,
) {
	return {
		assertBinaryData: (index: number, name: string) => binaryOf(items, index, name),
		getBinaryDataBuffer: async (index: number, name: string) =>
			Buffer.from(binaryOf(items, index, name).data, 'base64'),
		getBinaryStream: async (id: string) => files[id]?.open?.() ?? Readable.from([stored.get(id)]),
		getBinaryMetadata: async (id: string) => ({
			fileSize: files[id]?.noted ?? stored.get(id)?.length ?? 0,
		}),
		prepareBinaryData: async (
			data: Buffer | Readable,
			fileName?: string,
			mimeType?: string,
		): Promise<IBinaryData> => ({
			data: (Buffer.isBuffer(data) ? data : await keep(data)).toString('base64'),
			mimeType: mimeType ?? 'application/octet-stream',
			...(fileName === undefined ? {} : { fileName }),
		}),
	};
}

function binaryOf(items: InputItem[], index: number, name: string): IBinaryData {
	const found = items[index]?.binary?.[name];
	if (!found)
		throw new Error(
			`This operation expects the node's input data to contain a binary file '${name}'`,
		);
	return found;
}
