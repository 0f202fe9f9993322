import { ConnectorError } from '../../../shared/errors';
import { serviceText } from '../../../shared/http';
import type { XmlMessage, XmlMessageKind } from '../../wire/xmlTopic';

/** Messages that an error quotes. */
const QUOTED = 5;

/** Of the others, elements that it names. */
const NAMED = 100;

/** Messages that tell of a failure. A type that nobody knows may be one. */
export const ERRORS: ReadonlySet<XmlMessageKind> = new Set(['error', 'fatal', 'unknown']);

/** Which messages make an item fail, by the value of the option. */
export const FAILING: ReadonlyMap<string, ReadonlySet<XmlMessageKind>> = new Map([
	['errors', ERRORS],
	['errorsAndWarnings', new Set<XmlMessageKind>([...ERRORS, 'warning'])],
	['nothing', new Set<XmlMessageKind>()],
]);

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
	const others = failures.slice(QUOTED);
	const names = others
		.slice(0, NAMED)
		.map(nameOf)
		.filter((name) => name !== '');
	const rest = others.length > 0 ? `; and ${others.length} more: ${names.join(', ')}` : '';
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
					'Online. For the next upload, Options > Fail On set to Nothing makes each message an item.'
				: 'Check the topic and its parameters, and that the user may export it in the web interface.',
		},
	);
}

function inWords(message: XmlMessage): string {
	const which = nameOf(message);
	const text =
		serviceText(message.description) || `message of type "${message.type}" without words`;
	return which === '' ? text : `${which}: ${text}`;
}

function nameOf({ element, key, id }: XmlMessage): string {
	return [element, key ?? id]
		.filter((part) => part !== undefined)
		.join(' ')
		.slice(0, NAMED);
}
