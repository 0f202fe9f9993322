import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeProperties } from 'n8n-workflow';
import { ExactOnline } from '../../../../nodes/ExactOnline/ExactOnline.node';
import { describeResources } from '../../../../nodes/shared/node/describeResources';
import { resources } from '../../../../nodes/ExactOnline/resources';
import { fieldsShown } from '../../shared/node/support/fieldsShown';
import type { Operation } from '../../../../nodes/ExactOnline/resources/operation';

const { description, methods } = new ExactOnline();

it('offers the resources and their operations', () => {
	const offered = Object.fromEntries(
		resources.map(({ value, operations }) => [value, operations.map(({ name }) => name)]),
	);
	expect(offered).toMatchObject({
		account: ['Create', 'Create or Update', 'Delete', 'Get', 'Get Many', 'Update'],
		authorization: expect.arrayContaining(['Get Status']) as string[],
		division: ['Get', 'Get Many'],
		otherEndpoint: [
			...['Call Function', 'Create', 'Create or Update', 'Delete', 'Get', 'Get Many', 'Update'],
		],
		stockPosition: ['Get Many'],
		salesOrder: expect.arrayContaining(['Print', 'Complete', 'Invoice']) as string[],
		me: ['Get'],
	});
	for (const { operations, defaultOperation } of resources) {
		expect(operations.map(({ value }) => value)).toContain(defaultOperation);
	}
});

it('shows each operation its own fields and no others, in its order', () => {
	for (const { value, operations } of resources) {
		for (const operation of operations) {
			expect(fieldsShown(description.properties, value, operation.value)).toEqual(operation.fields);
		}
	}
});

it('says which rows a function gives without parameters', () => {
	const stock = resources.find(({ value }) => value === 'stockPosition');
	expect(stock?.operations[0]?.description).toBe(
		'Get a list of stock positions; without parameters a row for each item and warehouse',
	);
});

it('keeps the conditions that a field has of its own', () => {
	const operation: Operation = {
		name: 'Do',
		value: 'do',
		action: 'Do it',
		description: 'Do it',
		fields: [
			{
				displayName: 'Limit',
				name: 'limit',
				type: 'number',
				default: 1,
				displayOptions: { show: { returnAll: [false] }, hide: { x: [1] } },
			},
		],
		execute: async () => await Promise.resolve([]),
	};
	const thing = { name: 'Thing', value: 'thing', operations: [operation], defaultOperation: 'do' };
	expect(describeResources([thing], 'thing').at(-1)?.displayOptions).toEqual({
		show: { returnAll: [false], resource: ['thing'], operation: ['do'] },
		hide: { x: [1] },
	});
});

/** A node's properties with those inside collections. */
function deep(properties: readonly INodeProperties[]): INodeProperties[] {
	return properties.flatMap((property) => [
		property,
		...(property.options ?? []).flatMap((option) =>
			'values' in option ? deep(option.values) : 'type' in option ? deep([option]) : [],
		),
	]);
}

const everyField = deep(description.properties);

it('names only list searches that exist, and uses each', () => {
	const wanted = everyField.flatMap(({ modes }) =>
		(modes ?? []).flatMap(({ typeOptions }) => typeOptions?.searchListMethod ?? []),
	);
	expect([...new Set(wanted)].sort()).toEqual(Object.keys(methods.listSearch).sort());
});

it('names only other methods that exist, and uses each', () => {
	const wanted = everyField.flatMap(({ typeOptions }) => [
		...(typeOptions?.loadOptionsMethod ?? '').split(' '),
		...(typeOptions?.resourceMapper?.resourceMapperMethod ?? '').split(' '),
	]);
	const known = [...Object.keys(methods.loadOptions), ...Object.keys(methods.resourceMapping)];
	expect([...new Set(wanted)].filter((name) => name !== '').sort()).toEqual(known.sort());
});

it('says what it does in words', () => {
	const say = (resource: string, operation: string): unknown =>
		Function(
			'$parameter',
			`return (${(description.subtitle ?? '').slice(3, -2)});`,
		)({
			resource,
			operation,
		});
	for (const { name, value, operations } of resources) {
		for (const one of operations) expect(say(value, one.value)).toBe(`${name}: ${one.name}`);
	}
});

it('has its icons, and a codex file with the name of the node', () => {
	const folder = join(__dirname, '../../../../nodes/ExactOnline');
	const { light, dark } = description.icon as { light: string; dark: string };
	for (const icon of [light, dark]) {
		expect(existsSync(join(folder, icon.replace('file:', '')))).toBe(true);
	}
	const codex = JSON.parse(readFileSync(join(folder, 'ExactOnline.node.json'), 'utf8')) as {
		node: string;
	};
	expect(codex.node).toBe(`n8n-nodes-exactonline-docuware.${description.name}`);
	expect(description.usableAsTool).toBe(true);
});
