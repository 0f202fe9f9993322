import type { INodeProperties } from 'n8n-workflow';
import { FINANCE } from '../../catalogue/firstClass/finance';
import { MASTER_DATA } from '../../catalogue/firstClass/masterData';
import { PURCHASE } from '../../catalogue/firstClass/purchase';
import { isReferenceName } from '../../catalogue/firstClass/references';
import { SALES } from '../../catalogue/firstClass/sales';
import { WORK } from '../../catalogue/firstClass/work';
import { titleOf } from '../../catalogue/words';
import { referenceLocator } from '../records/referenceFields';

/** All resources; the order of line fields is that of the first that has them. */
const IN_ORDER = [...SALES, ...PURCHASE, ...FINANCE, ...MASTER_DATA, ...WORK];

/** Name of a row in the value of the field. */
export const ROW = 'line';

/** Name of what a row holds beyond its form. */
export const FURTHER = 'further';

/** Name of an entry of that. */
export const FURTHER_FIELD = 'field';

/** Main fields of lines that hold a date; a test compares them with the catalogue. */
export const DATE_FIELDS = new Set([
	...['Date', 'DeliveryDate', 'From', 'FromDate', 'ReceiptDate', 'To', 'ToDate'],
]);

/** What most lines say; n8n shows the other fields once they are added. */
const SHOWN_FIRST = new Set([
	...['Item', 'GLAccount', 'Account', 'SalesOrderLineID', 'Description', 'Quantity', 'NetPrice'],
	...['QuantityDelivered', 'QuantityInPurchaseUnits', 'AmountFC', 'VATCode'],
]);

const furtherFields: INodeProperties = {
	displayName: 'Further Fields',
	name: FURTHER,
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add further field',
	default: {},
	options: [
		{
			name: FURTHER_FIELD,
			displayName: 'Field',
			values: [
				{
					displayName: 'Name or ID',
					name: 'name',
					type: 'options',
					typeOptions: { loadOptionsMethod: 'getFurtherLineFields' },
					default: '',
					description:
						'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
				},
				{ displayName: 'Value', name: 'value', type: 'string', default: '' },
			],
		},
	],
};

/** Main fields that a line keeps as it was made, by resource; a test compares them with the catalogue. */
export const KEPT_FIELDS: Readonly<Record<string, readonly string[]>> = {
	Description: ['goodsDelivery'],
	GLAccount: ['salesInvoice'],
	QuantityDelivered: ['goodsDelivery'],
	SalesOrderLineID: ['goodsDelivery'],
};

/** Lines that are entered one by one. */
export const lineRows: INodeProperties = {
	displayName: 'Lines',
	name: 'lineRows',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true, hideOptionalFields: true },
	placeholder: 'Add line',
	default: {},
	options: [{ name: ROW, displayName: 'Line', values: rowFields({}) }],
};

/** A line by itself. */
export const oneLine: INodeProperties = {
	displayName: 'Line',
	name: 'lineFields',
	type: 'fixedCollection',
	typeOptions: { hideOptionalFields: true },
	placeholder: 'Enter fields',
	default: {},
	options: [{ name: ROW, displayName: 'Line', values: rowFields(KEPT_FIELDS) }],
};

/**
 * The form of a line, one for all documents: n8n shows of it what lines of the chosen resource have. So it weighs a
 * fifth of a form for each of them.
 *
 * @param kept fields that are shown for a new line alone
 */
function rowFields(kept: typeof KEPT_FIELDS): INodeProperties[] {
	const fields = mainFields().flatMap(([name, resources]) => {
		const fixed = kept[name] ?? [];
		const free = resources.filter((resource) => !fixed.includes(resource));
		return [
			...(free.length === 0 ? [] : [shownFor(name, { '/resource': free })]),
			...(fixed.length === 0
				? []
				: [shownFor(name, { '/resource': [...fixed], '/operation': ['addLine'] })]),
		];
	});
	return [...fields, furtherFields];
}

function shownFor(name: string, show: Record<string, string[]>): INodeProperties {
	return { ...shownFirst(lineField(name)), displayOptions: { show } };
}

/**
 * The main fields of all lines and the resources that have them, each after those that stand before it there; the
 * order is that of the documents that are used most, where two want another one.
 */
function mainFields(): Array<[name: string, resources: string[]]> {
	const fields: Array<[string, string[]]> = [];
	for (const { value, lines } of IN_ORDER) {
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

function shownFirst(field: INodeProperties): INodeProperties {
	if (!SHOWN_FIRST.has(field.name)) return field;
	return { ...field, typeOptions: { ...field.typeOptions, showEvenWhenOptional: true } };
}

/** Numbers are texts, since n8n knows no empty number; the engine reads both. */
function lineField(name: string): INodeProperties {
	if (isReferenceName(name)) {
		// As the editor stores an empty one, which it shows otherwise, taking it for a value.
		const nothing = { __rl: true, mode: 'list', value: '' };
		return { ...referenceLocator(name, false), name, default: nothing };
	}
	const type = DATE_FIELDS.has(name) ? 'dateTime' : 'string';
	return { displayName: titleOf(name), name, type, default: '' };
}
