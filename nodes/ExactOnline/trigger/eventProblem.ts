import type { ConnectorError } from '../../shared/errors';
import { invalidValue } from '../odata/invalidValue';
import type { ChangeEvent } from './changeEvents';

/** What an entity tells of its changes. */
export interface TellsEvents {
	name: string;
	tellsCreated: boolean;
	tellsDeleted: boolean;
}

/**
 * Why nothing would ever start the workflow: an error is better than a trigger that is silent for ever.
 */
export function invalidEvents(
	events: ReadonlySet<ChangeEvent>,
	{ name, tellsCreated, tellsDeleted }: TellsEvents,
): ConnectorError | undefined {
	if (events.has('changed')) return undefined;
	if ((events.has('created') && tellsCreated) || (events.has('deleted') && tellsDeleted)) {
		return undefined;
	}
	return invalidValue(
		[...events].join(', '),
		`cannot be told for ${name}, so that Trigger On starts nothing.`,
		'Choose Changed in Trigger On.',
	);
}
