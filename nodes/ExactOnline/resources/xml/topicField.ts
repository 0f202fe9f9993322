import type { INodeProperties } from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import { pairsField, readPairs } from '../../../shared/node/pairsField';
import { readOptions } from '../../../shared/node/optionsField';
import { OWN_PARAMETERS } from '../../wire/xmlTopic';
import type { OperationCall } from '../operation';

/** What is read or written: from a list, or by the name that Exact gives it. */
export const topicField: INodeProperties = {
	displayName: 'Topic',
	name: 'topic',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: "What the XML is about, by the name that Exact Online's XML interface gives it",
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a topic…',
			typeOptions: { searchListMethod: 'searchXmlTopics', searchable: true },
		},
		{
			displayName: 'By Name',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. GLTransactions',
			validation: [
				{
					type: 'regex',
					properties: {
						regex: '^\\s*[A-Za-z][A-Za-z0-9]*\\s*$',
						errorMessage: 'A topic is one word of letters and digits',
					},
				},
			],
		},
	],
};

const PARAMETERS = 'parameter';

/** Further parameters of the address. */
export const parametersOption: INodeProperties = pairsField(
	{
		displayName: 'Parameters',
		name: 'parameters',
		placeholder: 'Add parameter',
		description:
			'Parameters of the topic, such as Params_Code or Params_Status, as the web page of its export writes them ' +
			'into its address',
	},
	{ name: PARAMETERS, displayName: 'Parameter' },
);

/**
 * The topic of the item.
 * @throws ConnectorError EXACT_INVALID_VALUE
 */
export function readTopic({ context, itemIndex }: OperationCall): string {
	const value: unknown = context.getNodeParameter('topic', itemIndex, '', { extractValue: true });
	const topic = String(value ?? '').trim();
	if (/^[A-Za-z][A-Za-z0-9]*$/.test(topic)) return topic;
	throw invalid(
		'Topic',
		topic === '' ? 'it is empty' : `"${topic.slice(0, 40)}" is no name of a topic`,
		'Choose a topic from the list, or give its name, such as GLTransactions.',
	);
}

/**
 * The further parameters of the item.
 * @throws ConnectorError EXACT_INVALID_VALUE for one that the node gives itself
 */
export function readParameters(call: OperationCall): Array<[name: string, value: string]> {
	const pairs = readPairs(readOptions(call).parameters, PARAMETERS);
	const own = pairs.find(([name]) => OWN_PARAMETERS.has(name.toLowerCase()));
	const broken = pairs.find((pair) => /\p{Surrogate}/u.test(pair.join('')));
	if (broken !== undefined) {
		throw invalid(
			'Parameters',
			`${broken[0].slice(0, 40)} holds half a character`,
			'Correct its value.',
		);
	}
	if (own === undefined) return pairs;
	throw invalid(
		'Parameters',
		`the node gives ${own[0]} itself`,
		'Take it out of Parameters; the node has a field for it.',
	);
}

/** @param problem goes on after a colon */
export function invalid(field: string, problem: string, repair: string): ConnectorError {
	return new ConnectorError(
		'EXACT_INVALID_VALUE',
		`The field ${field} is not usable: ${problem}. Nothing was sent.`,
		{ repair },
	);
}
