import type { INodeProperties } from 'n8n-workflow';

/** The fields of one operation, in the order in which they are shown. */
export interface OperationFields {
	resource: string;
	operation: string;
	fields: readonly INodeProperties[];
}

/** One field, and the operations that show it: their values by resource. */
interface Slot {
	key: string;
	field: INodeProperties;
	shownFor: Map<string, Set<string>>;
}

/**
 * The fields of many operations as one list of properties. A field that several operations share is
 * one property, so that the list grows with the distinct fields. Every operation shows exactly its own
 * fields, in its own order: a field that stands elsewhere in another operation is a property of its
 * own there.
 */
export function mergeFields(operations: readonly OperationFields[]): INodeProperties[] {
	const slots: Slot[] = [];
	const all = new Map<string, Set<string>>();
	for (const operation of operations) {
		addOperation(slots, operation);
		const { resource } = operation;
		all.set(resource, (all.get(resource) ?? new Set()).add(operation.operation));
	}
	return slots.flatMap((slot) => propertiesOf(slot, all));
}

/** Walks along the slots: an equal field further down is shared, any other is put in here. */
function addOperation(slots: Slot[], { resource, operation, fields }: OperationFields): void {
	let next = 0;
	for (const field of fields) {
		const key = JSON.stringify(field);
		let at = slots.findIndex((slot, index) => index >= next && slot.key === key);
		if (at < 0) {
			at = next;
			slots.splice(at, 0, { key, field, shownFor: new Map() });
		}
		const { shownFor } = slots[at] as Slot;
		shownFor.set(resource, (shownFor.get(resource) ?? new Set()).add(operation));
		next = at + 1;
	}
}

/**
 * n8n shows a field for every combination of its resources and operations, and values such as `getAll`
 * repeat across resources. So there is one property for each group whose combinations are all wanted or do not
 * exist, grouped the way that takes fewer; and one, without operations, for the resources that show it in all of theirs.
 *
 * @param all operations of each resource
 */
function propertiesOf(
	{ field, shownFor }: Slot,
	all: ReadonlyMap<string, ReadonlySet<string>>,
): INodeProperties[] {
	const always = [...shownFor]
		.filter(
			([resource, operations]) =>
				operations.size > 1 && operations.size === all.get(resource)?.size,
		)
		.map(([resource]) => resource);
	const sometimes = new Map([...shownFor].filter(([resource]) => !always.includes(resource)));
	const whole = always.length === 0 ? [] : [withCondition(field, { resource: always })];
	return [
		...whole,
		...groupsOf(sometimes, all).map((condition) => withCondition(field, condition)),
	];
}

/** A property is shown for each of these resources with each of these operations. */
interface Group {
	resource: string[];
	operation: string[];
}

function groupsOf(
	shownFor: ReadonlyMap<string, ReadonlySet<string>>,
	all: ReadonlyMap<string, ReadonlySet<string>>,
): Group[] {
	const byResource = groupByEqualSets(shownFor).map(({ members, set }) => ({
		resource: members,
		operation: set,
	}));
	const byOperation = groupByEqualSets(transposed(shownFor)).map(({ members, set }) => ({
		resource: set,
		operation: members,
	}));
	const isHarmless = (resource: string, operation: string) =>
		shownFor.get(resource)?.has(operation) === true || all.get(resource)?.has(operation) !== true;
	const one = joined(byResource, isHarmless);
	const other = joined(byOperation, isHarmless);
	return other.length < one.length ? other : one;
}

/** Puts groups together where all combinations are harmless: nobody can choose one that does not exist. */
function joined(
	groups: readonly Group[],
	isHarmless: (resource: string, operation: string) => boolean,
): Group[] {
	const result: Group[] = [];
	for (const group of groups) {
		const unions = result.map((known) => ({
			resource: [...new Set([...known.resource, ...group.resource])],
			operation: [...new Set([...known.operation, ...group.operation])],
		}));
		const at = unions.findIndex(({ resource, operation }) =>
			resource.every((one) => operation.every((other) => isHarmless(one, other))),
		);
		const union = unions[at];
		if (union === undefined) result.push(group);
		else result[at] = union;
	}
	return result;
}

function withCondition(
	field: INodeProperties,
	condition: { resource: string[]; operation?: string[] },
): INodeProperties {
	return {
		...field,
		displayOptions: {
			...field.displayOptions,
			show: { ...field.displayOptions?.show, ...condition },
		},
	};
}

function groupByEqualSets(
	sets: ReadonlyMap<string, ReadonlySet<string>>,
): Array<{ members: string[]; set: string[] }> {
	const groups = new Map<string, { members: string[]; set: string[] }>();
	for (const [member, values] of sets) {
		const key = JSON.stringify([...values].sort());
		const group = groups.get(key);
		if (group) group.members.push(member);
		else groups.set(key, { members: [member], set: [...values] });
	}
	return [...groups.values()];
}

function transposed(sets: ReadonlyMap<string, ReadonlySet<string>>): Map<string, Set<string>> {
	const result = new Map<string, Set<string>>();
	for (const [member, values] of sets) {
		for (const value of values) {
			result.set(value, (result.get(value) ?? new Set()).add(member));
		}
	}
	return result;
}
