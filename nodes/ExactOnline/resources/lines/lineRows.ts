import type { INodeProperties } from 'n8n-workflow';
import { FINANCE } from '../../catalogue/firstClass/finance';
import { PURCHASE } from '../../catalogue/firstClass/purchase';
import { REFERENCES } from '../../catalogue/firstClass/references';
import { SALES } from '../../catalogue/firstClass/sales';
import { titleOf } from '../../catalogue/words';
import { pairsField } from '../../../shared/node/pairsField';
import { referenceLocator } from '../records/referenceFields';

/** Name of a row in the value of the field. */
export const ROW = 'line';

/** Name of what a row holds beyond its form. */
export const FURTHER = 'further';

/** Main fields of lines that hold a date; a test compares them with the catalogue. */
export const DATE_FIELDS = new Set([
	...['Date', 'DeliveryDate', 'From', 'FromDate', 'ReceiptDate', 'To', 'ToDate'],
]);

const furtherFields = pairsField(
	{
		displayName: 'Further Fields',
		name: FURTHER,
		placeholder: 'Add further field',
		description: "Fields of the line by Exact Online's names, such as Employee; capitals count",
	},
	{ name: 'field', displayName: 'Field' },
);

/**
 * The form of a line, one for all documents: n8n shows of it what lines of the chosen resource have. So it weighs a
 * fifth of a form for each of them.
 */
const rowFields: INodeProperties[] = [
	...mainFields().map(([name, resources]) => ({
		...lineField(name),
		displayOptions: { show: { '/resource': resources } },
	})),
	furtherFields,
];

/** Lines that are entered one by one. */
export const lineRows: INodeProperties = {
	displayName: 'Lines',
	name: 'lineRows',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add line',
	default: {},
	options: [{ name: ROW, displayName: 'Line', values: rowFields }],
};

/** A line by itself. */
export const oneLine: INodeProperties = {
	displayName: 'Line',
	name: 'lineFields',
	type: 'fixedCollection',
	placeholder: 'Enter fields',
	default: {},
	options: [{ name: ROW, displayName: 'Line', values: rowFields }],
};

/**
 * The main fields of all lines and the resources that have them, each after those that stand before it there; the
 * order is that of the documents that are used most, where two want another one.
 */
function mainFields(): Array<[name: string, resources: string[]]> {
	const fields: Array<[string, string[]]> = [];
	for (const { value, lines } of [...SALES, ...PURCHASE, ...FINANCE]) {
		let next = 0;
		for (const name of lines?.main ?? []) {
			let at = fields.findIndex(([known]) => known === name);
			if (at < 0) {
				at = next;
				fields.splice(at, 0, [name, []]);
			}
			fields[at]?.[1].push(value);
			next = at + 1;
		}
	}
	return fields;
}

/** Numbers are texts, since n8n knows no empty number; the engine reads both. */
function lineField(name: string): INodeProperties {
	if (REFERENCES.some(({ fields }) => fields.includes(name))) {
		return { ...referenceLocator(name, false), name };
	}
	const type = DATE_FIELDS.has(name) ? 'dateTime' : 'string';
	return { displayName: titleOf(name), name, type, default: '' };
}
