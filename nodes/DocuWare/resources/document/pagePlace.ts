import type { INodeProperties } from 'n8n-workflow';
import { readOptions } from '../../../shared/node/optionsField';
import { invalidParameter } from '../../api/clientErrors';
import type { OperationCall } from '../operation';
import type { PagePlace } from './annotations';

const WHERE = {
	section: { label: 'File', most: 100_000 },
	page: { label: 'Page', most: 1_000_000 },
	layer: { label: 'Layer', most: 5 },
} as const;

/** On which file and page of the document, and in which layer. */
export const placeOptions: INodeProperties[] = [
	{
		displayName: WHERE.section.label,
		name: 'section',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 1,
		description: 'Which of the files that the document consists of, counted from 1',
	},
	{
		displayName: WHERE.layer.label,
		name: 'layer',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 5 },
		default: 1,
		description: 'Layer of the annotations, 1 to 5',
	},
	{
		displayName: WHERE.page.label,
		name: 'page',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 1,
		description: 'Page of that file, counted from 1',
	},
	{
		displayName: 'Server Counts From',
		name: 'countFrom',
		type: 'options',
		options: [
			{ name: '0', value: 0, description: "As in DocuWare's examples" },
			{ name: '1', value: 1 },
		],
		default: 0,
		description:
			'Number that the server has for the first page and the first file. Change it where annotations land a page too early.',
	},
];

/** @throws ConnectorError DOCUWARE_INVALID_PARAMETER */
export function readPlace(call: Pick<OperationCall, 'context' | 'itemIndex'>): PagePlace {
	const options = readOptions(call);
	const read = (name: keyof typeof WHERE): number => {
		const { label, most } = WHERE[name];
		const given = options[name] ?? 1;
		const number = Number(given);
		if (given !== '' && Number.isInteger(number) && number >= 1 && number <= most) return number;
		throw invalidParameter(
			`${label} of item ${call.itemIndex} is "${String(given).slice(0, 40)}", and not a whole number from 1 to ${most}.`,
			`Correct ${label} in Options; it is counted from 1.`,
		);
	};
	return {
		section: read('section'),
		page: read('page'),
		layer: read('layer'),
		first: Number(options.countFrom ?? 0) === 1 ? 1 : 0,
	};
}

/**
 * A place or size on a page.
 * @param least smallest value that makes sense
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER, which names the field and the item
 */
export function readTwips(value: unknown, label: string, itemIndex: number, least = 0): number {
	const number = typeof value === 'string' && value.trim() === '' ? NaN : Number(value);
	if (Number.isFinite(number) && number >= least && number <= 1_000_000) return number;
	throw invalidParameter(
		`${label} of item ${itemIndex} is "${String(value).slice(0, 40)}", and not a number from ${least} on.`,
		`Give ${label} in twips: 1,440 are an inch, 567 a centimetre.`,
	);
}
