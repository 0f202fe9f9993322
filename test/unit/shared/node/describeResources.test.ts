import fc from 'fast-check';
import { NodeHelpers, type INodeParameters, type INodeProperties } from 'n8n-workflow';
import { describeResources } from '../../../../nodes/shared/node/describeResources';
import type { Operation, Resource } from '../../../../nodes/shared/node/operation';
import { DESCRIPTION_LIMIT, descriptionSize } from './support/descriptionSize';
import { fieldsShown } from './support/fieldsShown';

function operationOf(value: string, fields: INodeProperties[]): Operation<unknown> {
	return {
		name: value,
		value,
		action: value,
		description: value,
		fields,
		execute: async () => await Promise.resolve([]),
	};
}

function resourceOf(value: string, operations: Array<Operation<unknown>>): Resource<unknown> {
	return { name: value, value, operations, defaultOperation: operations[0]?.value ?? '' };
}

const field = (name: string, more: Partial<INodeProperties> = {}): INodeProperties => ({
	displayName: name,
	name,
	type: 'boolean',
	default: false,
	...more,
});

/** Fields of few names, so that equal ones, and different ones of one name, are frequent. */
const fields: fc.Arbitrary<INodeProperties> = fc
	.record({
		name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
		description: fc.constantFrom('one', 'two'),
		displayOptions: fc.constantFrom<INodeProperties['displayOptions']>(
			undefined,
			{ show: { a: [true] } },
			{ hide: { b: [true] } },
			{ show: { b: [false] }, hide: { a: [true] } },
		),
	})
	.map(({ name, description, displayOptions }) =>
		field(name, { description, ...(displayOptions && { displayOptions }) }),
	);

const manyResources: fc.Arbitrary<Array<Resource<unknown>>> = fc
	.uniqueArray(
		fc.record({
			value: fc.constantFrom('account', 'item', 'invoice', 'order', 'journal'),
			operations: fc.uniqueArray(
				fc.record({
					value: fc.constantFrom('create', 'get', 'getAll', 'update'),
					fields: fc.array(fields, { maxLength: 7 }),
				}),
				{ minLength: 1, selector: ({ value }) => value },
			),
		}),
		{ minLength: 1, selector: ({ value }) => value },
	)
	.map((all) =>
		all.map(({ value, operations }) =>
			resourceOf(
				value,
				operations.map((one) => operationOf(one.value, one.fields)),
			),
		),
	);

describe('the fields of many operations', () => {
	it('are shown by n8n as each operation declares them, in its order', () => {
		const values = fc.record({ a: fc.boolean(), b: fc.boolean() });
		fc.assert(
			fc.property(manyResources, values, (resources, given: INodeParameters) => {
				const properties = describeResources(resources, '');
				for (const { value, operations } of resources) {
					for (const operation of operations) {
						const declared = operation.fields.filter((one) =>
							NodeHelpers.displayParameter(given, one, { typeVersion: 1 }, null),
						);
						expect(fieldsShown(properties, value, operation.value, given)).toEqual(declared);
					}
				}
			}),
			{ numRuns: 80 },
		);
	});

	it('are one property where they are equal, for exactly the operations that have them', () => {
		const shared = field('shared');
		const properties = describeResources(
			[
				resourceOf('a', [operationOf('get', [shared]), operationOf('getAll', [shared])]),
				resourceOf('b', [operationOf('get', [shared]), operationOf('getAll', [shared])]),
				resourceOf('c', [operationOf('get', [shared]), operationOf('getAll', [])]),
			],
			'a',
		).filter(({ name }) => name === 'shared');
		expect(properties.map(({ displayOptions }) => displayOptions?.show)).toEqual([
			// Where all operations of a resource show it, none is named.
			{ resource: ['a', 'b'] },
			{ resource: ['c'], operation: ['get'] },
		]);
	});

	it('are grouped by operation where that takes fewer properties', () => {
		const shared = field('shared');
		const get = operationOf('get', [shared]);
		const [x, y, other] = ['x', 'y', 'other'].map((value) => operationOf(value, [])) as [
			Operation<unknown>,
			Operation<unknown>,
			Operation<unknown>,
		];
		const properties = describeResources(
			[
				resourceOf('a', [get, operationOf('x', [shared]), y, other]),
				resourceOf('b', [get, x, operationOf('y', [shared]), other]),
				resourceOf('c', [get, operationOf('x', [shared]), operationOf('y', [shared]), other]),
				resourceOf('d', [get, x, y, other]),
			],
			'a',
		).filter(({ name }) => name === 'shared');
		expect(properties.map(({ displayOptions }) => displayOptions?.show)).toEqual([
			{ resource: ['a', 'b', 'c', 'd'], operation: ['get'] },
			{ resource: ['a', 'c'], operation: ['x'] },
			{ resource: ['b', 'c'], operation: ['y'] },
		]);
	});

	it('are one property where the combinations that nobody wants do not exist', () => {
		const shared = field('shared');
		const [create, upsert] = [operationOf('create', [shared]), operationOf('upsert', [shared])];
		const get = operationOf('get', []);
		const shownFor = (resources: Array<Resource<unknown>>) =>
			describeResources(resources, 'a')
				.filter(({ name }) => name === 'shared')
				.map(({ displayOptions }) => displayOptions?.show);
		expect(
			shownFor([resourceOf('a', [create, get]), resourceOf('b', [create, upsert, get])]),
		).toEqual([{ resource: ['a', 'b'], operation: ['create', 'upsert'] }]);
		const without = operationOf('upsert', []);
		expect(
			shownFor([resourceOf('a', [create, without, get]), resourceOf('b', [create, upsert, get])]),
		).toHaveLength(2);
	});

	it('stay properties of their own where their order or their content differs', () => {
		const [one, two] = [field('one'), field('two')];
		const names = (first: INodeProperties[], second: INodeProperties[]) =>
			describeResources(
				[resourceOf('a', [operationOf('get', first), operationOf('getAll', second)])],
				'a',
			)
				.slice(2)
				.map(({ name }) => name);
		expect(names([one, two], [one, two])).toEqual(['one', 'two']);
		expect(names([one, two], [two, one])).toEqual(['one', 'two', 'one']);
		expect(names([one], [field('one', { default: true })])).toHaveLength(2);
	});
});

describe('the size of a description', () => {
	it('grows with the distinct fields, not with operations times fields', () => {
		const text = 'A sentence that says what the field is good for. '.repeat(4);
		const common = Array.from({ length: 20 }, (_, n) => field(`common${n}`, { description: text }));
		const resources = Array.from({ length: 12 }, (_, r) =>
			resourceOf(
				`resource${r}`,
				['create', 'get', 'getAll', 'update', 'delete'].map((value, o) =>
					operationOf(value, [
						...common.slice(0, 12 + o),
						field(`own${r}${value}`, { description: text }),
						...common.slice(12 + o, 18 + (r % 3)),
					]),
				),
			),
		);
		const declared = resources.flatMap(({ operations }) => operations.flatMap((one) => one.fields));
		const size = descriptionSize(describeResources(resources, ''));
		expect(resources.flatMap(({ operations }) => operations)).toHaveLength(60);
		expect(descriptionSize(declared)).toBeGreaterThan(DESCRIPTION_LIMIT);
		expect(size).toBeLessThan(DESCRIPTION_LIMIT / 2);
	});
});
