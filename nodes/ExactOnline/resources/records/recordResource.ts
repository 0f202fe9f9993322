import { ABILITIES } from '../../catalogue/firstClass/abilities';
import type { ResourceData } from '../../catalogue/firstClass/resourceData';
import { fileOperations } from '../files/fileOperations';
import { lineOperations } from '../lines/lineOperations';
import type { Operation, Resource } from '../operation';
import { recordAction } from './action.operation';
import { createRecord } from './create.operation';
import { deleteRecord } from './delete.operation';
import { functionRows } from './function.operation';
import { getRecord } from './get.operation';
import { getManyRecords } from './getMany.operation';
import { chosenTarget, targetOf, type RecordTarget } from './target';
import { updateRecord } from './update.operation';
import { upsertRecord } from './upsert.operation';

/** Every endpoint of a resource can be read as a list. */
const DEFAULT_OPERATION = 'getAll';

/** An operation by its name among a resource's abilities. */
type Makers = Readonly<Record<string, (target: RecordTarget) => Operation>>;

/** In the order in which they are offered. */
const OPERATIONS: Makers = {
	create: (target) => createRecord(target, canUpdate(target)),
	delete: deleteRecord,
	get: getRecord,
	getMany: (target) =>
		isFunction(target)
			? functionRows(target, { name: 'Get Many', value: DEFAULT_OPERATION })
			: getManyRecords(target),
	update: updateRecord,
	upsert: upsertRecord,
};

function isFunction({ data }: RecordTarget): boolean {
	return data?.endpoint.startsWith('read/') === true;
}

function canUpdate({ data }: RecordTarget): boolean {
	return data === undefined || abilitiesOf(data).includes('update');
}

function abilitiesOf({ value }: ResourceData): string[] {
	return (ABILITIES[value]?.operations ?? '').split(' ');
}

/**
 * A resource made of its data: the operations that its endpoint allows.
 * @param own operations in place of those, by value
 */
export function recordResource(data: ResourceData, own: readonly Operation[] = []): Resource {
	const abilities = abilitiesOf(data);
	const target = targetOf(data);
	const operations = Object.entries(OPERATIONS)
		.filter(([name]) => abilities.includes(name))
		.map(([, make]) => make(target))
		.concat(lineOperations(target, abilities))
		.map((made) => own.find(({ value }) => value === made.value) ?? made);
	return {
		name: data.name,
		value: data.value,
		data,
		endpoint: data.endpoint,
		operations: byName([
			...operations,
			...(data.actions ?? []).map((action) => recordAction(target, action)),
			...fileOperations(target, data),
		]),
		defaultOperation: DEFAULT_OPERATION,
	};
}

/** Every endpoint that has no resource of its own, and those that have. */
export const otherEndpoint: Resource = {
	name: 'Other Endpoint',
	value: 'otherEndpoint',
	operations: byName([
		...Object.values(OPERATIONS).map((make) => make(chosenTarget)),
		functionRows(chosenTarget, { name: 'Call Function', value: 'callFunction' }),
	]),
	defaultOperation: DEFAULT_OPERATION,
};

function byName(operations: readonly Operation[]): Operation[] {
	return [...operations].sort((one, other) => (one.name < other.name ? -1 : 1));
}
