import type { IDataObject, IExecuteFunctions, ILoadOptionsFunctions, INode } from 'n8n-workflow';

export interface NodeSettings {
	/** Parameters of each item; missing ones give the fallback. */
	items: IDataObject[];
	continueOnFail?: boolean;
	signal?: AbortSignal;
	credentialId?: string;
}

/** The part of n8n's execute context that the node uses. */
export function executeContext(settings: NodeSettings): IExecuteFunctions {
	const context: Partial<IExecuteFunctions> = {
		getInputData: () => settings.items.map((_item, index) => ({ json: { index } })),
		getNode: () => nodeOf(settings),
		getMode: () => 'manual',
		continueOnFail: () => settings.continueOnFail ?? false,
		getExecutionCancelSignal: () => settings.signal,
		getNodeParameter: ((
			name: string,
			index: number,
			fallback?: unknown,
			options?: { extractValue?: boolean },
		) => readParameter(settings.items[index], name, fallback, options)) as never,
	};
	return context as IExecuteFunctions;
}

/** The part of n8n's context for drop-downs that the node uses. */
export function loadContext(
	parameters: IDataObject,
	settings: Omit<NodeSettings, 'items'> = {},
): ILoadOptionsFunctions {
	const context: Partial<ILoadOptionsFunctions> = {
		getNode: () => nodeOf(settings),
		getCurrentNodeParameter: ((name: string, options?: { extractValue?: boolean }) =>
			readParameter(parameters, name, undefined, options)) as never,
	};
	return context as ILoadOptionsFunctions;
}

/** A chosen entry of a resource locator. */
export function locator(value: string | number, mode = 'list'): IDataObject {
	return { __rl: true, mode, value };
}

function readParameter(
	parameters: IDataObject | undefined,
	name: string,
	fallback: unknown,
	options?: { extractValue?: boolean },
): unknown {
	const value: unknown = parameters?.[name] ?? fallback;
	const isLocator = typeof value === 'object' && value !== null && '__rl' in value;
	return options?.extractValue && isLocator ? (value as { value?: unknown }).value : value;
}

function nodeOf({ credentialId = 'cred-1' }: Omit<NodeSettings, 'items'>): INode {
	return {
		id: 'node-1',
		name: 'Exact Online',
		type: 'exactOnline',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: { exactOnlineOAuth2Api: { id: credentialId, name: 'Exact' } },
	};
}
