import type {
	IDataObject,
	IExecuteFunctions,
	IHookFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import type { ItemCall } from '../../../shared/node/operation';
import { selectClause } from '../../odata/queryOptions';
import { parseDivision } from '../../resources/common/divisionField';

/** n8n's contexts of a node that receives. */
export type ReceivingContext = IHookFunctions | IWebhookFunctions;

/** What the node is set to. */
export interface WebhookSettings {
	topic: string;
	divisions: number[];
}

/**
 * Topic and divisions of the node.
 * @throws ConnectorError EXACT_INVALID_VALUE, EXACT_INVALID_DIVISION
 */
export function readSettings(context: ReceivingContext): WebhookSettings {
	const value: unknown = context.getNodeParameter('topic', '', { extractValue: true });
	const topic = String(value ?? '').trim();
	if (!/^[A-Za-z][A-Za-z0-9]*$/.test(topic)) {
		throw new ConnectorError(
			'EXACT_INVALID_VALUE',
			`The field Topic is not usable: ${topic === '' ? 'it is empty' : `"${topic.slice(0, 40)}" is no name of a topic`}.`,
			{ repair: 'Choose a topic from the list, or give its name, such as SalesInvoices.' },
		);
	}
	return { topic, divisions: readDivisions(context) };
}

function readDivisions(context: ReceivingContext): number[] {
	const typed = selectClause(context.getNodeParameter('divisions', []))?.split(',') ?? [];
	const divisions = typed.flatMap((one) => parseDivision(one) ?? []);
	if (divisions.length === 0) {
		throw new ConnectorError('EXACT_INVALID_DIVISION', 'No division is chosen.', {
			repair: 'Choose the divisions whose changes start the workflow.',
		});
	}
	return [...new Set(divisions)];
}

/** How the changes of records are named in items. */
export const CHANGE_WORDS: Readonly<Record<string, string>> = {
	Create: 'created',
	Update: 'changed',
	Delete: 'deleted',
};

/** Whether a change of this kind starts the workflow. */
export function isWanted(context: ReceivingContext, action: string): boolean {
	const chosen: unknown = context.getNodeParameter('changes', []);
	if (!Array.isArray(chosen) || chosen.length === 0) return true;
	return CHANGE_WORDS[action] === undefined || chosen.includes(CHANGE_WORDS[action]);
}

/** The node's fields as an operation reads those of an item; a node that receives has one setting for all. */
export function asItem(context: ReceivingContext): Pick<ItemCall, 'context' | 'itemIndex'> {
	const read = (name: string, _index: number, fallback?: unknown, options?: IDataObject) =>
		context.getNodeParameter(name, fallback, options as never);
	return {
		context: {
			getNodeParameter: read,
			getNode: () => context.getNode(),
		} as never as IExecuteFunctions,
		itemIndex: 0,
	};
}
