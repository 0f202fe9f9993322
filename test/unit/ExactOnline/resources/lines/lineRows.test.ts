import type { INodeProperties } from 'n8n-workflow';
import { readEndpoint } from '../../../../../nodes/ExactOnline/catalogue/catalogue';
import { FIRST_CLASS } from '../../../../../nodes/ExactOnline/catalogue/firstClass';
import { referenceOf } from '../../../../../nodes/ExactOnline/catalogue/firstClass/references';
import type { ResourceData } from '../../../../../nodes/ExactOnline/catalogue/firstClass/resourceData';
import {
	FURTHER,
	KEPT_FIELDS,
	lineRows,
	oneLine,
} from '../../../../../nodes/ExactOnline/resources/lines/lineRows';
import { descriptionSize } from '../../../shared/node/support/descriptionSize';

const documents = FIRST_CLASS.filter(({ lines }) => lines !== undefined);

function rowFields(form = lineRows): INodeProperties[] {
	const [group] = form.options ?? [];
	return group !== undefined && 'values' in group ? group.values : [];
}

/** The fields that a row of a resource shows, without those for anything else. */
function fieldsOf(resource: string): INodeProperties[] {
	return rowFields().filter(
		({ name, displayOptions }) =>
			name !== FURTHER && displayOptions?.show?.['/resource']?.includes(resource),
	);
}

function lineOf({ endpoint, lines }: ResourceData) {
	return readEndpoint(readEndpoint(endpoint).fields.get(lines?.field ?? '')?.lines ?? '');
}

/** What n8n has to ask for a field, by the catalogue. */
function wantedType(data: ResourceData, name: string): string | undefined {
	const field = lineOf(data).fields.get(name);
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

// Red before: a document among the other data files would have got a form without fields.
it.each([
	['masterData', 'MASTER_DATA'],
	['work', 'WORK'],
])('lines of documents in the data of %s have a form too', (file, exported) => {
	const path = `../../../../../nodes/ExactOnline/catalogue/firstClass/${file}`;
	const actual = jest.requireActual<Record<string, ResourceData[]>>(path);
	const lines = { field: 'Lines', header: 'ID', main: ['Quantity'], required: [] };
	const added = { name: 'Probe', value: 'probe', endpoint: 'crm/Accounts', main: [], lines };
	jest.isolateModules(() => {
		jest.doMock(path, () => ({ [exported]: [...(actual[exported] ?? []), added] }));
		const form = '../../../../../nodes/ExactOnline/resources/lines/lineRows';
		const fresh = jest.requireActual<{ lineRows: INodeProperties }>(form);
		const shown = rowFields(fresh.lineRows).filter(({ displayOptions }) =>
			displayOptions?.show?.['/resource']?.includes('probe'),
		);
		expect(shown.map(({ name }) => name)).toEqual(['Quantity']);
	});
	jest.dontMock(path);
});

it('what a line keeps as it was made is offered for a new one alone', () => {
	const kept = documents.flatMap((data) => {
		const { methods, fields } = lineOf(data);
		const names = methods.includes('PUT') ? (data.lines?.main ?? []) : [];
		return names
			.filter((name) => fields.get(name)?.update !== true)
			.map((name) => [name, data.value]);
	});
	expect(kept.sort()).toEqual(
		Object.entries(KEPT_FIELDS)
			.flatMap(([name, values]) => values.map((value) => [name, value]))
			.sort(),
	);
	const shown = (resource: string, operation: string) =>
		rowFields(oneLine)
			.filter(({ displayOptions: { show } = {} }) => {
				const operations = show?.['/operation'];
				const isMeant = operations === undefined || operations.includes(operation);
				return isMeant && show?.['/resource']?.includes(resource) === true;
			})
			.map(({ name }) => name);
	expect(shown('salesInvoice', 'addLine')).toContain('GLAccount');
	expect(shown('salesInvoice', 'changeLine')).not.toContain('GLAccount');
	expect(shown('salesEntry', 'changeLine')).toContain('GLAccount');
});

it('no field stands twice, so that all documents share one form that weighs little', () => {
	const names = rowFields().map(({ name }) => name);
	expect(new Set(names).size).toBe(names.length);
	expect(descriptionSize(lineRows)).toBeLessThan(12_000);
});
