import type { INodeProperties } from 'n8n-workflow';
import { readEndpoint } from '../../../../../nodes/ExactOnline/catalogue/catalogue';
import { FIRST_CLASS } from '../../../../../nodes/ExactOnline/catalogue/firstClass';
import { referenceOf } from '../../../../../nodes/ExactOnline/catalogue/firstClass/references';
import type { ResourceData } from '../../../../../nodes/ExactOnline/catalogue/firstClass/resourceData';
import { FURTHER, lineRows } from '../../../../../nodes/ExactOnline/resources/lines/lineRows';
import { descriptionSize } from '../../../shared/node/support/descriptionSize';

const documents = FIRST_CLASS.filter(({ lines }) => lines !== undefined);

function rowFields(): INodeProperties[] {
	const [group] = lineRows.options ?? [];
	return group !== undefined && 'values' in group ? group.values : [];
}

/** The fields that a row of a resource shows, without those for anything else. */
function fieldsOf(resource: string): INodeProperties[] {
	return rowFields().filter(
		({ name, displayOptions }) =>
			name !== FURTHER && displayOptions?.show?.['/resource']?.includes(resource),
	);
}

/** What n8n has to ask for a field, by the catalogue. */
function wantedType({ endpoint, lines }: ResourceData, name: string): string | undefined {
	const path = readEndpoint(endpoint).fields.get(lines?.field ?? '')?.lines ?? '';
	const field = readEndpoint(path).fields.get(name);
	if (field?.create !== true) return undefined;
	if (referenceOf(field)) return 'resourceLocator';
	return field.type === 'DateTime' ? 'dateTime' : 'string';
}

it('the twelve documents have lines', () => {
	expect(documents.map(({ value }) => value).sort()).toEqual([
		...['bankEntry', 'cashEntry', 'generalJournalEntry', 'goodsDelivery', 'purchaseEntry'],
		...[
			'purchaseInvoice',
			'purchaseOrder',
			'quotation',
			'salesEntry',
			'salesInvoice',
			'salesOrder',
		],
		'subscription',
	]);
});

it.each(documents.map((data) => [data.name, data] as const))(
	'a row of %s has its main fields, at most twelve, by their types',
	(_name, data) => {
		const fields = fieldsOf(data.value);
		expect(fields.map(({ name }) => name).sort()).toEqual([...(data.lines?.main ?? [])].sort());
		expect(fields.length).toBeLessThanOrEqual(12);
		for (const { name, type } of fields)
			expect([name, type]).toEqual([name, wantedType(data, name)]);
	},
);

it('what an invoice line is asked for comes in the order of its data', () => {
	const { lines } = documents.find(({ value }) => value === 'salesInvoice') ?? {};
	expect(fieldsOf('salesInvoice').map(({ name }) => name)).toEqual(lines?.main);
});

it('no field stands twice, so that all documents share one form that weighs little', () => {
	const names = rowFields().map(({ name }) => name);
	expect(new Set(names).size).toBe(names.length);
	expect(descriptionSize(lineRows)).toBeLessThan(12_000);
});
