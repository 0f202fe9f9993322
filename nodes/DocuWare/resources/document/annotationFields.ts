import type { INodeProperties } from 'n8n-workflow';
import { isRecord } from '../../../shared/http';
import { invalidParameter } from '../../api/clientErrors';
import type { OperationCall } from '../operation';
import type { Annotation, Rectangle, Stroke } from './annotations';
import { readTwips } from './pagePlace';

function twipsField(name: string, displayName: string, value: number): INodeProperties {
	return { displayName: `${displayName} (Twips)`, name, type: 'number', default: value };
}

const rectangleFields: INodeProperties[] = [
	twipsField('left', 'Left', 567),
	twipsField('top', 'Top', 567),
	twipsField('width', 'Width', 2835),
	twipsField('height', 'Height', 567),
];

const colorField: INodeProperties = {
	displayName: 'Color Name',
	name: 'colorName',
	type: 'color',
	default: '',
	placeholder: 'e.g. Red',
	description: 'Name of the color; DocuWare chooses if empty',
};

const strokeWidthField = twipsField('strokeWidth', 'Line Width', 20);

function switchField(name: string, displayName: string, value: boolean, what: string) {
	return {
		displayName,
		name,
		type: 'boolean' as const,
		default: value,
		description: `Whether ${what}`,
	};
}

/** What is put on a page: texts, rectangles and lines, in the order of these kinds. */
export const annotationsField: INodeProperties = {
	displayName: 'Annotations',
	name: 'annotations',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add annotation',
	default: {},
	description: 'Places and sizes are in twips: 1,440 are an inch, 567 a centimetre',
	options: [
		{
			displayName: 'Line',
			name: 'line',
			values: [
				switchField('arrow', 'Arrow', false, 'the line ends in an arrow'),
				colorField,
				twipsField('fromX', 'From X', 567),
				twipsField('fromY', 'From Y', 567),
				strokeWidthField,
				twipsField('toX', 'To X', 2835),
				twipsField('toY', 'To Y', 567),
			],
		},
		{
			displayName: 'Rectangle',
			name: 'rectangle',
			values: [
				colorField,
				switchField('ellipse', 'Ellipse', false, 'an ellipse is drawn into the rectangle'),
				switchField('filled', 'Filled', true, 'the inside is filled'),
				...rectangleFields,
				strokeWidthField,
				switchField(
					'transparent',
					'Transparent',
					true,
					'what is below shows, as with a highlighter',
				),
			],
		},
		{
			displayName: 'Text',
			name: 'text',
			values: [
				{
					displayName: 'Text',
					name: 'text',
					type: 'string',
					typeOptions: { rows: 2 },
					default: '',
				},
				switchField('bold', 'Bold', false, 'the text is bold'),
				colorField,
				{ displayName: 'Font', name: 'fontName', type: 'string', default: 'Arial' },
				{
					displayName: 'Font Size (Points)',
					name: 'fontSize',
					type: 'number',
					default: 10,
				},
				switchField('italic', 'Italic', false, 'the text is italic'),
				...rectangleFields,
			],
		},
	],
};

/**
 * What the item puts on the page.
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER, which names row, field and item
 */
export function readAnnotations({ context, itemIndex }: OperationCall): Annotation[] {
	const given: unknown = context.getNodeParameter(annotationsField.name, itemIndex, {});
	const groups = isRecord(given) ? given : {};
	const annotations = [
		...rowsOf(groups.text).map((row, at) => textOf(row, `Text ${at + 1}`, itemIndex)),
		...rowsOf(groups.rectangle).map((row, at) =>
			rectangleOf(row, `Rectangle ${at + 1}`, itemIndex),
		),
		...rowsOf(groups.line).map((row, at) => lineOf(row, `Line ${at + 1}`, itemIndex)),
	];
	if (annotations.length > 0) return annotations;
	throw invalidParameter(
		`Annotations is empty for item ${itemIndex}; nothing was added.`,
		'Add a text, a rectangle or a line.',
	);
}

type Row = Record<string, unknown>;

/** Rows of a kind; an expression may give one alone. */
function rowsOf(value: unknown): Row[] {
	if (Array.isArray(value)) return value.filter(isRecord);
	return isRecord(value) ? [value] : [];
}

function textOf(row: Row, label: string, itemIndex: number): Annotation {
	const text = String(row.text ?? '');
	if (text.trim() === '') {
		throw invalidParameter(
			`${label} of item ${itemIndex} has no text; nothing was added.`,
			'Give it a text, or leave the row out.',
		);
	}
	return {
		kind: 'text',
		text,
		fontName: String(row.fontName ?? '').trim() || 'Arial',
		fontSize: readTwips(row.fontSize ?? 10, `${label} > Font Size`, itemIndex, 1),
		bold: row.bold === true,
		italic: row.italic === true,
		...rectangle(row, label, itemIndex),
		...stroke({ ...row, strokeWidth: undefined }, label, itemIndex),
	};
}

function rectangleOf(row: Row, label: string, itemIndex: number): Annotation {
	return {
		kind: 'rectangle',
		filled: row.filled !== false,
		ellipse: row.ellipse === true,
		...rectangle(row, label, itemIndex),
		...stroke({ ...row, transparent: row.transparent !== false }, label, itemIndex),
	};
}

function lineOf(row: Row, label: string, itemIndex: number): Annotation {
	const read = (name: string, title: string, value: number) =>
		readTwips(row[name] ?? value, `${label} > ${title}`, itemIndex);
	return {
		kind: 'line',
		fromX: read('fromX', 'From X', 567),
		fromY: read('fromY', 'From Y', 567),
		toX: read('toX', 'To X', 2835),
		toY: read('toY', 'To Y', 567),
		arrow: row.arrow === true,
		...stroke(row, label, itemIndex),
	};
}

function rectangle(row: Row, label: string, itemIndex: number): Rectangle {
	const read = (name: string, title: string, value: number, least: number) =>
		readTwips(row[name] ?? value, `${label} > ${title}`, itemIndex, least);
	return {
		left: read('left', 'Left', 567, 0),
		top: read('top', 'Top', 567, 0),
		width: read('width', 'Width', 2835, 1),
		height: read('height', 'Height', 567, 1),
	};
}

function stroke(row: Row, label: string, itemIndex: number): Stroke {
	const color = String(row.colorName ?? '').trim();
	const { strokeWidth, transparent } = row;
	return {
		color: color === '' ? undefined : color,
		transparent: typeof transparent === 'boolean' ? transparent : undefined,
		strokeWidth:
			strokeWidth === undefined
				? undefined
				: readTwips(strokeWidth, `${label} > Line Width`, itemIndex),
	};
}
