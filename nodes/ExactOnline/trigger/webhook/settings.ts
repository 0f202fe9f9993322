import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import { inField, invalidValue } from '../../odata/invalidValue';
import { selectClause } from '../../odata/queryOptions';
import { parseDivision } from '../../resources/common/divisionField';
import { readChangeEvents, type ChangeEvent } from '../changeEvents';

/** n8n's contexts of a node that receives. */
export type ReceivingContext = IHookFunctions | IWebhookFunctions;

/** What the node is set to. */
export interface WebhookSettings {
	topic: string;
	divisions: number[];
	/** What starts the workflow. */
	events: ReadonlySet<ChangeEvent>;
}

/**
 * The settings of the node.
 * @throws ConnectorError EXACT_INVALID_VALUE, EXACT_INVALID_DIVISION
 */
export function readSettings(context: ReceivingContext): WebhookSettings {
	const value: unknown = context.getNodeParameter('topic', '', { extractValue: true });
	const topic = String(value ?? '').trim();
	if (!/^[A-Za-z][A-Za-z0-9]*$/.test(topic)) {
		inField('Topic', () => {
			throw invalidValue(
				value,
				'is no name of a topic.',
				'Choose a topic from the list, or give its name, such as SalesInvoices.',
			);
		});
	}
	return {
		topic,
		divisions: readDivisions(context),
		events: readChangeEvents(context.getNodeParameter('events', [])),
	};
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

/** How the changes of records are named in items, by Exact Online's word for them. */
const CHANGE_WORDS: ReadonlyMap<string, ChangeEvent> = new Map([
	['Create', 'created'],
	['Update', 'changed'],
	['Delete', 'deleted'],
]);

/** How a change is named in items; as Exact Online names it where nobody knows it. */
export function changeWord(action: string): string {
	return CHANGE_WORDS.get(action) ?? action;
}

/** Whether a change of this kind starts the workflow; one that nobody knows does. */
export function isWanted({ events }: WebhookSettings, action: string): boolean {
	const word = CHANGE_WORDS.get(action);
	return word === undefined || events.has(word);
}
