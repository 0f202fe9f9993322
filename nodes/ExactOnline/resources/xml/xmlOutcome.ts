import { ConnectorError } from '../../../shared/errors';
import { serviceText } from '../../../shared/http';
import type { XmlMessage, XmlMessageKind } from '../../wire/xmlTopic';

/** Messages that an error quotes. */
const QUOTED = 5;

/** Which messages make an item fail, by the value of the option. */
export const FAILING: Readonly<Record<string, ReadonlySet<XmlMessageKind>>> = {
	errors: new Set(['error', 'fatal', 'unknown']),
	errorsAndWarnings: new Set(['error', 'fatal', 'unknown', 'warning']),
	nothing: new Set(),
};

/**
 * Stops at messages that tell of a failure.
 * @param sent true where elements were uploaded, of which some may stand in Exact Online
 * @throws ConnectorError EXACT_XML_REFUSED with the first messages
 */
export function refuseFailures(
	topic: string,
	messages: readonly XmlMessage[],
	failing: ReadonlySet<XmlMessageKind>,
	sent: boolean,
): void {
	const failures = messages.filter(({ kind }) => failing.has(kind));
	if (failures.length === 0) return;
	const quoted = failures.slice(0, QUOTED).map(inWords);
	const more = failures.length - quoted.length;
	const rest = more > 0 ? ` (and ${more} more)` : '';
	const done = messages.filter(({ kind }) => kind === 'done').length;
	const taken = sent
		? ` ${done} of ${messages.length} messages say that an element was taken.`
		: '';
	throw new ConnectorError(
		'EXACT_XML_REFUSED',
		`Exact Online refused ${sent ? 'XML of' : 'to give'} the topic ${topic}: ${quoted.join('; ')}${rest}.${taken}`,
		{
			repair: sent
				? 'Correct the elements that the messages name, and send only those again: what was taken stands in Exact ' +
					'Online. With Options > Fail On set to Nothing each message becomes an item.'
				: 'Check the topic and its parameters, and that the user may export it in the web interface.',
		},
	);
}

function inWords({ element, key, id, description, type }: XmlMessage): string {
	const which = [element, key ?? id].filter((part) => part !== undefined).join(' ');
	const text = serviceText(description) ?? `message of type ${type}`;
	return which === '' ? text : `${which}: ${text}`;
}
