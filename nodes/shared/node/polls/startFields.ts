import type { IDataObject, INodeProperties, IPollFunctions } from 'n8n-workflow';
import { isRecord } from '../../http';

/** Names of the parameters that say where a polling trigger begins, and how much it gives. */
const START = 'start';
const DATE = 'startDate';
const MOST = 'mostItems';

/** What is read only where something begins; there it is an error if an expression leaves it empty. */
export const READ_AT_BEGINNING: readonly string[] = [DATE];

/** Items that a poll gives at most unless the node says otherwise. */
const DEFAULT_MOST = 1_000;

/** What the fields of the beginning say of what the trigger reads. */
export interface StartWords {
	/** Of *From a Date*. */
	date: string;
	/** Of *Now*. */
	now: string;
	/** Of the field *Date*. */
	from: string;
}

/** The fields of a polling trigger that say where its first poll begins. */
export function startFields({ date, now, from }: StartWords): INodeProperties[] {
	return [
		{
			displayName: 'Start',
			name: START,
			type: 'options',
			noDataExpression: true,
			options: [
				{ name: 'From a Date', value: 'date', description: date },
				{ name: 'Now', value: 'now', description: now },
			],
			default: 'now',
			description:
				'Where the first poll begins. Later ones go on where the last one has ended; another start begins anew.',
		},
		{
			displayName: 'Date',
			name: DATE,
			type: 'dateTime',
			default: '',
			required: true,
			displayOptions: { show: { [START]: ['date'] } },
			description: from,
		},
	];
}

/** The option of a polling trigger that says how much a poll gives. */
export function mostItemsOption(description: string, maxValue?: number): INodeProperties {
	return {
		displayName: 'Most Items per Poll',
		name: MOST,
		type: 'number',
		typeOptions: { minValue: 1, ...(maxValue !== undefined && { maxValue }) },
		default: DEFAULT_MOST,
		description,
	};
}

/** The value of that option; what is no number of items means the default. */
export function readMostItems(options: unknown, maxValue = Number.MAX_SAFE_INTEGER): number {
	const given = isRecord(options) ? options[MOST] : undefined;
	const most = Math.floor(Number(given ?? DEFAULT_MOST));
	return most >= 1 ? Math.min(most, maxValue) : DEFAULT_MOST;
}

/**
 * The settings that decide where the first poll begins, as the node stores them: an expression by its text, since its value may
 * change with every poll, and each would begin anew.
 */
export function startSettings(context: IPollFunctions): string {
	const { [START]: start = 'now', [DATE]: date = '' } = context.getNode().parameters as IDataObject;
	return JSON.stringify([start, start === 'date' ? date : '']);
}

/** The date from which the first poll begins, as it was given; undefined where it begins with the present. */
export function givenStartDate(context: IPollFunctions): unknown {
	if (context.getNodeParameter(START, 'now') !== 'date') return undefined;
	return context.getNodeParameter(DATE, '') ?? '';
}
