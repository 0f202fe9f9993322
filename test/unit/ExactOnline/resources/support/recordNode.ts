import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { executeContext, locator, type NodeSettings } from '../../../../support/n8nContext';
import type { Script } from '../../api/support/exactServer';
import { useExactNode, type ExactNode } from './exactNode';

export const ID = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
export const OTHER = '11111111-2222-3333-4444-555555555555';

/** A node that works on accounts of the first division, unless its parameters say otherwise. */
export interface RecordNode extends ExactNode {
	contextFor: (
		parameters: IDataObject,
		settings?: NodeSettings,
	) => ReturnType<typeof executeContext>;
	run: (parameters: IDataObject, settings?: NodeSettings) => Promise<INodeExecutionData[]>;
	/** Requests as `GET crm/Accounts`, with what they sent. */
	sent: () => Array<[request: string, body: unknown]>;
}

/** The same as `useExactNode`. */
export function useRecordNode(): RecordNode {
	const exact = useExactNode();
	const { server, node } = exact;
	const contextFor: RecordNode['contextFor'] = (parameters, settings = {}) =>
		executeContext({
			description: node.description,
			credentials: { exactOnlineOAuth2Api: { id: 'cred-1' } },
			parameters: { resource: 'account', division: locator('1'), ...parameters },
			...settings,
		});
	return {
		...exact,
		contextFor,
		async run(parameters, settings) {
			const { context } = contextFor(parameters, settings);
			const [output] = await node.execute.call(context);
			return output ?? [];
		},
		sent: () =>
			server.requests.map(({ method, target, body }) => [
				`${method} ${target.replace('/api/v1/1/', '').replace(/\$select=[^&]*&?/, '')}`,
				body === '' ? undefined : (JSON.parse(body) as unknown),
			]),
	};
}

/** Values mapped one by one, as the editor stores them. */
export function mapped(value: IDataObject): IDataObject {
	return { mappingMode: 'defineBelow', value, schema: [], matchingColumns: [] };
}

export const COLUMNS = {
	mappingMode: 'autoMapInputData',
	value: {},
	schema: [],
	matchingColumns: [],
};

export const made = (row: object) => ({ status: 201, body: { d: row } });
export const changed = { status: 204, body: '' };

/** Answers by method. */
export function byMethod(answers: Record<string, ReturnType<Script>>): Script {
	return ({ method }) => answers[method] ?? { status: 500 };
}
